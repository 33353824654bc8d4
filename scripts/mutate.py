# SPDX-License-Identifier: Apache-2.0
"""Alters our kernels in one place at a time, and counts what the simulator's checks or the numbers notice.

    python scripts/mutate.py            # all mutants; goes on where it was stopped
    python scripts/mutate.py -j2 --only tile_io.h

A mutant drops a statement, changes an integer by 1 or by 8 (an offset, a length, a mask, a stride) or to 0,
turns a condition round, or lets a queue hand tensors over without making one pipe wait for the other. All of
them are woven into one build of the kernels (scripts/mutation/), which is then run on small nasty cases, each
under all checks in program order and in adversarial schedules, until one notices. docs/simulator/mutation.md
tells more, and the last result.

Needs a built simulator ($ASCEND_SIM_HOME, or the installed one). Mutants that no test can tell from the
original are listed in scripts/mutation/equivalent.toml with the reason; others that survive make it fail.
"""

import argparse
import configparser
import contextlib
import functools
import hashlib
import json
import math
import mmap
import os
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "mutation"
RESULTS = ROOT / "build" / "mutation-results.jsonl"
sys.path += [str(ROOT / "python"), str(ROOT / "tests" / "support"), str(ROOT / "scripts" / "mutation")]

from weave import Place, Weaver  # noqa: E402

from ascend_bce import _aclnn  # noqa: E402
from ascend_bce.simulator import Kernel, _library, compile_kernel  # noqa: E402
from cases import LOGITS, PROBABILITIES, Arguments, Case, _special  # noqa: E402

# As enum Alteration and enum Kind in mutation.h.
DROP, PLUS_ONE, MINUS_ONE, PLUS_BLOCK, ZERO, NEGATE, HAND_OVER = range(7)
NAMES = ("dropped", "+ 1", "- 1", "+ 8", "0", "negated", "handed over without waiting")
NOT_REACHED, STATEMENT, INTEGER, NOT_ZERO, BOOLEAN, OTHER, QUEUE = range(7)
HEADER_BYTES = 9  # of a table: place, alteration, changed

# Constants made smaller, so that small cases come to the second batch of everything.
SMALLER = {
    "op_kernel/binary_cross_entropy_tiling_data.h": {"BCE_PARTIAL_SUMS": 1024, "BCE_SUMS_PER_WRITE": 24},
    "op_host/binary_cross_entropy_tiling.cpp": {"BYTES_PER_CORE_START": 1024},
}
SOC = {"vector_core_cnt": "3", "l2_size": str(256 * 1024)}
UB = 168  # KB
# In the order in which they are tried. Program order is the quickest and finds the most.
SCHEDULES = (("program", 0), ("adversarial", 0), ("adversarial", 1), ("adversarial", 2))
CPU_SECONDS = 10  # that one run of a mutant may take; the slowest takes a second
WAITING_SECONDS = 600  # that a mutant may take in all, should it wait for something that does not come


class Mutant(NamedTuple):
    """A place and what becomes of it."""

    number: int
    place: Place
    occurrence: int  # of that text in that statement of the file
    alteration: int

    @property
    def key(self) -> str:
        """Return what it is known by: source text, not line numbers."""
        place = self.place
        which = f" ({self.occurrence})" if self.occurrence > 1 else ""
        return f"{place.file}: {place.statement}: {place.text}{which}: {NAMES[self.alteration]}"

    @property
    def function(self) -> str:
        """Return a digest of the function it is in: while that is the same, so is what was noticed."""
        return hashlib.sha256(self.place.function.encode()).hexdigest()[:16]


class Run(NamedTuple):
    """A case, and how the simulator orders what its kernels do."""

    case: Any
    schedule: str
    seed: int

    @property
    def name(self) -> str:
        """Return what it is known by."""
        return f"{type(self.case).__name__} {self.case}, {self.schedule} {self.seed}"


class Result(NamedTuple):
    """What became of a mutant."""

    mutant: str
    function: str
    noticed: str  # empty: it survived
    changed: bool  # whether it made any difference to a value
    runs: list[str]  # that it survived, if it was never noticed


