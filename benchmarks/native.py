# SPDX-License-Identifier: Apache-2.0
"""Builds the programs here; runs native_calls, the calls without Python, on the clock or under callgrind."""

import os
import re
import shlex
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median_low
from typing import NamedTuple

from ascend_bce import _aclnn

_PROFILES = _aclnn.PACKAGE / "simulator" / "platform_config"
# The machine that instructions are counted for, whichever counts them: tiles, and with them the count, depend
# on the unified buffer, and a second core would be a second thread.
_COUNTED_MACHINE = {
    "ai_core_cnt": "1",
    "vector_core_cnt": "1",
    "l2_size": "1048576",
    "ub_size": "262144",
}
COUNTED_ISA = "avx2"  # valgrind knows no AVX-512


class Parts(NamedTuple):
    """What a call takes, in nanoseconds or in instructions."""

    tensors: float  # aclCreateTensor, aclDestroyTensor
    phase1: float  # aclnn...GetWorkspaceSize, with the tiling
    phase2: float  # aclnn..., with the kernel


class Counts(NamedTuple):
    """Instructions of a call.

    Attributes:
        call: All of it.
        phase1: aclnn...GetWorkspaceSize, of which ...
        tiling: ... so many are the tiling function.
        phase2: aclnn..., of which ...
        kernel: ... so many are the kernel.
    """

    call: int
    phase1: int
    tiling: int
    phase2: int
    kernel: int


@contextmanager
def driver(source: str = "native_calls.cpp") -> Iterator[Path]:
    """Build the program against the installed package, and delete it in the end."""
    headers = (
        _aclnn.PACKAGE / "simulator",
        _aclnn.PACKAGE / "simulator" / "include",
        _aclnn.PACKAGE / "simulator" / "include" / "aclnn",
        _aclnn.OPERATORS.parents[1] / "include",
    )
    libraries = (_aclnn.OPERATORS, _aclnn.SIMULATOR)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / Path(source).stem
        subprocess.run(
            [
                *shlex.split(os.environ.get("CXX", "g++")), "-std=c++17", "-O2",
                *(f"-I{path}" for path in headers), Path(__file__).parent / source,
                *libraries, *(f"-Wl,-rpath,{path.parent}" for path in libraries), "-o", program,
            ],
            check=True,
        )  # fmt: skip
        yield program


def time_calls(program: Path, cases: Sequence[str]) -> dict[str, list[Parts]]:
    """Return the nanoseconds of many calls of each case, in one thread."""
    output = subprocess.run(
        [program, "time", *cases],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    times = defaultdict(list)
    for line in output.splitlines():
        case, *parts = line.split()
        times[case].append(Parts(*map(float, parts)))
    return times


def count_calls(program: Path, cases: Sequence[str]) -> dict[str, Counts]:
    """Return the instructions of a typical call of each case, as callgrind counts them."""
    with tempfile.TemporaryDirectory() as folder:
        profile = (_PROFILES / "Host.ini").read_text()
        for key, value in _COUNTED_MACHINE.items():
            profile = re.sub(rf"^{key}=auto$", f"{key}={value}", profile, flags=re.MULTILINE)
        (Path(folder) / "Host.ini").write_text(profile)
        output = Path(folder) / "callgrind"
        environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "OMP_NUM_THREADS": "1",
            "ASCEND_SIM_ISA": COUNTED_ISA,
            "ASCEND_SIM_PLATFORM_CONFIG": folder,
        }
        # Counts in MeasuredCall alone, and writes a file after each.
        subprocess.run(
            [
                "valgrind", "--quiet", "--tool=callgrind", "--toggle-collect=MeasuredCall",
                "--dump-after=MeasuredCall", f"--callgrind-out-file={output}", program, "count", *cases,
            ],
            env=environment,
            check=True,
        )  # fmt: skip
        files = sorted(output.parent.glob("callgrind.*"), key=lambda file: int(file.suffix[1:]))
        return _typical([_read(file.read_text()) for file in files], cases)


def _typical(counts: Sequence[Counts], cases: Sequence[str]) -> dict[str, Counts]:
    """Return the median call of each case.

    One call in many meets a heap that has to be tidied, depending on the lengths of paths among other things.
    """
    calls = len(counts) // len(cases)
    return {case: median_low(counts[i * calls : (i + 1) * calls]) for i, case in enumerate(cases)}


def _read(text: str) -> Counts:
    """Sum up one of callgrind's files.

    A line `calls=` says how often the function `fn=` of the object `ob=` called `cfn=` of `cob=`, and the
    next line ends in what these calls took, with all that they called in turn.
    """
    counts: dict[str, int] = defaultdict(int)
    names: dict[str, str] = {}
    current = {}
    lines = iter(text.splitlines())
    for line in lines:
        if match := re.match(r"(c?ob|c?fn)=\((\d+)\)(?: (.*))?$", line):
            what, number, name = match.groups()
            kind = what[-2:]
            if name is not None:
                names[kind + number] = name
            current[what] = names[kind + number]
            if what == "fn":
                current.pop("cob", None)
        elif line.startswith("calls="):
            taken = int(next(lines).split()[-1])
            part = _part(current["cfn"], current["ob"], current.get("cob", current["ob"]))
            counts[part] += taken
            current.pop("cob", None)  # absent means the caller's
        elif line.startswith("totals:"):
            counts["call"] = int(line.split()[1])
    return Counts(**{field: counts[field] for field in Counts._fields})


def _part(function: str, caller: str, called: str) -> str:
    if function.startswith("MeasuredPhase"):
        return f"phase{function[len('MeasuredPhase')]}"
    if caller != called and "/op_tiling/" in called:
        return "tiling"
    if caller != called and "/kernel/simulator/" in called:
        return "kernel"
    return ""
