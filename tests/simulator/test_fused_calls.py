# SPDX-License-Identifier: Apache-2.0
"""Fused programs give the bits that the calls give one by one, and are used where they do.

Every launch is in a process of its own, for how calls run is decided once per process. Random cases are those
of tests/support/fused_calls.py.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from ascend_bce._paths import PACKAGE
from ascend_bce.simulator import SimulatorError
from fused_calls import (
    BFLOAT16S,
    BINARY,
    CASTS,
    FLOAT_BYTES,
    HALVES,
    OPERATIONS,
    ROW,
    SCALAR,
    UNARY,
    UPDATE,
    WORD_BYTES,
    Call,
    Case,
    build_programs,
    in_process,
    isas,
    launch_all,
    launch_losses,
    launch_tiles,
    load_programs,
    random_case,
    write_programs,
)

ROW_BYTES = 4 * ROW
COUNT = 4 * ROW  # of most calls
SIZE = 4 * COUNT
ALONE = {"ASCEND_SIM_FUSED": 0}


def place(index: int) -> int:
    """Return where a tile of COUNT floats is in the image, or in global memory."""
    return index * SIZE


X, Y, OUT = map(place, (0, 1, 2))  # where most cases copy to and from
A, B, C, D, E, WATCH = map(place, range(4, 16, 2))  # two tiles each
IN_X = Call("CopyIn32", X, count=COUNT, far=place(0), step=SIZE)
IN_Y = Call("CopyIn32", Y, count=COUNT, far=place(6), step=SIZE)
COPY_OUT = Call("CopyOut32", a=OUT, count=COUNT, far=place(12), step=SIZE)


def call(op: str, dst: int, a: int, b: int = 0, **fields) -> Call:
    return Call(op, dst, a, b, **({"count": COUNT} | fields))


def chain(dst: int, length: int) -> list[Call]:
    """Return calls of which each reads what the one before leaves, from X to dst."""
    calls = [call("Muls", A, X, scalar=0.5)]
    calls += [call("Adds", B if i % 2 == 0 else A, A if i % 2 == 0 else B, scalar=i) for i in range(length)]
    return [*calls, call("Abs", dst, A if length % 2 == 0 else B)]


def every_operation() -> list[Call]:
    tiles = [place(i) for i in range(2, 24)]
    calls = [IN_X, IN_Y]
    calls += [call(op, tiles.pop(), X) for op in UNARY]
    calls += [call(op, tiles.pop(), X, Y) for op in BINARY]
    calls += [call(op, tiles.pop(), X, scalar=-0.75) for op in SCALAR]
    calls += [call(op, tiles.pop(), X, Y) for op in UPDATE]
    return [
        *calls,
        *(Call("CopyOut32", a=place(2 + i), count=COUNT, far=place(12), step=SIZE) for i in (4, 15)),
    ]


def conversions() -> list[Call]:
    half, bfloat16 = (
        Call("CopyIn16", begin, count=COUNT, far=begin, step=COUNT * 2) for begin in (HALVES, BFLOAT16S)
    )
    calls = [half, bfloat16, call("HalfToFloat", A, HALVES), call("BFloat16ToFloat", B, BFLOAT16S)]
    calls += [call("Add", C, A, B), call("FloatToHalf", HALVES + 1024, C)]
    calls += [call("FloatToBFloat16", BFLOAT16S + 1024, C), call("HalfToFloat", D, HALVES + 1024)]
    calls += [call("BFloat16ToFloat", E, BFLOAT16S + 1024), call("FloatToHalf", HALVES + 2048, A)]
    out = [
        Call("CopyOut16", a=begin + 1024, count=COUNT, far=begin + WORD_BYTES // 2, step=COUNT * 2)
        for begin in (HALVES, BFLOAT16S)
    ]
    return calls + out


def pair_tree(trees: int) -> list[Call]:
    """Return calls that add rows in pairs, as often as there are any, and add what is left over the tiles."""
    rows = 8 * trees
    first, second, third, fourth, last, watch = map(place, (4, 8, 12, 14, 15, 16))
    calls = [Call("CopyIn32", first, count=rows * ROW, far=0, step=rows * ROW_BYTES // 4)]
    calls += [Call("Muls", second, first, count=rows * ROW, scalar=0.1)]
    for source, target in ((second, third), (third, fourth), (fourth, last)):
        rows //= 2
        calls.append(Call("Add", target, source, source + ROW_BYTES, repeats=rows, strides=(8, 16, 16)))
    return [*calls, Call("Add", watch, watch, last, count=rows * ROW)]


def scratch_read_later(**fields) -> list[Call]:
    """Return calls of which every tile overwrites C, and some of them read it before."""
    return [
        IN_X,
        call("Abs", A, X),
        call("Add", D, D, C, **fields),
        call("Exp", C, A),
        call("Muls", OUT, A, scalar=2),
        COPY_OUT,
    ]


def shifted(first: int, second: int) -> list[Call]:
    """Return calls of which two write tiles that overlap."""
    return [
        IN_X,
        call("Muls", first, X, scalar=2),
        call("Add", OUT, first, X),
        call("Exp", second, X),
        COPY_OUT,
    ]


DIRECTED = {
    "every operation": every_operation(),
    "conversions": conversions(),
    "pair trees": pair_tree(2),
    "one pair tree": pair_tree(1),
    "in place": [
        IN_X, call("Abs", X, X), call("Exp", X, X), call("Mul", X, X, X), call("MulAddDst", X, X, X),
        call("Muls", OUT, X, scalar=-0.0), COPY_OUT,
    ],
    "over the tiles": [
        IN_X, IN_Y, call("Mul", A, X, Y), call("Add", WATCH, WATCH, A), call("Abs", OUT, A), COPY_OUT,
    ],
    "two buffers in turns": [
        Call("CopyIn32", X, count=COUNT, far=0, step=SIZE, alternates=(SIZE, 0, 0)),
        call("Exp", A, X, alternates=(0, SIZE, 0)),
        call("Muls", B, A, scalar=3, alternates=(SIZE, 0, 0)),
        Call("CopyOut32", a=B, count=COUNT, far=place(12), step=SIZE, alternates=(0, SIZE, 0)),
    ],
    "scratch that the next tile reads": scratch_read_later(),
    "scratch that the last tile reads": scratch_read_later(first=3),
    "scratch that one tile leaves": [
        IN_X, call("Abs", A, X), call("Exp", C, A, end=2), call("Muls", OUT, A, scalar=2), COPY_OUT,
    ],
    "scratch that is overwritten in part": [
        IN_X, call("Abs", A, X, end=2), call("Abs", A, X, count=COUNT - ROW, first=2),
        call("Muls", OUT, A, scalar=2), COPY_OUT,
    ],
    "scratch that the last tile overwrites beside": [
        IN_X, call("Abs", A, X), call("Exp", C, A, end=3), call("Exp", C + ROW_BYTES, A, first=3),
        call("Muls", OUT, A, scalar=2), COPY_OUT,
    ],
    # Here the second list covers all that the first one leaves out if a half is taken for a float.
    "halves before scratch": [
        IN_X, call("Abs", A + SIZE, X, end=1), call("Muls", B, X, scalar=0.5, end=1),
        call("Abs", B, X, first=1), call("FloorToHalf", A, D, count=2 * COUNT, first=1),
        call("FloorToHalf", HALVES, D), COPY_OUT,
    ],
    "in place in global memory": [
        IN_X, *chain(OUT, 3), Call("CopyOut32", a=OUT, count=COUNT, far=place(0), step=SIZE),
    ],
    "beside itself in global memory": [
        IN_X, *chain(OUT, 3), Call("CopyOut32", a=OUT, count=COUNT, far=place(1) - 4, step=SIZE),
    ],
    "out and in again": [
        IN_X, *chain(OUT, 2), COPY_OUT, Call("CopyIn32", Y, count=COUNT, far=place(12), step=SIZE),
        call("Add", C, Y, X), Call("CopyOut32", a=C, count=COUNT, far=place(18)),
    ],
    "the same out twice": [
        IN_X, *chain(OUT, 2), COPY_OUT, Call("CopyOut32", a=X, count=COUNT, far=place(12) + 4, step=SIZE),
    ],
    "odd addresses": [
        Call("CopyIn32", X, count=COUNT, far=4, step=SIZE), call("Exp", OUT, X),
        Call("CopyOut32", a=OUT, count=COUNT, far=place(12) + 12, step=SIZE),
        Call("CopyIn16", HALVES, count=COUNT, far=HALVES + 2), call("HalfToFloat", A, HALVES),
    ],
    "many calls": [IN_X, *chain(OUT, 150), COPY_OUT],
    "lengths of no whole rows": [
        IN_X, call("Abs", A, X, count=100), call("Exp", B, A, count=100),
        call("Muls", OUT, B, scalar=2), COPY_OUT,
    ],
    "a shorter tile at the end": [
        Call("CopyIn32", X, count=COUNT, step=SIZE, end=3), call("Exp", A, X, end=3),
        call("Ln", OUT, A, end=3),
        Call("CopyOut32", a=OUT, count=COUNT, far=place(12), step=SIZE, end=3),
        Call("CopyIn32", X, count=72, step=SIZE, first=3), call("Exp", A, X, count=72, first=3),
        call("Ln", OUT, A, count=72, first=3), Call("CopyOut32", a=OUT, count=72, far=place(15), first=3),
    ],
    "sums of blocks": [
        IN_X, call("Abs", A, X), call("Exp", B, A), Call("BlockReduceSum", C, B, repeats=4),
        call("Adds", OUT, C, scalar=1, count=ROW),
        call("Abs", OUT + ROW_BYTES, B, count=3 * ROW), COPY_OUT,
    ],
    "one row for all": [
        IN_X, call("Abs", A, X), Call("Mul", B, A, C, repeats=4, strides=(8, 8, 0)),
        Call("Adds", OUT, D, repeats=4, strides=(8, 0, 0), scalar=1), COPY_OUT,
    ],
    "rows that overlap": [
        IN_X, call("Abs", A, X), Call("Add", OUT, A, A, repeats=4, strides=(8, 4, 8)),
        call("Abs", C, OUT), COPY_OUT,
    ],
    "tiles shifted by a row": shifted(C, C + ROW_BYTES),
    "tiles shifted back by a row": shifted(C + ROW_BYTES, C),
    "values of rows": [
        IN_X, Call("CopyIn32", Y, count=12, far=place(10), step=ROW_BYTES), call("Exp", A, X),
        Call("Brcb", B, Y, repeats=2),
        *(
            Call("MulsOfBlock", C + column * 4, B, count=count, repeats=8, strides=(16, 1, 0), scalar=1)
            for column, count in ((0, 64), (64, 40))
        ),
        call("Mul", OUT, A, C), call("Abs", Y, X), COPY_OUT,
    ],
    "a row is spread that others wrote": [
        IN_X, call("Exp", A, X), Call("Brcb", B, A, repeats=1), call("Mul", OUT, A, B, count=ROW),
        call("Abs", OUT + ROW_BYTES, A, count=3 * ROW), COPY_OUT,
    ],
    "others read where a row is spread": [
        IN_X, IN_Y, call("Mul", A, X, B), Call("Brcb", B, Y, repeats=4), call("Mul", OUT, A, B), COPY_OUT,
    ],
    "a row is spread over itself": [IN_X, Call("Brcb", X, X, repeats=2), call("Abs", OUT, X), COPY_OUT],
    "a short copy among long ones": [
        Call("CopyIn32", place(0), count=32 * ROW, far=0, step=ROW_BYTES),
        Call("CopyIn32", place(16), count=ROW, far=place(10), step=ROW_BYTES),
        Call("Mul", place(8), place(0), place(16), repeats=32, strides=(8, 8, 0)),
        Call("CopyOut32", a=place(8), count=32 * ROW, far=place(12), step=ROW_BYTES),
    ],
    "every second row": [
        IN_X, call("Abs", A, X), Call("Adds", B, A, repeats=4, strides=(16, 8, 0), scalar=1),
        Call("Muls", OUT, B, repeats=4, strides=(8, 16, 0), scalar=2), COPY_OUT,
    ],
    "some lanes": [
        IN_X, call("Abs", A, X), Call("Exp", OUT, A, repeats=4, count=40), COPY_OUT, call("Abs", B, OUT),
    ],
    **{
        f"{op} between": [
            IN_X, *chain(B, 2), call(op, C, B, scalar=0.5, count=7 if "Move" in op else COUNT),
            call("Exp", OUT, C), COPY_OUT,
        ]
        for op in ("MoveValue", "MoveByAddress", "MoveByOldAddress", "LeakyRelu", "Axpy", "Duplicate")
    },
    "atomic copies": [
        IN_X, *chain(OUT, 2), Call("AddOut", a=OUT, count=COUNT, far=place(12)), call("Abs", OUT, X),
        COPY_OUT,
    ],
}  # fmt: skip


def cases_for(isa: str) -> list[Case]:
    """Return what is compared on an instruction set: random cases for the most part on the best one."""
    directed = [Case(calls, 4, 100 + i, name) for i, (name, calls) in enumerate(DIRECTED.items())]
    return directed + [random_case(seed) for seed in range(50 if isa == isas()[-1] else 6)]


def record(path: Path, function, *arguments: object) -> Path:
    """Return the file to which a launch's sequences were appended."""
    in_process({"ASCEND_SIM_RECORD_CALLS": path}, function, *arguments)
    return path


