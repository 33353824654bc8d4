# SPDX-License-Identifier: Apache-2.0
"""Every check finds what is wrong in faulty kernels, at the right line, and nothing in right ones.

A case is a folder <check>/<case> of three small files:

* `kernel.cpp`: a kernel as people write them. A statement in which something is to be found has the comment
  `// finding: <code>` at its end.
* `arguments.toml`: what it is launched with. `[arrays]` names the arrays in the kernel's order, by `shape`,
  `dtype` and `fill` (a number, `normal`, `uniform`, `arange`, or without one a value that no kernel means),
  or says `"absent"`. `[tiling]` is the tiling structure, member by member. The rest goes to
  `compile_kernel` (`soc`, `entry`, `defines`) and to the launch (`block_dim`, `workspace_bytes`, ...).
* `expected.toml`: what comes of it. Either `[[finding]]`, with its `code`, parts of its text in `says` (the
  tensor, say), its `block` if only one can have it, and `fast = true` if the fast build reports it too. Or
  `[numbers]`, each result as a NumPy expression of the arguments as they were (with the relative
  `tolerance`, if four units in the last place will not do): the kernel is right and must be clean. Or
  `[wrong_numbers]`: no check can know what is wrong, but the result is not what it should be.
"""

import hashlib
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from ascend_bce.simulator import Kernel, Run, _compile, _library, compile_kernel

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

ZOO = Path(__file__).parent
BUILD = ZOO.parents[1] / "build" / "zoo"
COMPILE = ("soc", "entry", "defines")
CODES = {path.name for path in ZOO.iterdir() if path.is_dir() and not path.name.startswith("_")}


@dataclass(frozen=True)
class Case:
    """A folder of the zoo."""

    folder: Path

    def __str__(self) -> str:
        return str(self.folder.relative_to(ZOO))

    @property
    def source(self) -> Path:
        return self.folder / "kernel.cpp"

    @property
    def expected(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "expected.toml").read_text())

    @property
    def arguments(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "arguments.toml").read_text())

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.expected.get("finding", [])

    def arrays(self) -> dict[str, np.ndarray | None]:
        """Make the arguments: the same ones every time."""
        rng = np.random.default_rng(0)
        return {name: make_array(rng, about) for name, about in self.arguments.get("arrays", {}).items()}

    def marks(self) -> set[tuple[str, int]]:
        """Return the codes that the kernel's comments promise, and the lines where the statements begin."""
        lines = self.source.read_text().splitlines()
        promised = set()
        for number, line in enumerate(lines):
            for code in re.findall(r"// finding: ([\w-]+)", line):
                while not re.search(r"([;{}]|//.*)$", lines[number - 1]):
                    number -= 1
                promised.add((code, number + 1))
        return promised

    def compiled(self) -> Kernel:
        options = {key: value for key, value in self.arguments.items() if key in COMPILE}
        return compile_kernel(self.source, **options)


def make_array(rng: np.random.Generator, about: dict[str, Any] | str) -> np.ndarray | None:
    if about == "absent":
        return None
    shape = tuple(about["shape"])
    dtype = np.dtype(ml_dtypes.bfloat16 if about["dtype"] == "bfloat16" else about["dtype"])
    match about.get("fill"):
        case None:
            return np.frombuffer(b"\xff" * int(np.prod(shape)) * dtype.itemsize, dtype).reshape(shape).copy()
        case "normal":
            return rng.normal(size=shape).astype(dtype)
        case "uniform":
            return rng.uniform(size=shape).astype(dtype)
        case "arange":
            return np.arange(np.prod(shape)).reshape(shape).astype(dtype)
        case number:
            return np.full(shape, number, dtype)


