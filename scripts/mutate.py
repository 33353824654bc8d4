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
import hashlib
import json
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
from collections.abc import Iterator
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
sys.path += [str(ROOT / "python"), str(ROOT / "tests" / "support"), str(ROOT / "scripts" / "mutation")]

from weave import Place, Weaver  # noqa: E402

from ascend_bce import _aclnn  # noqa: E402
from ascend_bce.simulator import _library  # noqa: E402
from cases import LOGITS, PROBABILITIES, Arguments, Case, _special  # noqa: E402

# As enum Alteration and enum Kind in mutation.h.
DROP, PLUS_ONE, MINUS_ONE, PLUS_BLOCK, ZERO, NEGATE, HAND_OVER = range(7)
NAMES = ("dropped", "+ 1", "- 1", "+ 8", "0", "negated", "handed over without waiting")
NOT_REACHED, STATEMENT, INTEGER, BOOLEAN, OTHER, QUEUE = range(6)
HEADER_BYTES = 9  # of a table: place, alteration, changed

# Constants made smaller, so that small cases come to the second batch of everything.
SMALLER = {
    "op_kernel/binary_cross_entropy_tiling_data.h": {"BCE_PARTIAL_SUMS": 1024, "BCE_SUMS_PER_WRITE": 16},
    "op_kernel/tile_io.h": {"MAX_REPEATS": 64},
    "op_host/binary_cross_entropy_tiling.cpp": {"BYTES_PER_CORE_START": 1024},
}
SOC = {"vector_core_cnt": "3", "ub_size": str(168 * 1024), "l2_size": str(256 * 1024)}
TIGHT_SOC = SOC | {"ub_size": str(54 * 1024)}
# In the order in which they are tried. Program order is the quickest and finds the most.
SCHEDULES = (("program", 0), ("adversarial", 0), ("adversarial", 1), ("adversarial", 2))
SECONDS = 120  # that a mutant may take, with the machine busy


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


class Extreme(Case):
    """Values that take the way of limits, in the lanes that `values` names."""

    def arguments(self) -> Arguments:
        """Make the arguments."""
        arguments = super().arguments()
        x, t = arguments.input.reshape(-1), arguments.target.reshape(-1)
        if self.values == "infinities without loss":
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
            x[[0, 8192, -1]], t[[0, 8192, -1]] = (np.inf, np.inf, -3e38), 1
            arguments.pos_weight.reshape(-1)[-1] = 10
            arguments.weight.reshape(-1)[-1] = {"product of 0": 0, "product beyond": 0.5}[self.values]
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


class Tight(Case):
    """Tiles as short as they can be, so that what reads behind one leaves the buffer."""

    soc = "MutationTight"
    gradients = ()  # they would need more UB


def cases() -> list[Case]:
    """Return what the mutants run on: tails, several tiles and blocks, broadcasts, reductions, half types."""
    single, half, mixed = ("float32",) * 3, ("float16",) * 3, ("bfloat16", "float32", "float32")
    brain = ("bfloat16",) * 3  # float16 has no loss and gradient in one
    table: list[Case] = []
    for loss in LOGITS, PROBABILITIES:

        def add(values, types, shape, weight, pos_weight, reduction, loss=loss):
            pos_weight = pos_weight if loss == LOGITS else None
            table.append(Case(loss, values, *types, shape, weight, pos_weight, reduction))

        add("typical", single, (3, 4099), None, None, "none")
        add("typical", half, (13001,), None, None, "mean")  # the sum is more than a float16 holds
        add("typical", single, (8000,), None, None, "sum")  # two blocks
        add("typical", half, (37, 333), (37, 1), (333,), "none")
        add("typical", mixed, (5, 2500), (2500,), (5, 1), "mean")
        add("typical", single, (4, 3, 1100), (4, 1, 1100), (3, 1), "none")
        add("typical", single, (2, 3, 5, 7), (1, 3, 1, 1), (7,), "mean")
        add("typical", half, (9,), (9,), (1,), "none")
        add("typical", mixed, (0,), None, None, "sum")
        # One weight for each row, of one block, and of several columns of blocks.
        add("typical", single, (901, 8), (901, 1), (901, 1), "none")
        add("typical", mixed, (333, 24), (333, 1), (333, 1), "mean")
        add("typical", half, (60, 200), (60, 1), (60, 1), "none")
        add("typical", single, (7, 2040), (7, 1), None, "none")
        add("typical", single, (3, 400, 16), (400, 1), (400, 1), "sum")
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
                    ("infinities before a loss", single, None, None, "sum"),
                    ("last lane NaN", single, (3, 1), (1,), "none"),
                    ("last lane beyond the largest", single, None, (1,), "none"),
                    ("infinities without loss", half, None, None, "none"),
                    ("infinities without loss", half, None, None, "mean"),
                    ("last lane without loss", half, None, None, "sum"),
                    ("infinities without loss", brain, None, None, "mean"),
                )
            )
            table.extend(
                Product(loss, values, *types, (3, 4105), weight, pos_weight, "none")
                for values, types, weight, pos_weight in (
                    ("product of 0", single, (4105,), (4105,)),
                    ("product of 0", mixed, (3, 4105), (1,)),
                    ("product beyond", single, (4105,), (4105,)),
                )
            )
            table.append(Small(loss, "small", *half, (1537,), None, None, "mean"))
            table.append(Tight(loss, "typical", *half, (13001,), None, None, "mean"))
            add("typical", mixed, (90001,), None, None, "sum")  # two tiles for each core that scales
        add("typical", single, (210007,), None, None, "mean")
    return table