def whole_sequences(recorded: Path) -> list[str]:
    return [sequence for sequence in recorded.read_text().splitlines() if "; keep" not in sequence]


def programs_of(recorded: Path, isa: str) -> Path:
    """Return the library of programs for what was recorded."""
    source = recorded.with_suffix(".cpp")
    written = write_programs(recorded, source)
    assert written.returncode == 0, written.stderr
    return build_programs(source, isa)


def assert_same(cases: list[Case], actual: list, expected: list) -> None:
    differing = {
        case.name: [np.flatnonzero(a != b)[:8].tolist() for a, b in zip(left, right, strict=True)]
        for case, left, right in zip(cases, actual, expected, strict=True)
        if not np.array_equal(left, right)
    }
    assert differing == {}


# ---- The same bits ----


@pytest.mark.parametrize("isa", isas())
def test_programs_give_the_bits_of_the_calls(isa: str, tmp_path: Path) -> None:
    cases = cases_for(isa)
    recorded = record(tmp_path / "calls.txt", launch_all, cases, "none")
    operations = set(re.findall(r"[A-Z]\w+", recorded.read_text()))
    assert {*UNARY, *BINARY, *SCALAR, *UPDATE, *CASTS, "Copy16", "Copy32"} == operations
    library = programs_of(recorded, isa)
    on = {"ASCEND_SIM_ISA": isa}
    alone = in_process(on | ALONE, launch_all, cases, "none", library)
    assert_same(cases, in_process(on, launch_all, cases, "none", library), alone)
    assert_same(cases, in_process(on, launch_all, cases, "all"), alone)