def put_side_by_side(arrays: dict[str, np.ndarray | None]) -> dict[str, np.ndarray | None]:
    """Copy arrays into one allocation, each up to 32 bytes behind the one before."""
    starts = {}
    size = 0
    for name, array in arrays.items():
        if array is not None:
            starts[name] = size
            size += (array.nbytes // 32 + 1) * 32
    memory = np.zeros(size + 32, np.uint8)
    memory = memory[-memory.ctypes.data % 32 :]
    placed = dict(arrays)
    for name, start in starts.items():
        array = arrays[name]
        placed[name] = memory[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
        placed[name][...] = array
    return placed


def make_tiling(members: dict[str, dict[str, Any]]) -> bytes:
    """Lay a structure out as C++ does."""
    fields = [(name, *next(iter(member.items()))) for name, member in members.items()]
    layout = np.dtype([(name, dtype) for name, dtype, _ in fields], align=True)
    return np.array(tuple(value for _, _, value in fields), layout).tobytes()


def launch(kernel: Kernel, case: Case, arrays: dict[str, np.ndarray | None], **options: Any) -> Run:
    arguments = case.arguments
    settings = {key: value for key, value in arguments.items() if key not in (*COMPILE, "arrays", "tiling")}
    tiling = make_tiling(arguments["tiling"]) if "tiling" in arguments else b""
    return kernel(*arrays.values(), tiling=tiling, **settings, **options)


def differences(case: Case, arrays: dict[str, np.ndarray | None], expected: dict[str, str]) -> list[str]:
    """Say which results are not what their expressions say."""
    names = {
        name: array if array is None else array.astype(np.float64) for name, array in case.arrays().items()
    }
    wrong = []
    for name, expression in expected.items():
        result = arrays[name]
        right = np.broadcast_to(eval(expression, {"np": np, **names}), result.shape)
        precision = 0 if result.dtype.kind in "iub" else 4 * float(ml_dtypes.finfo(result.dtype).eps)
        tolerance = case.expected.get("tolerance", precision)
        if not np.allclose(result.astype(np.float64), right, rtol=tolerance, atol=precision):
            wrong.append(f"{name} is {result}, and should be {right}")
    return wrong


CASES = sorted((Case(path.parent) for path in ZOO.glob("*/*/kernel.cpp")), key=str)
FAULTY = [case for case in CASES if case.findings]
RIGHT = [case for case in CASES if "numbers" in case.expected]
WRONG = [case for case in CASES if "wrong_numbers" in case.expected]
BUILDS = ("checked", "fast")


@pytest.fixture(scope="session")
def quick_flags() -> str:
    """Flags that compile kernels in half the time: not optimised, and with the header precompiled.

    Those that the environment asks for come with them.
    """
    own = os.environ.get("ASCEND_SIM_KERNEL_FLAGS", "")
    command = [*shlex.split(os.environ.get("CXX", "g++")), *_compile._FLAGS, *shlex.split(own), "-O0"]
    command += [f"-I{_library.home() / 'include'}"]
    text = '#include "kernel_operator.h"\n'
    included = subprocess.run([*command, "-E", "-x", "c++", "-"], input=text.encode(), capture_output=True)
    header = BUILD / hashlib.sha256(included.stdout + own.encode()).hexdigest()[:16] / "kernel.h"
    precompiled = Path(f"{header}.gch")
    precompiled.mkdir(parents=True, exist_ok=True)
    header.write_text(text)
    for build, options in (("fast", []), ("checked", ["-DASCEND_SIM_CHECKED"])):
        if not (precompiled / build).exists():
            aside = precompiled.parent / f"{build}{os.getpid()}"
            subprocess.run(
                [*command, *options, "-x", "c++-header", str(header), "-o", str(aside)], check=True
            )
            aside.replace(precompiled / build)
    return f"-O0 {own} -include {header}"


@pytest.fixture(autouse=True)
def _compile_quickly(monkeypatch: pytest.MonkeyPatch, quick_flags: str) -> None:
    monkeypatch.setenv("ASCEND_SIM_KERNEL_FLAGS", quick_flags)


@pytest.mark.parametrize("schedule", ["program", "adversarial"])
@pytest.mark.parametrize("case", FAULTY, ids=str)
def test_fault_is_found(case: Case, schedule: str) -> None:
    findings = launch(case.compiled(), case, case.arrays(), schedule=schedule).findings
    assert {(finding.code, finding.line) for finding in findings} == case.marks()
    assert {finding.code for finding in findings} == {expected["code"] for expected in case.findings}
    for expected in case.findings:
        first = next(finding for finding in findings if finding.code == expected["code"])
        for part in expected.get("says", []):
            assert part in first.text
        assert first.block == expected.get("block", first.block)
    for finding in findings:
        assert finding.file == str(case.source)
        # As a reader sees it: kernel, block (there is none before the launch), place and the line itself.
        source = case.source.read_text().splitlines()[finding.line - 1].split("//")[0].strip()
        block = "" if finding.code == "bisheng-rejects" else f", block {finding.block}"
        assert f"in kernel {finding.kernel}{block}, at {case.source}:{finding.line}" in finding.text
        assert source in finding.text


@pytest.mark.parametrize("case", FAULTY, ids=str)
def test_findings_do_not_depend_on_where_arrays_lie(case: Case) -> None:
    arrays = put_side_by_side(case.arrays())
    findings = launch(case.compiled(), case, arrays, schedule="adversarial").findings
    assert {(finding.code, finding.line) for finding in findings} == case.marks()


@pytest.mark.parametrize(
    "case", [case for case in FAULTY if any("fast" in finding for finding in case.findings)], ids=str
)
def test_fast_build_refuses_what_would_break_the_host(case: Case) -> None:
    findings = launch(case.compiled(), case, case.arrays(), checks="none").findings
    assert {finding.code for finding in findings} == {expected["code"] for expected in case.findings}
    for part in case.findings[0].get("says", []):
        assert part in findings[0].text


@pytest.mark.parametrize("case", RIGHT, ids=str)
@pytest.mark.parametrize("checks", ["all", "none"])
def test_right_kernel_is_clean(case: Case, checks: str) -> None:
    arrays = case.arrays()
    assert launch(case.compiled(), case, arrays, checks=checks).findings == []
    assert differences(case, arrays, case.expected["numbers"]) == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("case", RIGHT, ids=str)
def test_right_kernel_is_right_in_every_schedule(case: Case, seed: int) -> None:
    arrays = case.arrays()
    assert launch(case.compiled(), case, arrays, schedule="adversarial", seed=seed).findings == []
    assert differences(case, arrays, case.expected["numbers"]) == []


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_only_the_numbers_are_wrong(case: Case) -> None:
    arrays = case.arrays()
    assert launch(case.compiled(), case, arrays).findings == []
    assert differences(case, arrays, case.expected["wrong_numbers"]) != []


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_check_has_its_cases(code: str) -> None:
    cases = [case for case in CASES if case.folder.parent.name == code]
    firing = [case for case in cases if case in FAULTY or case in WRONG]
    assert len(firing) >= 2
    assert any(case in RIGHT for case in cases)
    assert all(code in {expected["code"] for expected in case.findings} for case in cases if case in FAULTY)
