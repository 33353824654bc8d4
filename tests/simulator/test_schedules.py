# SPDX-License-Identifier: Apache-2.0
"""The adversarial schedule: what is not synchronised comes out wrong, what is comes out the same."""

import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from ascend_bce.simulator import Kernel, SimulatorError, compile_kernel

KERNELS = Path(__file__).parent / "kernels"
SEEDS = range(6)
COUNT = 64
X = np.arange(2 * COUNT, dtype=np.float32)
FIRST, SECOND = X[:COUNT], X[COUNT:]
NOT_WRITTEN = np.full(COUNT, -1, np.float32)


class Case(NamedTuple):
    """One function of schedules.cpp.

    Attributes:
        result: What it computes from X when nothing is missing.
        seed: One under which a missing synchronisation shows.
        auto_sync: False for what the compiler would add.
        blocks: How many blocks it takes.
    """

    result: np.ndarray
    seed: int
    auto_sync: bool = True
    blocks: int = 1


def joined(*parts: np.ndarray) -> np.ndarray:
    return np.concatenate(parts).astype(np.float32)


# In the order of schedules.cpp.
CASES = {
    "copy in, then compute": Case(joined(FIRST + 1, NOT_WRITTEN), 0),
    "compute, then copy out": Case(joined(FIRST + 1, NOT_WRITTEN), 0),
    "copy in, then copy out": Case(joined(FIRST, NOT_WRITTEN), 0),
    "copy out, then copy in": Case(joined(FIRST, SECOND), 1),
    "compute, then copy in": Case(joined(FIRST + 1, SECOND + 1), 1),
    "copy out, then compute": Case(joined(FIRST, FIRST + 1), 1),
    "copy out twice": Case(joined(FIRST + 1, NOT_WRITTEN), 0),
    "copy in twice": Case(joined(SECOND, NOT_WRITTEN), 0),
    "compute, then compute": Case(joined(2 * (FIRST + 1), NOT_WRITTEN), 0, auto_sync=False),
    "compute, then read": Case(joined(np.full(COUNT, 4), NOT_WRITTEN), 0, auto_sync=False),
    "queue": Case(joined(FIRST + 1, NOT_WRITTEN), 0),
    "exchange": Case(joined(np.repeat([2, 3, 4, 1], 8), np.full(96, -1)), 0, blocks=4),
}


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    return compile_kernel(KERNELS / "schedules.cpp")


def launch(kernel: Kernel, name: str, *, mended: bool, checks: str = "none", **options: object) -> np.ndarray:
    case = CASES[name]
    y, slots = np.full(2 * COUNT, -1, np.float32), np.full(32, -5, np.float32)
    options = {"schedule": "adversarial", "auto_sync": case.auto_sync, **options}
    tiling = struct.pack("<II", list(CASES).index(name), mended)
    run = kernel(X.copy(), y, slots, tiling=tiling, block_dim=case.blocks, checks=checks, **options)
    assert run.findings == []
    return y


@pytest.mark.parametrize("name", CASES)
def test_missing_synchronisation_changes_numbers(kernel: Kernel, name: str) -> None:
    result = launch(kernel, name, mended=False, seed=CASES[name].seed)
    assert not np.array_equal(result, CASES[name].result)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("checks", ["all", "none"])
def test_mended_kernel_computes_the_same_everywhere(kernel: Kernel, name: str, checks: str) -> None:
    for seed in SEEDS:
        result = launch(kernel, name, mended=True, seed=seed, checks=checks)
        np.testing.assert_array_equal(result, CASES[name].result)
    result = launch(kernel, name, mended=True, schedule="program", checks=checks)
    np.testing.assert_array_equal(result, CASES[name].result)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.auto_sync])
def test_compiler_adds_what_it_can(kernel: Kernel, name: str) -> None:
    for seed in SEEDS:
        result = launch(kernel, name, mended=False, seed=seed, auto_sync=True)
        np.testing.assert_array_equal(result, CASES[name].result)


@pytest.mark.parametrize("name", CASES)
def test_same_seed_gives_the_same_bits(kernel: Kernel, name: str) -> None:
    for seed in [*SEEDS, 2**64 - 1]:
        results = {launch(kernel, name, mended=False, seed=seed, threads=n).tobytes() for n in (0, 1, 2, 7)}
        assert len(results) == 1


def test_seeds_differ(kernel: Kernel) -> None:
    results = {launch(kernel, "exchange", mended=False, seed=seed).tobytes() for seed in range(2, 30)}
    assert len(results) > 2