class Extreme(Case):
    """Values that take the way of limits, in the lanes that `values` names."""

    def arguments(self) -> Arguments:
        """Make the arguments."""
        arguments = super().arguments()
        x, t = arguments.input.reshape(-1), arguments.target.reshape(-1)
        if self.values == "last lane of a tile":
            x[1535::1536], t[1535::1536] = np.inf, 1
        elif self.values == "last losses negative":
            x[-2:], t[-2:] = (np.inf, 3), (1, 3.5)
        elif self.values == "infinities without loss":
            where = [0, 1, 4095, 4096, 8191, -2, -1]
            x[where], t[where] = np.inf, 1
        elif self.values == "infinities before a loss":
            x[[0, 4096, 8192]], t[[0, 4096, 8192]] = np.inf, 1
            x[-1], t[-1] = 80, 0
        elif self.values.startswith("last lane"):
            x[-1], t[-1] = {
                "last lane without loss": (np.inf, 1),
                "last lane with loss": (np.inf, 0),
                "last lane negative": (-np.inf, 0),
                "last lane NaN": (np.nan, 0.5),
                "last lane beyond the largest": (-3e38, 1),
            }[self.values]
        else:  # each alone in its tile, so that they do not hide one another
            last, target, weight = {
                "product of 0": (-3e38, 1, 0),
                "product beyond": (-3e38, 1, 0.5),
                "negative product beyond": (3e38, 3.5, 0.5),
            }[self.values]
            x[[0, 8192, -1]], t[[0, 8192, -1]] = (np.inf, np.inf, last), (1, 1, target)
            arguments.pos_weight.reshape(-1)[-1] = 10
            arguments.weight.reshape(-1)[-1] = weight
        return arguments


class Product(Extreme):
    """Losses beyond the largest float, times a weight, beside an infinity without loss."""

    gradients = ()  # 0 times such a loss is no number there


class Small(Case):
    """Logits near 0: their loss is so small that a half type shows what one lane adds to the mean."""

    def arguments(self) -> Arguments:
        """Make the arguments."""
        arguments = super().arguments()
        return arguments._replace(input=arguments.input / 128)


class LastLogarithm(Case):
    """All of the loss in the last logarithm of a sum, of equal elements, whose errors do not cancel out."""

    gradients = ()

    def arguments(self) -> Arguments:
        """Make the arguments."""
        arguments = super().arguments()
        arguments.input[:], arguments.target[:] = 100, 1
        arguments.input[63::64] = 0.379  # 1 + the product is rounded by almost half a unit
        return arguments


class Tight(Case):
    """Tiles as short as they can be, so that what reads behind one leaves the buffer."""

    ub = 54
    gradients = ()  # they would need more UB


class TightExtreme(Extreme):
    """Tiles as short as they can be, 1536 elements, without a reduction."""

    ub = 70
    gradients = ()


class Columns(Case):
    """One incoming gradient for each column, too many of them to stay in UB."""

    def scale(self, dtype: np.dtype) -> np.ndarray:
        """Make the incoming gradient."""
        row = np.resize([1.0, 2.0, 4.0], self.shape[1:]).astype(dtype)
        return np.broadcast_to(row, self.shape)


class Long(Case):
    """So many chunks that their sums take two tiles, if these are short: the same bits as in one."""

    ub = 60
    gradients = ()
    concerns = r"sums_\.Total"  # it takes seconds