def test_programs_of_a_kernel_with_queues(tmp_path: Path) -> None:
    library = programs_of(record(tmp_path / "calls.txt", launch_tiles, "none"), isas()[-1])
    alone = in_process(ALONE, launch_tiles, "none", library)
    for checks in ("none", "all"):
        for actual, expected in zip(in_process({}, launch_tiles, checks, library), alone, strict=True):
            np.testing.assert_array_equal(actual.view(np.uint32), expected.view(np.uint32))


# ---- Whether they are used ----

WHOLE, FRUGAL = 42, 43


def marked_programs(recorded: Path, isa: str) -> Path:
    """Return a library whose programs store numbers of their own instead: whole ones 42, frugal ones 43."""
    source = recorded.with_suffix(".cpp")
    assert write_programs(recorded, source).returncode == 0
    text = source.read_text()
    frugal = set(re.findall(r'{"[^"]*; keep[^"]*", ascend_sim::(Program\d+)}', text))

    def mark(body: re.Match) -> str:
        value = FRUGAL if body[1] in frugal else WHOLE
        return re.sub(r"(StoreFloats\(.*), v\d+\);", rf"\1, Splat({value}));", body[0])

    source.write_text(re.sub(r"void (Program\d+)\(.*?\n}\n", mark, text, flags=re.DOTALL))
    return build_programs(source, isa)