@pytest.mark.parametrize("blocks", [1, 2, 7, 48])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("defines", [{}, {"SOFTWARE": 1}], ids=["hardware", "software"])
def test_blocks_meet(blocks: int, seed: int, defines: dict[str, int]) -> None:
    """Each block runs alone, and yet more of them than threads meet in SyncAll."""
    kernel = compile_kernel(KERNELS / "ring.cpp", defines=defines)
    slots, sums = np.zeros((2, blocks), np.int32)
    run = kernel(
        slots,
        sums,
        workspace=np.zeros(32 * blocks, np.uint8),
        block_dim=blocks,
        threads=2,
        schedule="adversarial",
        seed=seed,
    )
    assert run.findings == []
    neighbours = (np.arange(blocks) + 1) % blocks
    np.testing.assert_array_equal(sums, 3 * neighbours + 1000 * (0 + 1 + 2))


def launched_case(name: str, mended: bool) -> tuple[list[np.ndarray], dict[str, object]]:
    case = CASES[name]
    arrays = [X.copy(), np.full(2 * COUNT, -1, np.float32), np.full(32, -5, np.float32)]
    tiling = struct.pack("<II", list(CASES).index(name), mended)
    return arrays, {"tiling": tiling, "block_dim": case.blocks, "auto_sync": case.auto_sync, "checks": "none"}


@pytest.mark.parametrize("name", CASES)
def test_comparison_finds_what_is_missing(kernel: Kernel, name: str) -> None:
    arrays, options = launched_case(name, mended=False)
    before = [array.copy() for array in arrays]
    findings = kernel.compare_schedules(*arrays, **options).findings
    assert [finding.code for finding in findings] == ["schedule-dependent"]
    assert "`y` differs from that of program order with" in findings[0].message
    assert f'schedule="adversarial", seed={CASES[name].seed}' in findings[0].message
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)

    arrays, options = launched_case(name, mended=True)
    assert kernel.compare_schedules(*arrays, **options | {"checks": "all"}).findings == []


def test_comparison_names_the_first_element(kernel: Kernel) -> None:
    arrays, options = launched_case("copy out, then copy in", mended=False)
    message = kernel.compare_schedules(*arrays, seeds=[1], **options).findings[0].message
    # The second tile has come in before the first has gone out.
    assert "in 64 of 128 elements, the first of them element 0 (byte 0), 64.0 instead of 0.0" in message


def test_comparison_of_numbers_of_blocks(kernel: Kernel) -> None:
    arrays, options = launched_case("exchange", mended=True)
    assert kernel.compare_schedules(*arrays, seeds=[], block_dims=[4], **options).findings == []
    findings = kernel.compare_schedules(*arrays, seeds=[0], block_dims=[4, 3, 2], **options).findings
    assert [finding.code for finding in findings] == ["block-dependent"] * 2
    assert "`y` differs from that of block_dim=4 with block_dim=3, and with block_dim=2" in str(findings[0])


def deadlock(kernel: Kernel, which: int, blocks: int, **options: object) -> str:
    """Launch one of the functions behind those of CASES; return what it says of their deadlock."""
    arrays = X.copy(), np.zeros(2 * COUNT, np.float32), np.zeros(32, np.float32)
    for mended in (True, False):
        tiling = struct.pack("<II", len(CASES) + which, mended)
        findings = kernel(*arrays, tiling=tiling, block_dim=blocks, **options).findings
        assert not (mended and findings)
    assert [finding.code for finding in findings] == ["deadlock"]
    return findings[0].message


def line_of(mark: str) -> int:
    lines = (KERNELS / "schedules.cpp").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if f"// {mark}" in line)


@pytest.mark.parametrize(
    "options",
    [{}, {"schedule": "adversarial"}, {"schedule": "adversarial", "seed": 5, "checks": "none"}],
    ids=["program", "adversarial", "unwatched"],
)
def test_deadlock_says_who_waits_for_whom(kernel: Kernel, options: dict[str, object]) -> None:
    waits, meets = line_of("WAITS"), line_of("MEETS")
    assert deadlock(kernel, 0, 2, **options) == (
        f"V waits at schedules.cpp:{waits} for MTE3_V with id 0, which MTE3 sets at "
        f"schedules.cpp:{waits + 5}, behind a wait of its own; MTE3 waits at schedules.cpp:{waits + 1} for "
        f"V_MTE3 with id 1, which V sets at schedules.cpp:{waits + 3}, behind a wait of its own"
    )
    assert deadlock(kernel, 1, 5, **options) == (
        "SyncAll waits for a block that has ended without calling it: block 0 has ended; "
        f"blocks 1 to 4 wait at schedules.cpp:{meets}"
    )


def test_unknown_schedule(kernel: Kernel) -> None:
    with pytest.raises(SimulatorError, match='the schedule is "worst"; use "program" or "adversarial"'):
        launch(kernel, "queue", mended=True, schedule="worst")
