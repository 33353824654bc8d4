# SPDX-License-Identifier: Apache-2.0
"""How findings are counted, ordered and written down."""

from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Run, compile_kernel

ROOT = Path(__file__).parents[2]
SEVERAL = Path(__file__).parent / "kernels" / "several_faults.cpp"


def several(ends: int = -1, blocks: int = 4, **options: object) -> tuple[Run, np.ndarray]:
    """Launch the kernel with faults; block `ends` ends early. Return the run and the output."""
    kernel = compile_kernel(SEVERAL, defines={"ENDS": ends})
    x = np.arange(32 * blocks, dtype=np.int32)
    y = np.zeros_like(x)
    return kernel(x, y, block_dim=blocks, **options), y


def line(mark: str) -> int:
    lines = SEVERAL.read_text().splitlines()
    return next(number for number, text in enumerate(lines, 1) if f"// {mark}" in text)


def summary(run: Run) -> list[tuple]:
    return [(f.code, f.line, f.block, f.visit, f.occurrences, f.blocks, f.stops) for f in run.findings]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_a_launch_goes_on_and_counts(threads: int) -> None:
    for _ in range(5):
        run, y = several(threads=threads)
        assert summary(run) == [
            # In the order in which block 0, then block 1 would come to them.
            ("ub-out-of-bounds", line("OUT OF BOUNDS"), 0, 4, 4, 4, False),
            ("gm-out-of-bounds", line("AFTER"), 0, 1, 1, 1, True),
            ("uninitialised", line("UNINITIALISED"), 1, 1, 3, 3, False),
        ]
    # The copy out of bounds was left out, the others were done.
    expected = np.arange(128).reshape(4, 4, 8)
    np.testing.assert_array_equal(y.reshape(4, 4, 8)[:, :3], expected[:, :3])


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_blocks_that_wait_for_one_that_ended_end_in_silence(threads: int) -> None:
    for _ in range(5):
        run, _ = several(ends=2, threads=threads)
        assert summary(run) == [
            ("ub-out-of-bounds", line("OUT OF BOUNDS"), 0, 4, 4, 4, False),
            ("uninitialised", line("UNINITIALISED"), 1, 1, 3, 3, False),
            ("gm-out-of-bounds", line("ENDS"), 2, 1, 1, 1, True),
        ]


def test_text_of_a_finding() -> None:
    run, _ = several()
    finding = run.findings[0]
    made = line("MADE")
    assert finding.text.splitlines() == [
        "ub-out-of-bounds: DataCopy writes bytes [0, 64) of UB tensor of 32 bytes "
        f"(buffer 1, made at several_faults.cpp:{made}): 32 past its end",
        f"    in kernel several, block 0, at {SEVERAL}:{finding.line}, the 4th time it gets there",
        f"        {SEVERAL.read_text().splitlines()[finding.line - 1].strip()}",
        f"    tensor: UB buffer 1 at {finding.tensor.address:#x}, 32 bytes, made at {SEVERAL}:{made}",
        f"    why: {finding.why}",
        f"    mend: {finding.mend}",
        "    found 4 times, in 4 of 4 blocks",
    ]
