# SPDX-License-Identifier: Apache-2.0
"""DataCopy with slices and between ND and NZ, against NumPy's own slicing and transposing."""

import struct
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Kernel, compile_kernel

BUFFER_BYTES = 32768
ELEMENTS = {"half": np.float16, "float": np.float32, "int8_t": np.int8}


@cache
def kernel(mode: str, element: str) -> Kernel:
    path = Path(__file__).parent / "kernels" / "slices.cpp"
    return compile_kernel(path, defines={"MODE": mode, "ELEMENT": element})


def launch(mode: str, element: str, far: np.ndarray, near: np.ndarray, tiling: bytes) -> None:
    for checks in ("none", "all"):
        outputs = far.copy(), near.copy()
        run = kernel(mode, element)(*outputs, tiling=tiling, checks=checks)
        assert not run.findings, run.findings[0]
    far[...], near[...] = outputs


def numbers(size: int, element: str) -> np.ndarray:
    return np.random.default_rng(size).integers(-100, 100, size).astype(ELEMENTS[element])


def pack(dims: list[tuple]) -> bytes:
    filled = [*dims, *[(0,) * 5] * (3 - len(dims))]
    return struct.pack("<15I", *(value for dim in filled for value in dim))


@pytest.mark.parametrize("shape_in_tensor", [False, True])
@pytest.mark.parametrize("mode", ["SLICES_IN", "SLICES_OUT"])
def test_runs_of_some_rows(mode, shape_in_tensor):
    """The example of AscendC's documentation: two runs of 24 floats in rows 0 and 2 of a 3 x 87 tensor."""
    far = numbers(3 * 87, "float").reshape(3, 87)
    near = numbers(BUFFER_BYTES // 4, "float")
    dense = near[: 2 * 48].reshape(2, 48)
    expected_far, expected_near = far.copy(), dense.copy()
    for row in range(2):
        for run in range(2):
            outside = expected_far[2 * row, 16 + 31 * run :][:24]
            inside = expected_near[row, 24 * run :][:24]
            if mode == "SLICES_IN":
                inside[...] = outside
            else:
                outside[...] = inside
    tiling = struct.pack("<2I", 2, shape_in_tensor)
    tiling += pack([(16, 70, 7, 3, 87), (0, 2, 1, 1, 3)]) + pack([(0, 47, 0, 3, 48), (0, 1, 0, 1, 2)])
    launch(mode, "float", far, near, tiling)
    np.testing.assert_array_equal(far, expected_far)
    np.testing.assert_array_equal(near[: 2 * 48].reshape(2, 48), expected_near)


@pytest.mark.parametrize("element", ["half", "int8_t"])
def test_box_of_three_dimensions(element):
    width = 32 // np.dtype(ELEMENTS[element]).itemsize
    far = numbers(6 * 5 * 4 * width, element).reshape(6, 5, 4 * width)
    near = numbers(BUFFER_BYTES * width // 32, element)
    expected = near.copy()
    box = far[0:5:2, 1:4, width : 3 * width]
    expected[: box.size] = box.reshape(-1)
    tiling = struct.pack("<2I", 3, 0)
    tiling += pack([(width, 3 * width - 1, 0, 2, 4 * width), (1, 3, 0, 1, 5), (0, 4, 1, 1, 6)])
    tiling += pack([(0, 2 * width - 1, 0, 2, 2 * width), (0, 2, 0, 1, 3), (0, 2, 0, 1, 3)])
    launch("SLICES_IN", element, far.reshape(-1), near, tiling)
    np.testing.assert_array_equal(near, expected)


@pytest.mark.parametrize("element", ["half", "float", "int8_t"])
@pytest.mark.parametrize("columns", [16, 40, 67])
def test_nd_to_nz(element, columns):
    """Columns of 32 bytes, one below the other, the last filled with zeros."""
    width = 32 // np.dtype(ELEMENTS[element]).itemsize
    matrices, rows, row_length = 2, 6, 70
    far = numbers(matrices * rows * row_length, element).reshape(matrices, rows, row_length)
    near = numbers(BUFFER_BYTES * width // 32, element)
    expected = near.copy()
    wide = -(-columns // width)
    padded = np.zeros((matrices, rows, wide * width), ELEMENTS[element])
    padded[:, :, :columns] = far[:, :, :columns]
    nz = padded.reshape(matrices, rows, wide, width).transpose(0, 2, 1, 3)
    expected[: nz.size] = nz.reshape(-1)
    values = (matrices, rows, columns, rows * row_length, row_length, rows, 1, wide * rows * width)
    launch("ND_TO_NZ", element, far.reshape(-1), near, struct.pack("<8I", *values))
    np.testing.assert_array_equal(near, expected)


@pytest.mark.parametrize("element", ["half", "float"])
def test_nz_to_nd(element):
    """Columns of 16 elements, whatever their size."""
    matrices, rows, columns, row_length = 2, 16, 48, 50
    near = numbers(BUFFER_BYTES // np.dtype(ELEMENTS[element]).itemsize, element)
    far = numbers(matrices * rows * row_length, element)
    expected = far.reshape(matrices, rows, row_length).copy()
    nz = near[: matrices * rows * columns].reshape(matrices, columns // 16, rows, 16)
    expected[:, :, :columns] = nz.transpose(0, 2, 1, 3).reshape(matrices, rows, columns)
    values = (matrices, rows, columns, rows * columns // 256, rows, row_length, rows * row_length, 0)
    launch("NZ_TO_ND", element, far, near, struct.pack("<8I", *values))
    np.testing.assert_array_equal(far.reshape(expected.shape), expected)


@pytest.mark.parametrize("checks", ["none", "all"])
@pytest.mark.parametrize(
    ("count", "repeats", "strides"),
    [(144, 1, (1, 8, 8, 8)), (80, 3, (1, 2, 10, 25)), (60, 2, (2, 1, 16, 8)), (64, 4, (1, 1, 8, 8))],
)
def test_copy_in_counter_mode(checks, count, repeats, strides):
    """The mask counts the elements of every repeat, and blocks of all repeats keep their strides."""
    copy = compile_kernel(Path(__file__).parent / "kernels" / "copy_counter.cpp")
    source = np.arange(2048, dtype=np.int32)
    target = -np.arange(2048, dtype=np.int32)
    expected = target.copy()
    to_stride, from_stride, to_repeat, from_repeat = strides
    for repeat in range(repeats):
        for i in range(count):
            to = (repeat * to_repeat + i // 8 * to_stride) * 8 + i % 8
            expected[to] = source[(repeat * from_repeat + i // 8 * from_stride) * 8 + i % 8]
    run = copy(source, target, count, repeats, *strides, checks=checks)
    assert not run.findings, run.findings[0]
    np.testing.assert_array_equal(target, expected)