def run_case(case: Any) -> None:
    """Compute a case's loss and gradients and compare them with float64; raises what is wrong."""
    from ascend_bce.numpy import binary_cross_entropy, binary_cross_entropy_with_logits

    input, target, weight, pos_weight = case.arguments()
    gradients = getattr(case, "gradients", ("input", "target"))
    options = {"reduction": case.reduction, "return_gradients": list(gradients) or None}
    scale = np.ones((), target.dtype)
    # A gradient of its own for each element, or another than 1 for all, where that does not overflow.
    if case.values == "typical" and case.loss == LOGITS:
        scale = np.resize([1.0, 2.0, 4.0], case.shape) if case.reduction == "none" else np.array(2.0)
        scale = scale.astype(target.dtype)
    if case.loss == LOGITS and case.reduction != "none" and case.dtype != "float16" and gradients:
        _run_fused(case)
    if case.loss == LOGITS:
        result = binary_cross_entropy_with_logits(
            input, target, weight, pos_weight, grad_output=scale, **options
        )
    else:
        result = binary_cross_entropy(input, target, weight, grad_output=scale, **options)
    with np.errstate(all="ignore"):
        case.expected_loss().check(result.loss if gradients else result)
        if not gradients:
            return
        case.expected_input_gradient().check(result.input.astype(np.float64) / scale.astype(np.float64))
        case.expected_target_gradient().check(result.target.astype(np.float64) / scale.astype(np.float64))


def _run_fused(case: Any) -> None:
    """Compute loss and gradient in one pass, and the gradient for a doubled loss."""
    from ascend_bce.numpy import _operand

    def call(name: str, inputs: tuple, attributes: tuple[int, ...], outputs: tuple) -> None:
        operands = [None if array is None else _operand(array) for array in inputs]
        _aclnn.call_on_host("mutate", name, operands, attributes, [_operand(array) for array in outputs])

    arguments = case.arguments()
    loss = np.empty((), arguments.target.dtype)
    gradient = np.empty_like(arguments.input)
    reduction = ("none", "mean", "sum").index(case.reduction)
    call("aclnnBinaryCrossEntropyWithLogitsLossAndGradient", arguments, (reduction,), (loss, gradient))
    doubled = gradient.copy()
    call("aclnnBinaryCrossEntropyScaleGradient", (np.full((), 2, loss.dtype),), (), (doubled,))
    with np.errstate(all="ignore"):
        case.expected_loss().check(loss)
        case.expected_input_gradient().check(gradient)
        np.testing.assert_array_equal(doubled, gradient + gradient)


# --- building