class Total(NamedTuple):
    """The last reduction alone, which more elements would need than a case can have."""

    count: int  # of sums of chunks

    def __str__(self) -> str:
        """Name the case."""
        return f"total of {self.count}"

    def run(self) -> None:
        """Sum, and compare the sum with float64, its bits with those of longer tiles."""
        values = np.random.default_rng(self.count).uniform(1, 2, self.count).astype(np.float32)
        exact = values.sum(dtype=np.float64)
        size = count = self.count
        while count > 1:
            count = -(-count // 4096)
            size += count
        totals = []
        for tile_length in 1536, 4096:
            sums, total = np.full(size, np.nan, np.float32), np.zeros(1, np.float32)
            sums[: self.count] = values
            _run_part("total", sums, total, self.count, tile_length)
            totals.append(total[0])
        assert totals[0] == totals[1], totals
        assert abs(totals[0] - exact) <= 2 * np.spacing(np.float32(exact)), (totals[0], exact)


class Nan(NamedTuple):
    """The search for NaN alone: one in every lane, and none."""

    count: int

    def __str__(self) -> str:
        """Name the case."""
        return f"NaN among {self.count}"

    def run(self) -> None:
        """Search."""
        values = np.zeros((self.count + 1, self.count), np.float32)
        np.fill_diagonal(values, np.nan)
        found = np.zeros(self.count + 1, np.float32)
        _run_part("have_nan", values, found, *values.shape)
        np.testing.assert_array_equal(found, [1] * self.count + [0])


def _run_part(name: str, *arguments: Any) -> None:
    schedule, seed = os.environ["ASCEND_SIM_SCHEDULE"], int(os.environ["ASCEND_SIM_SEED"])
    run = _part(name)(*arguments, outputs=["out"], schedule=schedule, seed=seed)
    if run.findings:
        raise _aclnn.AclnnError(name, 0, run.report())


@functools.cache
def _part(name: str) -> Kernel:
    return compile_kernel(
        ROOT / "scripts" / "mutation" / "reductions.cpp",
        name,
        include_dirs=[BUILD / "source" / "op_kernel"],
        soc=f"Mutation{UB}",
        flags=["-O1", "-Wno-narrowing"],
    )


class Rows(Case):
    """More rows in a tile than an instruction has repeats."""

    ub = 192


def cases() -> list[Any]:
    """Return what the mutants run on: tails, several tiles and blocks, broadcasts, reductions, half types."""
    single, half, mixed = ("float32",) * 3, ("float16",) * 3, ("bfloat16", "float32", "float32")
    brain = ("bfloat16",) * 3  # float16 has no loss and gradient in one
    table: list[Any] = []
    for loss in LOGITS, PROBABILITIES:

        def add(values, types, shape, weight, pos_weight, reduction, loss=loss):
            pos_weight = pos_weight if loss == LOGITS else None
            table.append(Case(loss, values, *types, shape, weight, pos_weight, reduction))

        add("typical", single, (3, 4099), None, None, "none")
        add("typical", half, (13001,), None, None, "mean")  # the sum is more than a float16 holds
        add("typical", single, (8000,), None, None, "sum")  # two blocks
        add("typical", single, (2, 4099), (2, 4099), (2, 4099), "none")
        add("typical", single, (4097,), None, None, "sum")  # one element in the last chunk
        add("typical", half, (37, 333), (37, 1), (333,), "none")
        add("typical", mixed, (5, 2500), (2500,), (5, 1), "mean")
        add("typical", single, (4, 3, 1100), (4, 1, 1100), (3, 1), "none")
        add("typical", single, (2, 3, 5, 7), (1, 3, 1, 1), (7,), "mean")
        add("typical", half, (9,), (9,), (1,), "none")
        add("typical", brain, (9,), None, None, "mean")
        add("typical", mixed, (0,), None, None, "sum")
        # One weight for each row, of one block, and of several columns of blocks.
        add("typical", single, (901, 8), (901, 1), (901, 1), "none")
        add("typical", mixed, (333, 24), (333, 1), (333, 1), "mean")
        add("typical", half, (60, 200), (60, 1), (60, 1), "none")
        add("typical", single, (50, 128), (50, 1), None, "none")
        add("typical", single, (7, 2040), (7, 1), None, "none")
        add("typical", single, (3, 400, 16), (400, 1), (400, 1), "sum")
        table.append(Rows(loss, "typical", *single, (3, 400, 16), (400, 1), None, "sum"))
        # One for each of rows that are no blocks, of which a tile may end after one element; for long rows.
        add("typical", mixed, (2003, 3), (2003, 1), None, "none")
        add("typical", single, (3, 2, 4, 1501), (3, 1, 4, 1), None, "none")
        add("typical", single, (2, 2, 7001), (2, 1, 7001), None, "none")  # tiles in one row of several
        add(
            "typical", single, (2, 11263), (11263,), None, "none"
        )  # a tile ends one element into the next row
        # One weight for everything.
        add("typical", half, (5003,), (1,), None, "mean")
        add("typical", brain, (13001,), None, None, "mean")
        add("typical", brain, (9003,), (1,), None, "sum")
        add("typical", brain, (60, 200), (60, 1), (60, 1), "mean")
        add("typical", mixed, (5003,), (), (1,), "sum")
        shape = _special(loss, "float32")[0].shape
        add("special", single, shape, (1,), None, "none")
        add("special", single, shape, (1,), (1,), "none")
        add("special", half, shape, None, None, "none")
        if loss == LOGITS:
            table.extend(
                Extreme(loss, values, *types, (3, 4105), weight, pos_weight, reduction)
                for values, types, weight, pos_weight, reduction in (
                    ("infinities without loss", single, None, None, "none"),
                    ("infinities without loss", single, (3, 1), (4105,), "none"),
                    ("infinities without loss", single, None, None, "sum"),
                    ("infinities without loss", mixed, (1,), (3, 1), "mean"),
                    ("last lane without loss", single, None, None, "sum"),
                    ("last lane without loss", single, (3, 1), (4105,), "mean"),
                    ("last lane with loss", single, None, None, "none"),
                    ("last lane with loss", single, (1,), None, "none"),
                    ("last lane negative", single, None, None, "none"),
                    ("last losses negative", single, None, None, "none"),
                    ("infinities before a loss", single, None, None, "sum"),
                    ("last lane NaN", single, (3, 1), (1,), "none"),
                    ("last lane beyond the largest", single, None, (1,), "none"),
                    ("infinities without loss", half, None, None, "none"),
                    ("infinities without loss", half, None, None, "mean"),
                    ("last lane without loss", half, None, None, "sum"),
                    ("infinities without loss", brain, None, None, "mean"),
                    ("last lane with loss", brain, None, None, "mean"),
                )
            )
            table.extend(
                Product(loss, values, *types, (3, 4105), weight, pos_weight, "none")
                for values, types, weight, pos_weight in (
                    ("product of 0", single, (4105,), (4105,)),
                    ("product of 0", mixed, (3, 4105), (1,)),
                    ("product beyond", single, (4105,), (4105,)),
                    ("negative product beyond", single, (4105,), (4105,)),
                )
            )
            table.append(Small(loss, "small", *half, (1537,), None, None, "mean"))
            table.append(Small(loss, "small", *brain, (9,), (1,), None, "mean"))
            table.append(LastLogarithm(loss, "equal", *single, (512,), None, None, "sum"))
            table.append(Tight(loss, "typical", *half, (13001,), None, None, "mean"))
            table.append(TightExtreme(loss, "last lane of a tile", *single, (3072,), None, None, "none"))
            table.append(Columns(loss, "typical", *half, (3, 6007), None, None, "none"))
            table.append(Long(loss, "typical", *mixed, (9_000_001,), None, None, "sum"))
            add("typical", mixed, (90001,), None, None, "sum")  # two tiles for each core that scales
        add("typical", single, (310007,), None, None, "mean")
    table += [Nan(count) for count in (1, 9, 64, 65, 81, 129, 145)]
    # One, neighbours, whole chunks and one more, and more than fit a batch of sums.
    return table + [Total(count) for count in (1, 9, 4096, 4097, 10_000, 24 * 4096, 24 * 4096 + 1, 120_001)]


def run_case(case: Any) -> None:
    """Compute a case's loss and gradients and compare them with float64; raises what is wrong."""
    from ascend_bce.numpy import binary_cross_entropy, binary_cross_entropy_with_logits

    if isinstance(case, Total | Nan):
        case.run()
        return
    (input, target, weight, pos_weight), loss, *expected_gradients = _arguments_and_expected(case, type(case))
    gradients = _gradients(case)
    options = {"reduction": case.reduction, "return_gradients": list(gradients) or None}
    scale = np.ones((), target.dtype)
    # A gradient of its own for each element, or another than 1 for all, where that does not overflow.
    if case.values == "typical" and case.loss == LOGITS:
        scale = np.resize([1.0, 2.0, 4.0], case.shape) if case.reduction == "none" else np.array(2.0)
        scale = scale.astype(target.dtype)
    if isinstance(case, Columns):
        scale = case.scale(target.dtype)
    if case.loss == LOGITS and case.reduction != "none" and case.dtype != "float16" and gradients:
        _run_fused(case)
    if case.loss == LOGITS:
        result = binary_cross_entropy_with_logits(
            input, target, weight, pos_weight, grad_output=scale, **options
        )
    else:
        result = binary_cross_entropy(input, target, weight, grad_output=scale, **options)
    with np.errstate(all="ignore"):
        loss.check(result.loss if gradients else result)
        for expected, gradient in zip(expected_gradients, result[1:3] if gradients else (), strict=True):
            expected.check(gradient.astype(np.float64) / scale.astype(np.float64))
    if isinstance(case, Long):
        os.environ["ASCEND_SIM_SOC"] = f"Mutation{UB}"
        assert binary_cross_entropy_with_logits(input, target, reduction=case.reduction) == result


@functools.cache
def _arguments_and_expected(case: Any, kind: type) -> tuple:  # by kind, too: tuples of any are equal
    with np.errstate(all="ignore"):
        if not _gradients(case):
            return case.arguments(), case.expected_loss()
        gradients = case.expected_input_gradient(), case.expected_target_gradient()
        return case.arguments(), case.expected_loss(), *gradients


def _gradients(case: Any) -> tuple[str, ...]:
    return getattr(case, "gradients", ("input", "target"))


def _run_fused(case: Any) -> None:
    """Compute loss and gradient in one pass, and the gradient for a doubled loss."""
    from ascend_bce.numpy import _operand

    def call(name: str, inputs: tuple, attributes: tuple[int, ...], outputs: tuple) -> None:
        operands = [None if array is None else _operand(array) for array in inputs]
        _aclnn.call_on_host("mutate", name, operands, attributes, [_operand(array) for array in outputs])

    arguments, expected_loss, expected_gradient, _ = _arguments_and_expected(case, type(case))
    loss = np.empty((), arguments.target.dtype)
    gradient = np.empty_like(arguments.input)
    reduction = ("none", "mean", "sum").index(case.reduction)
    call("aclnnBinaryCrossEntropyWithLogitsLossAndGradient", arguments, (reduction,), (loss, gradient))
    doubled = gradient.copy()
    call("aclnnBinaryCrossEntropyScaleGradient", (np.full((), 2, loss.dtype),), (), (doubled,))
    with np.errstate(all="ignore"):
        expected_loss.check(loss)
        expected_gradient.check(gradient)
        np.testing.assert_array_equal(doubled, gradient + gradient)


# --- building


def build() -> list[Place]:
    """Weave the kernels and build them, unless that is done already; return the places."""
    woven = BUILD / "woven"
    shutil.rmtree(woven, ignore_errors=True)
    places = _weave(woven)
    sources = [*sorted(path for path in woven.rglob("*") if path.is_file()), _simulator()]
    types = repr(sorted(_built_types()))
    digest = hashlib.sha256(types.encode() + b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = BUILD / "stamp"
    if not stamp.exists() or stamp.read_text() != digest:
        for folder in "source", "build":
            shutil.rmtree(BUILD / folder, ignore_errors=True)
        shutil.copytree(woven, BUILD / "source")
        _compile()
        stamp.write_text(digest)
    _write_profiles()
    return places


def _simulator() -> Path:
    return _library.home() / "lib" / "libascend_simulator.so"


def _weave(source: Path) -> list[Place]:
    for folder in ("op_host", "op_kernel"):
        shutil.copytree(ROOT / folder, source / folder)
    for name, constants in SMALLER.items():
        text = (source / name).read_text()
        for constant, value in constants.items():
            text, count = re.subn(rf"(constexpr \w+ {constant} = )[^;]+;", rf"\g<1>{value};", text)
            assert count == 1, f"{name} does not define {constant}; mend SMALLER"
        (source / name).write_text(text)
    weaver = Weaver()
    for path in sorted((source / "op_kernel").glob("*.*")):
        if path.suffix in (".h", ".cpp") and not path.name.endswith("_tiling_data.h"):
            path.write_text(weaver.weave(path))
    shutil.copy(ROOT / "scripts" / "mutation" / "mutation.h", source / "op_kernel")
    top = (ROOT / "CMakeLists.txt").read_text()
    (source / "CMakeLists.txt").write_text(re.sub(r"add_subdirectory\(python[^)]*\)", "", top))
    kernels = source / "op_kernel" / "CMakeLists.txt"
    options = "npu_op_kernel_options(ascendc_kernels ALL OPTIONS -O1 -Wno-narrowing)\n"
    kernels.write_text(options + kernels.read_text())
    return weaver.places


def _compile() -> None:
    """Build the host's part, and the checked kernels of the types that cases have."""
    folder = BUILD / "build"

    def tool(name: str) -> str:
        return str(Path(sys.executable).parent / name)

    command = [tool("cmake"), "-S", BUILD / "source", "-B", folder, "-G", "Ninja", "-DCMAKE_CXX_FLAGS=-O1"]
    command += [f"-DCMAKE_MAKE_PROGRAM={tool('ninja')}", f"-DCMAKE_PREFIX_PATH={_library.home() / 'cmake'}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    infos = configparser.ConfigParser()
    infos.read(folder / "ascend_bce" / "ops-info.ini")
    wanted = _built_types()
    targets = [f"ascend_bce_{name}" for name in ("cust_opapi", "cust_opmaster_rt2.0", "cust_opsproto_rt2.0")]
    for name in infos.sections():
        info = infos[name]
        types = {info[f"{key}.name"]: info[f"{key}.dtype"].split(",") for key in _tensors(info)}
        pairs = zip(types["self"], types["target"], strict=True) if "self" in types else ()
        built = [column for column, pair in enumerate(pairs) if pair in wanted]
        for column in built or range(len(next(iter(types.values())))):
            targets.append(f"ascend_bce_{info['opFile.value']}_{column}_checked")
    subprocess.run([tool("ninja"), "-C", folder, "-j2", *targets], check=True)


def _write_profiles() -> None:
    profiles = BUILD / "platform_config"
    shutil.rmtree(profiles, ignore_errors=True)
    shutil.copytree(_library.home() / "platform_config", profiles)
    for ub in {_ub(case) for case in cases()}:
        profile = (_library.home() / "platform_config" / "Ascend910B1.ini").read_text()
        for key, value in (SOC | {"ub_size": str(ub * 1024)}).items():
            profile = re.sub(rf"(?m)^{key}=.*", f"{key}={value}", profile)
        (profiles / f"Mutation{ub}.ini").write_text(profile)


def _ub(case: Any) -> int:
    return getattr(case, "ub", UB)


def _built_types() -> set[tuple[str, str]]:
    return {(case.dtype, case.target_dtype) for case in cases() if isinstance(case, Case)}


def _tensors(info: configparser.SectionProxy) -> list[str]:
    return [key[: -len(".name")] for key in info if re.fullmatch(r"(input|output)\d+\.name", key)]


# --- running


def prepare(table: Path) -> None:
    """Let this process and those it forks run the woven kernels."""
    _aclnn.OPERATORS = BUILD / "build" / "vendors" / "ascend_bce" / "op_api" / "lib" / "libcust_opapi.so"
    table.write_bytes(bytes(1 << 16))
    os.environ.update(
        ASCEND_MUTATION_TABLE=str(table),
        ASCEND_SIM_PLATFORM_CONFIG=str(BUILD / "platform_config"),
        ASCEND_SIM_CHECKS="all",
        ASCEND_BCE_BACKEND="simulator",
        OMP_NUM_THREADS="1",
    )


def prepare_worker(order: list[Any]) -> None:
    """Load in this process what all mutants share: the woven kernels, arguments, exact values."""
    table = BUILD / f"table{os.getpid()}"
    prepare(table)
    select_mutant(table, -1, 0)
    noticed = _notice([Run(case, "program", 0) for case in order])
    assert not noticed, noticed


@contextlib.contextmanager
def _mapped(table: Path) -> Iterator[mmap.mmap]:
    with table.open("r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
        yield memory


def select_mutant(table: Path, place: int, alteration: int) -> None:
    """Let the woven kernels be a mutant, or the original: -1."""
    with _mapped(table) as memory:
        memory[:HEADER_BYTES] = (
            place.to_bytes(4, "little", signed=True) + alteration.to_bytes(4, "little") + b"\0"
        )


def in_child(table: Path, place: int, alteration: int, runs: list[Run]) -> str:
    """Run cases in a process of its own until something is noticed; return what, or an empty string."""
    select_mutant(table, place, alteration)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        os.write(writer, _notice(runs).encode())
        os._exit(0)
    os.close(writer)
    try:
        if not select.select([reader], [], [], WAITING_SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "does not end"
        said = b""
        while piece := os.read(reader, 1 << 16):
            said += piece
        _, status = os.waitpid(child, 0)
        if status == signal.SIGXCPU:
            return "does not end"
        return said.decode() if status == 0 else f"dies of signal {os.WTERMSIG(status)}"
    finally:
        os.close(reader)


def _runs(cases: list[Any], schedules: tuple[tuple[str, int], ...]) -> list[Run]:
    """Give what is to be run, in this order. What takes long runs in program order only."""
    return [
        Run(case, *schedule)
        for schedule in schedules
        for case in cases
        if schedule == SCHEDULES[0] or not isinstance(case, Long)
    ]


def _notice(runs: list[Run]) -> str:
    try:
        for case, schedule, seed in runs:
            usage = resource.getrusage(resource.RUSAGE_SELF)
            limit = math.ceil(usage.ru_utime + usage.ru_stime) + CPU_SECONDS
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
            os.environ["ASCEND_SIM_SOC"] = f"Mutation{_ub(case)}"
            os.environ["ASCEND_SIM_SCHEDULE"] = schedule
            os.environ["ASCEND_SIM_SEED"] = str(seed)
            try:
                run_case(case)
            except AssertionError as error:
                return f"numbers ({case}, {schedule}): {error}"
            except _aclnn.AclnnError as error:
                code = next(
                    (code for code in _codes() if re.search(rf"(?<![\w-]){code}: ", str(error))), None
                )
                return f"{code or 'error'} ({case}, {schedule}): {error}"
        return ""
    except BaseException:
        return f"error: {traceback.format_exc()}"


def _codes() -> list[str]:
    return [path.stem for path in (ROOT / "docs" / "simulator" / "findings").glob("*-*.md")] + [
        path.stem for path in (ROOT / "docs" / "simulator" / "findings").glob("*.md") if "-" not in path.stem
    ]


def measure(table: Path, places: list[Place]) -> tuple[list[Any], list[bytes]]:
    """Run the original on each case; return the cases by the time they take, and what each one reaches."""
    measured = []
    for case in cases():
        with _mapped(table) as memory:
            memory[:] = bytes(len(memory))
        start = time.monotonic()
        noticed = in_child(table, -1, 0, _runs([case], SCHEDULES))
        if noticed:
            sys.exit(f"The kernels as they are do not pass: {noticed}")
        with _mapped(table) as memory:
            reached = memory[HEADER_BYTES : HEADER_BYTES + len(places)]
        measured.append((time.monotonic() - start, case, reached))
        print(f"{measured[-1][0]:6.2f} s  {case}", file=sys.stderr)
    measured.sort(key=lambda entry: entry[0])
    return [case for _, case, _ in measured], [reached for _, _, reached in measured]


def mutants(places: list[Place], kinds: list[int]) -> Iterator[Mutant]:
    """Give every mutant of the places that are reached."""
    occurrences: Counter[tuple] = Counter()
    for number, (place, kind) in enumerate(zip(places, kinds, strict=True)):
        occurrences[place.file, place.statement, place.text] += 1
        for alteration in _alterations(place, kind):
            yield Mutant(number, place, occurrences[place.file, place.statement, place.text], alteration)


def _alterations(place: Place, kind: int) -> tuple[int, ...]:
    if re.match(r"[\w:<>]+ \w+_ = ", place.statement):  # a member's first value; Init gives it another
        return ()
    if kind in (INTEGER, NOT_ZERO):
        if place.role == "limit":
            return (PLUS_ONE,)
        alterations = (
            (PLUS_ONE, MINUS_ONE, PLUS_BLOCK, ZERO) if place.role == "argument" else (PLUS_ONE, MINUS_ONE)
        )
        same = {"0": (MINUS_ONE, ZERO), "1": (MINUS_ONE,)}.get(place.text, ())
        if kind == INTEGER:  # and always 0
            same += (ZERO,)
        return tuple(each for each in alterations if each not in same)
    return {STATEMENT: (DROP,), BOOLEAN: (NEGATE,), QUEUE: (HAND_OVER,)}.get(kind, ())


def run_mutant(mutant: Mutant, runs: list[Run], survived: list[str]) -> Result:
    """Return what is noticed of a mutant in runs beside those that it has survived."""
    table = BUILD / f"table{os.getpid()}"
    noticed = in_child(table, mutant.number, mutant.alteration, runs)
    with _mapped(table) as memory:
        changed = memory[8] != 0
    survived = [] if noticed else survived + [run.name for run in runs]
    return Result(mutant.key, mutant.function, noticed, changed, survived)


def main() -> None:
    """Run the mutants and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-j", type=int, default=os.cpu_count(), help="mutants that run at once")
    parser.add_argument("--only", default="", help="only mutants whose key contains this")
    parser.add_argument("--every", type=int, default=1, help="only one of so many mutants")
    parser.add_argument("--again", action="store_true", help="forget the results of earlier runs")
    parser.add_argument("--report", action="store_true", help="only report what has been run")
    options = parser.parse_args()

    places = build()
    if options.again:
        RESULTS.unlink(missing_ok=True)
    prepare(BUILD / "table")
    order, reached = measure(BUILD / "table", places)
    kinds = [max(kind) for kind in zip(*reached, strict=True)]
    chosen = [m for m in mutants(places, kinds) if options.only in m.key][:: options.every]
    results = _earlier(chosen)
    todo = []
    for m in chosen:
        # Only what synchronises can depend on the schedule.
        schedules = SCHEDULES if m.alteration in (DROP, HAND_OVER) else SCHEDULES[:1]
        reaching = [case for case, kind in zip(order, reached, strict=True) if kind[m.number]]
        runs = _runs([c for c in reaching if re.search(getattr(c, "concerns", ""), m.key)], schedules)
        survived = []
        if m.key in results:
            if results[m.key].noticed:
                continue
            survived = results[m.key].runs
            runs = [run for run in runs if run.name not in survived]
        if runs:
            todo.append((m, runs, survived))
    random.Random(0).shuffle(todo)  # so that a run that is stopped is a sample
    reasons = _reasons()
    todo.sort(key=lambda entry: reasons(entry[0].key) != "")  # what is expected to survive takes long
    if not options.report:
        _run(todo, results, options.j, order)
    sys.exit(
        _report(chosen, results, [p for p, kind in zip(places, kinds, strict=True) if kind == NOT_REACHED])
    )


def _run(
    todo: list[tuple[Mutant, list[Run], list[str]]], results: dict[str, Result], jobs: int, order: list[Any]
) -> None:
    """Run mutants, and note each result at once."""
    with (
        RESULTS.open("a") as log,
        ProcessPoolExecutor(jobs, initializer=prepare_worker, initargs=(order,)) as pool,
    ):
        futures = [pool.submit(run_mutant, *entry) for entry in todo]
        survived = 0
        for done, future in enumerate(as_completed(futures), 1):
            result = future.result()
            results[result.mutant] = result
            log.write(json.dumps(result._asdict()) + "\n")
            log.flush()
            survived += result.changed and not result.noticed
            width = 40 * done // len(futures)
            bar = "#" * width + "." * (40 - width)
            print(f"\r[{bar}] {done} of {len(futures)}, {survived} survive", end="", file=sys.stderr)
    print(file=sys.stderr)


def _earlier(chosen: list[Mutant]) -> dict[str, Result]:
    """Return what earlier runs know of mutants whose functions are still the same."""
    functions = {mutant.key: mutant.function for mutant in chosen}
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    results = [Result(**json.loads(line)) for line in lines]
    return {result.mutant: result for result in results if functions.get(result.mutant) == result.function}


def _reasons() -> Callable[[str], str]:
    """Return what gives the reason why a mutant is equivalent, or an empty string."""
    equivalent = tomllib.loads((ROOT / "scripts" / "mutation" / "equivalent.toml").read_text())["mutant"]
    patterns = [
        (re.compile(pattern), entry["reason"]) for entry in equivalent for pattern in entry["patterns"]
    ]
    return lambda key: next((reason for pattern, reason in patterns if pattern.fullmatch(key)), "")


def _report(chosen: list[Mutant], results: dict[str, Result], unreached: list[Place]) -> int:
    """Print the figures and the survivors; return how many of these no reason is given for."""
    reasons = _reasons()
    counts, open_ones = Counter(), []
    for mutant in chosen:
        if mutant.key not in results:
            counts["not run"] += 1
            continue
        result = results[mutant.key]
        if result.noticed:
            ends = result.noticed != "does not end"
            counts[re.split(r"[ :(]", result.noticed)[0] if ends else result.noticed] += 1
        elif not result.changed:
            counts["no mutants: the value is that already"] += 1
        elif reasons(mutant.key):
            counts["equivalent"] += 1
        else:
            counts["survives"] += 1
            open_ones.append(mutant)
    for name, count in counts.most_common():
        print(f"{count:6} {name}")
    for mutant in open_ones:
        print(f"survives: {mutant.key}  (line {mutant.place.line})")
    statements = sorted({f"{p.file}:{p.line}: {p.statement}" for p in unreached if p.role == "statement"})
    for text in statements:
        print(f"not reached: {text}")
    return min(len(open_ones), 1)


if __name__ == "__main__":
    main()
