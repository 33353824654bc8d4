# SPDX-License-Identifier: Apache-2.0
"""The timing model against times measured on a device, as published with the vendor's samples (910B1)."""

import pytest

from timed_kernels import add, copy


@pytest.mark.parametrize(
    ("cores", "tile_bytes", "duration", "vector"),
    [(1, 8192, 6909.6, 761.65), (48, 8192, 306.58, 15.885), (48, 32768, 268.5, 12.845)],
)
def test_add(cores: int, tile_bytes: int, duration: float, vector: float) -> None:
    run = add(8192, cores, tile_bytes, buffers=1)
    assert run.findings == []
    assert run.time_us == pytest.approx(duration, rel=0.06)
    assert run.pipes["VECTOR"] == pytest.approx(vector, rel=0.02)


@pytest.mark.parametrize(
    ("bursts", "burst_bytes", "duration"), [(1, 128, 564.84), (64, 128, 233.54)], ids=["plain", "bursts"]
)
def test_copy(bursts: int, burst_bytes: int, duration: float) -> None:
    run = copy(12288, 48, bursts, burst_bytes)
    assert run.findings == []
    assert run.time_us == pytest.approx(duration, rel=0.06)


def test_reads_of_one_core_take_as_long_as_measured() -> None:
    # With one core nothing waits for the memory, so the busy time of a pipe can be compared, too.
    assert add(8192, 1, 8192, buffers=1).pipes["MTE2"] == pytest.approx(6208.76, rel=0.06)