def test_programs_are_used(tmp_path: Path) -> None:
    case = Case([IN_X, *chain(OUT, 2), COPY_OUT], name="marked")
    recorded = record(tmp_path / "calls.txt", launch_all, [case], "none")
    whole, frugal = sorted(recorded.read_text().splitlines(), key=len)
    assert frugal.startswith(f"{whole}; keep ")
    library = marked_programs(recorded, isas()[-1])

    def results(environment: dict[str, object], checks: str, programs: Path | None) -> np.ndarray:
        ((_, far),) = in_process(environment, launch_all, [case], checks, programs)
        return far.view(np.float32)[place(12) // 4 :][: 4 * COUNT].reshape(4, COUNT)

    marked = results({}, "none", library)
    assert (marked[:3] == FRUGAL).all(), "the next tile overwrites what is left out"
    assert (marked[3] == WHOLE).all(), "there is no next tile"
    real = results({}, "none", None)
    assert not np.isin(real, (WHOLE, FRUGAL)).any()
    np.testing.assert_array_equal(results(ALONE, "none", library), real)
    np.testing.assert_array_equal(results({}, "all", library), real)
    again = tmp_path / "again.txt"
    np.testing.assert_array_equal(results({"ASCEND_SIM_RECORD_CALLS": again}, "none", library), real)
    assert sorted(again.read_text().splitlines()) == sorted(recorded.read_text().splitlines())


def test_programs_of_other_instruction_sets_are_not_used(tmp_path: Path) -> None:
    if len(isas()) == 1:
        pytest.skip("this machine has the baseline only")
    case = Case([IN_X, *chain(OUT, 2), COPY_OUT])
    library = marked_programs(record(tmp_path / "calls.txt", launch_all, [case], "none"), isas()[-1])
    baseline = {"ASCEND_SIM_ISA": "baseline"}
    (actual,) = in_process(baseline, launch_all, [case], "none", library)
    (expected,) = in_process(baseline, launch_all, [case], "none", None)
    assert_same([case], [actual], [expected])


def overtaking(rows: int) -> Case:
    """Return calls that cannot run group after group if there are many rows, and can if there are few."""
    calls = [
        Call("Muls", place(8), 4 * ROW_BYTES, count=rows * ROW, scalar=2),
        Call("Relu", 0, place(16), count=2 * rows * ROW),
    ]
    return Case(calls, 1, name=f"{rows} rows")


def test_programs_are_not_used_where_groups_overtake_each_other(tmp_path: Path) -> None:
    few, many = overtaking(4), overtaking(8)
    recorded = record(tmp_path / "calls.txt", launch_all, [few], "none")
    assert "Muls 1 0.0.1 1.4.1; Relu 2 1.0.1 2.0.1" in recorded.read_text().splitlines()
    nothing = record(tmp_path / "nothing.txt", launch_all, [many], "none")
    assert not nothing.exists()
    library = marked_programs(recorded, isas()[-1])
    (marked, unsound) = in_process({}, launch_all, [few, many], "none", library)
    assert (marked[0].view(np.float32)[: 8 * ROW] == WHOLE).all()
    assert_same([many], [unsound], in_process(ALONE, launch_all, [many], "none"))


def test_programs_go_down_where_a_group_would_overwrite_the_next(tmp_path: Path) -> None:
    up, down = Case(shifted(C + ROW_BYTES, C), 1), Case(shifted(C, C + ROW_BYTES), 1)
    assert "down" not in record(tmp_path / "up.txt", launch_all, [up], "none").read_text()
    recorded = record(tmp_path / "down.txt", launch_all, [down], "none")
    (whole,) = whole_sequences(recorded)
    assert whole.endswith("; down")
    library = marked_programs(recorded, isas()[-1])
    ((image, _),) = in_process({}, launch_all, [down], "none", library)
    assert (image[C:].view(np.float32)[: 5 * ROW] == WHOLE).all()


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("a short copy among long ones", "Copy32 Mul Copy32"),
        ("values of rows", "Copy32 Exp Mul Abs Copy32"),
        ("a row is spread that others wrote", "Copy32 Exp"),
        ("others read where a row is spread", "Copy32 Copy32 Mul"),
    ],
)
def test_what_no_program_has_runs_ahead_where_it_may(name: str, calls: str, tmp_path: Path) -> None:
    recorded = record(tmp_path / "calls.txt", launch_all, [Case(DIRECTED[name], 1)], "none")
    (sequence,) = whole_sequences(recorded)
    assert re.findall(r"[A-Z]\w+", sequence) == calls.split()