def build() -> list[Place]:
    """Weave and build the kernels, unless that is done already; return the places."""
    sources = [path for folder in ("op_kernel", "op_host") for path in (ROOT / folder).rglob("*.*")]
    sources += [*(ROOT / "scripts" / "mutation").glob("[mw]*.*"), _aclnn_simulator()]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()
    stamp = BUILD / "stamp"
    places_file = BUILD / "places.json"
    if not stamp.exists() or stamp.read_text() != digest:
        shutil.rmtree(BUILD, ignore_errors=True)
        BUILD.mkdir(parents=True)
        places_file.write_text(json.dumps([vars(place) for place in _weave()]))
        _compile()
        stamp.write_text(digest)
    return [Place(**fields) for fields in json.loads(places_file.read_text())]


def _aclnn_simulator() -> Path:
    return _library.home() / "lib" / "libascend_simulator.so"


def _weave() -> list[Place]:
    source = BUILD / "source"
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
    wanted = {(case.dtype, case.target_dtype) for case in cases()}
    targets = [f"ascend_bce_{name}" for name in ("cust_opapi", "cust_opmaster_rt2.0", "cust_opsproto_rt2.0")]
    for name in infos.sections():
        info = infos[name]
        types = {info[f"{key}.name"]: info[f"{key}.dtype"].split(",") for key in _tensors(info)}
        pairs = zip(types["self"], types["target"], strict=True) if "self" in types else ()
        built = [column for column, pair in enumerate(pairs) if pair in wanted]
        for column in built or range(len(next(iter(types.values())))):
            targets.append(f"ascend_bce_{info['opFile.value']}_{column}_checked")
    subprocess.run([tool("ninja"), "-C", folder, "-j2", *targets], check=True)
    profiles = BUILD / "platform_config"
    shutil.copytree(_library.home() / "platform_config", profiles)
    for name, soc in ("Mutation", SOC), ("MutationTight", TIGHT_SOC):
        profile = (_library.home() / "platform_config" / "Ascend910B1.ini").read_text()
        for key, value in soc.items():
            profile = re.sub(rf"(?m)^{key}=.*", f"{key}={value}", profile)
        (profiles / f"{name}.ini").write_text(profile)


def _tensors(info: configparser.SectionProxy) -> list[str]:
    return [key[: -len(".name")] for key in info if re.fullmatch(r"(input|output)\d+\.name", key)]


# --- running


def prepare(table: Path) -> None:
    """Let this process and those it forks run the woven kernels."""
    _aclnn.OPERATORS = BUILD / "build" / "vendors" / "ascend_bce" / "op_api" / "lib" / "libcust_opapi.so"
    _aclnn.SIMULATOR = _aclnn_simulator()
    table.write_bytes(bytes(1 << 16))
    os.environ.update(
        ASCEND_MUTATION_TABLE=str(table),
        ASCEND_SIM_PLATFORM_CONFIG=str(BUILD / "platform_config"),
        ASCEND_SIM_CHECKS="all",
        ASCEND_BCE_BACKEND="simulator",
        OMP_NUM_THREADS="1",
    )


