# SPDX-License-Identifier: Apache-2.0
"""DataCopy and DataCopyPad against the same copies written as byte loops."""

import struct
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ascend_bce.simulator import Kernel, compile_kernel

BLOCK = 32
ELEMENTS = {"uint8_t": 1, "int16_t": 2, "int32_t": 4, "int64_t": 8}
CHECKS = st.sampled_from(["all", "none"])
ELEMENT = st.sampled_from(list(ELEMENTS))


@cache
def kernel(mode: str, element: str) -> Kernel:
    path = Path(__file__).parent / "kernels" / "data_copy.cpp"
    return compile_kernel(path, defines={"MODE": mode, "ELEMENT": element})


def round_up(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def random_bytes(size: int) -> np.ndarray:
    return np.random.default_rng(size).integers(0, 256, size, np.uint8)


def launch(
    mode: str, element: str, checks: str, far: np.ndarray, near: np.ndarray, offset: int,
    count: int, length: int, source_stride: int, target_stride: int, padding: tuple[int, ...] = (0, 0, 0, 0),
    findings: tuple[str, ...] = (),
) -> None:  # fmt: skip
    tiling = struct.pack("<7IiII", count, length, source_stride, target_stride, *padding, offset, near.size)
    run = kernel(mode, element)(far, near, tiling=tiling, checks=checks)
    assert tuple(finding.code for finding in run.findings) == findings


@settings(max_examples=150)
@given(
    element=ELEMENT, checks=CHECKS, short=st.booleans(), count=st.integers(1, 9), length=st.integers(1, 70),
    gap=st.integers(0, 50), step=st.integers(0, 3), is_pad=st.booleans(), left=st.integers(0, 32),
    right=st.integers(0, 32), value=st.integers(0, 127), offset=st.integers(0, 5),
)  # fmt: skip
def test_pad_in(element, checks, short, count, length, gap, step, is_pad, left, right, value, offset):
    size = ELEMENTS[element]
    left, right = left // size, right // size
    if not is_pad:
        left = right = 0  # what is padded is undefined then
    row = round_up((left + length + right) * size)
    # GM ends with the last element that is copied, so that any byte too many is a finding.
    far = random_bytes((offset + count * length) * size + (count - 1) * gap)
    near = random_bytes(round_up(count * (row + step * BLOCK)))
    expected = near.copy()
    for i in range(count):
        source = offset * size + i * (length * size + gap)
        target = i * (row + step * BLOCK)
        data = far[source : source + length * size]
        fill = np.frombuffer(value.to_bytes(size, "little"), np.uint8) if is_pad else data[:size]
        expected[target : target + row] = np.tile(fill, row // size)
        expected[target + left * size :][: length * size] = data
    mode = "PAD_IN_SHORT" if short else "PAD_IN"
    padding = (is_pad, left, right, value)
    arguments = (mode, element, checks, far, near, offset, count, length * size, gap, step, padding)
    if checks == "all" and not is_pad and row != length * size:
        launch(*arguments, findings=("uninitialised",))  # the kernel shows what the device leaves open
    else:
        launch(*arguments)
        np.testing.assert_array_equal(near, expected)


@settings(max_examples=150)
@given(
    element=ELEMENT, checks=CHECKS, short=st.booleans(), count=st.integers(1, 9), length=st.integers(1, 70),
    gap=st.integers(0, 50), step=st.integers(0, 3), offset=st.integers(0, 5),
)  # fmt: skip
def test_pad_out(element, checks, short, count, length, gap, step, offset):
    size = ELEMENTS[element]
    row = round_up(length * size) + step * BLOCK
    near = random_bytes(count * row)
    far = random_bytes((offset + count * length) * size + (count - 1) * gap)
    expected = far.copy()
    for i in range(count):
        target = offset * size + i * (length * size + gap)
        expected[target : target + length * size] = near[i * row :][: length * size]
    mode = "PAD_OUT_SHORT" if short else "PAD_OUT"
    launch(mode, element, checks, far, near, offset, count, length * size, step, gap)
    np.testing.assert_array_equal(far, expected)


@settings(max_examples=100)
@given(
    mode=st.sampled_from(["BLOCKS_IN", "BLOCKS_OUT", "BLOCKS_LOCAL"]), element=ELEMENT, checks=CHECKS,
    count=st.integers(1, 9), length=st.integers(1, 5), source_gap=st.integers(0, 3),
    target_gap=st.integers(0, 3),
)  # fmt: skip
def test_blocks(mode, element, checks, count, length, source_gap, target_gap):
    source = random_bytes(BLOCK * (count * (length + source_gap)))
    target = random_bytes(BLOCK * (count * (length + target_gap)))
    if mode == "BLOCKS_LOCAL":  # from and to images of the same bytes
        larger = max(source, target, key=len)
        source, target = larger.copy(), larger.copy()
    expected = target.copy()
    for i in range(count):
        data = source[BLOCK * i * (length + source_gap) :][: BLOCK * length]
        expected[BLOCK * i * (length + target_gap) :][: BLOCK * length] = data
    if mode == "BLOCKS_IN":
        launch(mode, element, checks, source, target, 0, count, length, source_gap, target_gap)
    elif mode == "BLOCKS_OUT":
        launch(mode, element, checks, target, source, 0, count, length, source_gap, target_gap)
    else:
        launch(mode, element, checks, np.zeros(1, np.uint8), target, 0, count, length, source_gap, target_gap)
    np.testing.assert_array_equal(target, expected)


def test_empty_copy_does_nothing() -> None:
    for mode in ("PAD_IN", "PAD_OUT"):
        far, near = random_bytes(4), random_bytes(64)
        expected = far.copy(), near.copy()
        launch(mode, "int32_t", "all", far, near, 0, 0, 4, 0, 0)
        launch(mode, "int32_t", "all", far, near, 0, 1, 0, 0, 0)
        np.testing.assert_array_equal(far, expected[0])
        np.testing.assert_array_equal(near, expected[1])