# ---- The package ----


def missing_programs(recorded: Path) -> list[str]:
    """Return the sequences that the package has no program for."""
    (library,) = PACKAGE.glob("vendors/*/op_impl/ai_core/tbe/kernel/simulator/fused_programs.so")
    texts = set(library.read_bytes().split(b"\0"))
    sequences = recorded.read_text().splitlines()
    assert len(sequences) > 10
    return [sequence for sequence in sequences if sequence.encode() not in texts]


def test_package_has_the_programs_of_typical_losses(tmp_path: Path) -> None:
    recorded = tmp_path / "calls.txt"
    one_core = {"ASCEND_SIM_RECORD_CALLS": recorded, "OMP_NUM_THREADS": 1}
    in_process(one_core, launch_losses, [512, 4096, 512 * 31, 16384])
    assert missing_programs(recorded) == []


def test_package_has_the_programs_of_long_losses(tmp_path: Path) -> None:
    recorded = tmp_path / "calls.txt"
    in_process({"ASCEND_SIM_RECORD_CALLS": recorded}, launch_losses, [65536, 512 * 333, 2**20])
    # The last tile of a chunk may lack a frugal program: it is one of many.
    missing = set(missing_programs(recorded))
    assert missing.isdisjoint(whole_sequences(recorded))