@contextlib.contextmanager
def _mapped(table: Path) -> Iterator[mmap.mmap]:
    with table.open("r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
        yield memory


def in_child(table: Path, place: int, alteration: int, runs: list[tuple[Any, str, int]]) -> str:
    """Run cases in a process of its own until something is noticed; return what, or an empty string."""
    with _mapped(table) as memory:
        memory[:HEADER_BYTES] = (
            place.to_bytes(4, "little", signed=True) + alteration.to_bytes(4, "little") + b"\0"
        )
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
        if not select.select([reader], [], [], SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "does not end"
        said = b""
        while piece := os.read(reader, 1 << 16):
            said += piece
        _, status = os.waitpid(child, 0)
        return said.decode() if status == 0 else f"dies of signal {os.WTERMSIG(status)}"
    finally:
        os.close(reader)


def _notice(runs: list[tuple[Any, str, int]]) -> str:
    try:
        for case, schedule, seed in runs:
            os.environ["ASCEND_SIM_SOC"] = getattr(case, "soc", "Mutation")
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
        noticed = in_child(table, -1, 0, [(case, *schedule) for schedule in SCHEDULES])
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
    if kind == INTEGER:
        if place.role == "limit":
            return (PLUS_ONE,)
        alterations = (
            (PLUS_ONE, MINUS_ONE, PLUS_BLOCK, ZERO) if place.role == "argument" else (PLUS_ONE, MINUS_ONE)
        )
        same = {"0": (MINUS_ONE, ZERO), "1": (MINUS_ONE,)}.get(place.text, ())
        return tuple(each for each in alterations if each not in same)
    return {STATEMENT: (DROP,), BOOLEAN: (NEGATE,), QUEUE: (HAND_OVER,)}.get(kind, ())


def run_mutant(mutant: Mutant, runs: list[tuple[Any, str, int]]) -> tuple[str, bool]:
    """Return what is noticed of a mutant, and whether it made any difference to a value."""
    table = BUILD / f"table{os.getpid()}"
    if os.environ.get("ASCEND_MUTATION_TABLE") != str(table):
        prepare(table)
    noticed = in_child(table, mutant.number, mutant.alteration, runs)
    with _mapped(table) as memory:
        return noticed, memory[8] != 0


def main() -> None:
    """Run the mutants and report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-j", type=int, default=os.cpu_count(), help="mutants that run at once")
    parser.add_argument("--only", default="", help="only mutants whose key contains this")
    parser.add_argument("--every", type=int, default=1, help="only one of so many mutants")
    parser.add_argument("--again", action="store_true", help="run survivors of earlier runs once more")
    parser.add_argument("--report", action="store_true", help="only report what has been run")
    options = parser.parse_args()

    places = build()
    prepare(BUILD / "table")
    order, reached = measure(BUILD / "table", places)
    kinds = [max(kind) for kind in zip(*reached, strict=True)]
    chosen = [m for m in mutants(places, kinds) if options.only in m.key][:: options.every]
    results = _earlier(options.again)
    open_ones = [m for m in chosen if m.key not in results and not options.report]
    random.Random(0).shuffle(open_ones)  # so that a run that is stopped is a sample
    with (BUILD / "results.jsonl").open("a") as log, ProcessPoolExecutor(options.j) as pool:
        futures = {}
        for m in open_ones:
            # Only what synchronises can depend on the schedule.
            schedules = SCHEDULES if m.alteration in (DROP, HAND_OVER) else SCHEDULES[:1]
            reaching = [case for case, kind in zip(order, reached, strict=True) if kind[m.number]]
            runs = [(case, *schedule) for schedule in schedules for case in reaching]
            futures[pool.submit(run_mutant, m, runs)] = m
        for done, future in enumerate(as_completed(futures), 1):
            results[futures[future].key] = future.result()
            log.write(json.dumps([futures[future].key, *future.result()]) + "\n")
            log.flush()
            survived = sum(not noticed for noticed, _ in results.values())
            width = 40 * done // len(futures)
            bar = "#" * width + "." * (40 - width)
            print(f"\r[{bar}] {done} of {len(futures)}, {survived} survive", end="", file=sys.stderr)
    print(file=sys.stderr)
    sys.exit(
        _report(chosen, results, [p for p, kind in zip(places, kinds, strict=True) if kind == NOT_REACHED])
    )


def _earlier(again: bool) -> dict[str, tuple[str, bool]]:
    path = BUILD / "results.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    results = {key: (noticed, changed) for key, noticed, changed in map(json.loads, lines)}
    return {key: result for key, result in results.items() if result[0] or not again}


def _report(chosen: list[Mutant], results: dict[str, tuple[str, bool]], unreached: list[Place]) -> int:
    """Print the figures and the survivors; return how many of these no reason is given for."""
    equivalent = tomllib.loads((ROOT / "scripts" / "mutation" / "equivalent.toml").read_text())["mutant"]
    patterns = [(pattern, entry["reason"]) for entry in equivalent for pattern in entry["patterns"]]
    counts, open_ones = Counter(), []
    for mutant in chosen:
        if mutant.key not in results:
            counts["not run"] += 1
            continue
        noticed, changed = results[mutant.key]
        if noticed:
            counts[re.split(r"[ :(]", noticed)[0] if not noticed.startswith("do") else "does not end"] += 1
        elif not changed:
            counts["no mutants: the value is that already"] += 1
        elif any(re.fullmatch(pattern, mutant.key) for pattern, _ in patterns):
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
