# SPDX-License-Identifier: Apache-2.0
"""Flags between blocks, against the same steps done in the order that the flags ask for."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Kernel, compile_kernel

KERNELS = Path(__file__).parent / "kernels"
BLOCKS, COUNT, ROUNDS = 5, 8, 3
OPTIONS = [
    {"checks": "none"},
    {},
    {"threads": 2},
    *({"schedule": "adversarial", "seed": i} for i in range(3)),
]


@cache
def kernel(mode: str) -> Kernel:
    return compile_kernel(KERNELS / "block_flags.cpp", defines={"MODE": mode})


def expected(mode: str, rows: np.ndarray) -> np.ndarray:
    rows = rows.copy()
    for _ in range(ROUNDS):
        if mode == "ALL_CORES":  # every row moves on by one at once
            rows = np.roll(rows + 1, 1, axis=0)
        else:
            for block in range(BLOCKS):
                rows[(block + 1) % BLOCKS] = rows[block] + 1
    return rows


@pytest.mark.parametrize("mode", ["ALL_CORES", "ONE_CORE", "TURNS"])
@pytest.mark.parametrize("options", OPTIONS)
def test_order_that_flags_give(mode, options):
    rows = np.random.default_rng(3).integers(0, 100, (BLOCKS, COUNT)).astype(np.int32)
    wanted = expected(mode, rows)
    run = kernel(mode)(rows, np.zeros(4096, np.int32), ROUNDS, block_dim=BLOCKS, **options)
    assert not run.findings, run.findings[0]
    np.testing.assert_array_equal(rows, wanted)


@pytest.mark.parametrize("options", [{"checks": "none"}, {}, {"schedule": "adversarial"}])
def test_flag_that_nobody_sets(options):
    never_set = compile_kernel(KERNELS / "flag_never_set.cpp")
    (finding,) = never_set(np.zeros(64, np.int32), block_dim=2, **options).findings
    assert finding.code == "deadlock"
    assert "a flag that no block sets any more: block 0 has ended; block 1 waits" in finding.message