# ---- The tool, and loading what it made ----


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Abs 1 0.0.1 1.0.1; Cube 1 2.0.1 0.0.1", "no operation or no rows:  Cube 1 2.0.1 0.0.1"),
        ("Abs 0 0.0.1 1.0.1", "no operation or no rows: Abs 0 0.0.1 1.0.1"),
        ("Abs", "no operation or no rows: Abs"),
        ("Add 1 0.0.1 1.0.1", "an operand should be region.offset.stride"),
        ("Abs 1 0.0.1 1,0,1", "an operand should be region.offset.stride"),
        ("Abs 1 0.0.1 1.0.1; keep 0.1", "an operand should be region.offset.stride"),
    ],
)
def test_write_programs_refuses(text: str, reason: str, tmp_path: Path) -> None:
    sequences = tmp_path / "calls.txt"
    sequences.write_text(text + "\n")
    written = write_programs(sequences, tmp_path / "programs.cpp")
    assert (written.returncode, written.stderr) == (1, f"write_programs: {reason}\n")


def test_write_programs_names_a_file_that_it_cannot_use(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "calls.txt"
    written = write_programs(missing, tmp_path / "programs.cpp")
    assert (written.returncode, written.stderr) == (1, f"write_programs: {missing} cannot be read\n")
    empty = tmp_path / "calls.txt"
    empty.touch()
    written = write_programs(empty, missing)
    assert (written.returncode, written.stderr) == (1, f"write_programs: {missing} cannot be written\n")


def test_write_programs_says_how_to_use_it(tmp_path: Path) -> None:
    for arguments in ((), (tmp_path,), (tmp_path, tmp_path, tmp_path)):
        written = write_programs(*arguments)
        assert (written.returncode, written.stderr) == (2, "usage: write_programs SEQUENCES OUTPUT\n")


def test_programs_that_cannot_be_loaded(tmp_path: Path) -> None:
    missing = tmp_path / "missing.so"
    with pytest.raises(SimulatorError, match=re.escape(f"{missing} cannot be loaded: ")):
        load_programs(missing)


def test_calls_that_cannot_be_recorded(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "calls.txt"
    with pytest.raises(AssertionError, match=re.escape(f"ASCEND_SIM_RECORD_CALLS={missing}: No such file")):
        record(missing, launch_all, [Case([IN_X, *chain(OUT, 2), COPY_OUT])], "none")


def test_cases_use_all_of_the_image_and_every_operation() -> None:
    assert place(24) == FLOAT_BYTES
    used = {call.op for calls in DIRECTED.values() for call in calls}
    assert used == set(OPERATIONS)
