# SPDX-License-Identifier: Apache-2.0
"""Cast between every pair of element types in every form, and the scalar types half and bfloat16_t.

How values round is shown by test_lanes.py for every value; here the forms and the scalars are compared with
NumPy.
"""

import ctypes
from fractions import Fraction
from functools import cache
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascend_bce.simulator import Kernel, compile_kernel

IMAGE_BYTES = 4096
BLOCK = 32
COUNT, MASK, BITS, REGISTER = range(4)
F4, F2, BF = np.dtype("f4"), np.dtype("f2"), np.dtype(ml_dtypes.bfloat16)
I1, U1, I2, I4, I8 = (np.dtype(t) for t in ("i1", "u1", "i2", "i4", "i8"))
NONE, RINT, FLOOR, CEIL, TRUNC = 0, 1, 2, 3, 5
# (to, from) in the order of the kernel's numbers, and a rounding mode that the pair has.
PAIRS = [
    (F2, F4, RINT), (F4, F4, FLOOR), (BF, F4, RINT), (I2, F4, RINT), (I4, F4, CEIL), (I8, F4, TRUNC),
    (F4, F2, NONE), (I1, F2, RINT), (U1, F2, NONE), (I2, F2, FLOOR), (I4, F2, CEIL), (F4, BF, NONE),
    (I4, BF, TRUNC), (F2, I2, NONE), (F4, I2, NONE), (F4, I4, RINT), (I2, I4, NONE), (I8, I4, NONE),
    (F4, I8, RINT), (I4, I8, NONE), (F2, I1, NONE), (F2, U1, NONE), (F2, I4, NONE),
]  # fmt: skip
DEQUANTISE = 22
ROUND = {NONE: np.rint, RINT: np.rint, FLOOR: np.floor, CEIL: np.ceil, TRUNC: np.trunc}


class Tiling(ctypes.Structure):
    """CastTiling."""

    _fields_ = (
        ("op", ctypes.c_uint32),
        ("form", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
        ("repeats", ctypes.c_uint32),
        ("mask", ctypes.c_uint64 * 2),
        ("blockStride", ctypes.c_uint32 * 2),
        ("repeatStride", ctypes.c_uint32 * 2),
        ("roundMode", ctypes.c_uint32),
        ("ubBytes", ctypes.c_uint32),
    )


@cache
def kernel() -> Kernel:
    return compile_kernel(Path(__file__).parent / "kernels" / "vector_cast.cpp")


def run(dst: np.ndarray, src: np.ndarray, *, checks: str = "all", **fields: object) -> np.ndarray:
    buffers = [np.zeros(IMAGE_BYTES, np.uint8) for _ in range(2)]
    for buffer, image in zip(buffers, (dst, src), strict=True):
        raw = np.ascontiguousarray(image).view(np.uint8)
        buffer[: raw.size] = raw
    result = kernel()(*buffers, tiling=Tiling(ubBytes=IMAGE_BYTES, **fields), checks=checks)
    assert result.findings == []
    return buffers[0].view(dst.dtype)


def converted(values: np.ndarray, to: np.dtype, mode: int) -> np.ndarray:
    if to.kind in "iu":
        limits = np.iinfo(to)
        rounded = ROUND[mode](values.astype(np.float64)) if values.dtype.kind not in "iu" else values
        return np.clip(rounded, limits.min, limits.max).astype(to)
    return ROUND[mode](values).astype(to) if to == values.dtype else values.astype(to)


def places(dtype: np.dtype, repeat: int, lanes: np.ndarray, block: int, repeat_stride: int) -> np.ndarray:
    per_block = BLOCK // dtype.itemsize
    return repeat * repeat_stride * per_block + lanes // per_block * block * per_block + lanes % per_block


@settings(max_examples=600)
@given(
    op=st.integers(0, len(PAIRS) - 1), form=st.integers(0, 3), seed=st.integers(0, 2**32 - 1),
    fraction=st.floats(0, 1),
    repeats=st.integers(0, 4), bits=st.integers(0, 2**128 - 1), checks=st.sampled_from(["all", "none"]),
    blocks=st.tuples(st.integers(1, 2), st.integers(0, 2)),
    strides=st.tuples(st.integers(0, 9), st.integers(0, 9)),
)  # fmt: skip
def test_cast(op, form, seed, fraction, repeats, bits, checks, blocks, strides):
    to, source, mode = PAIRS[op]
    random = np.random.default_rng(seed)
    widest = max(to.itemsize, source.itemsize)
    lanes = 256 // widest
    if source.kind in "iu":
        limits = np.iinfo(source)
        src = random.integers(limits.min, limits.max, IMAGE_BYTES // source.itemsize, source, endpoint=True)
        if op == DEQUANTISE:
            src >>= 12
    else:
        src = random.normal(0, 60, IMAGE_BYTES // source.itemsize).astype(source)
    dst = np.frombuffer(random.bytes(IMAGE_BYTES), to).copy()
    if form == COUNT:
        count = int(fraction * (IMAGE_BYTES // widest))
        chosen = [(0, np.arange(count))]
        blocks, strides = (1, 1), (0, 0)
    elif form == MASK:
        count = max(int(fraction * lanes), 1)
        chosen = [(repeat, np.arange(count)) for repeat in range(repeats)]
    else:
        count = 0
        bits &= 2**lanes - 1  # more is a finding, as test_vector_rules.py has it
        there = np.array([i for i in range(lanes) if (bits >> i) & 1], int)
        chosen = [(repeat, there) for repeat in range(repeats)]
    expected = dst.copy()
    for repeat, lane in chosen:
        values = src[places(source, repeat, lane, blocks[1], strides[1])]
        if op == DEQUANTISE:
            values = values.astype(np.float32) * np.float32(0.125)
        expected[places(to, repeat, lane, blocks[0], strides[0])] = converted(values, to, mode)
    mask = (bits & (2**64 - 1), bits >> 64)
    actual = run(dst, src, op=op, form=form, count=count, repeats=repeats, mask=mask, blockStride=blocks,
                 repeatStride=strides, roundMode=mode, checks=checks)  # fmt: skip
    np.testing.assert_array_equal(actual.view(np.uint8), expected.view(np.uint8))


@pytest.mark.parametrize("op", [30, 31, 32, 33])
def test_multiply_add_of_half_into_float(op):
    random = np.random.default_rng(op)
    total = random.normal(0, 4, 1024).astype(np.float32)
    factor = random.normal(0, 4, 2048).astype(np.float16)
    count, repeats = 200, 3
    used = 64 * repeats if op in (31, 33) else count
    wide = factor[:used].astype(np.float32)
    expected = total.copy()
    expected[:used] += np.float32(1.5) * wide if op < 32 else wide * wide
    np.testing.assert_array_equal(run(total, factor, op=op, count=count, repeats=repeats), expected)


def correctly_rounded(value: Fraction, dtype: np.dtype) -> float:
    """Round to nearest even through exact fractions, subnormals and overflow included."""
    digits, lowest = (11, -24) if dtype == F2 else (8, -133)
    if value == 0:
        return 0.0
    exponent = abs(value).numerator.bit_length() - abs(value).denominator.bit_length()
    if abs(value) < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** max(exponent - digits + 1, lowest)
    rounded = round(value / unit) * unit
    return (
        float(rounded)
        if abs(rounded) <= Fraction(float(ml_dtypes.finfo(dtype).max))
        else np.sign(value) * np.inf
    )


def scalar_doubles() -> np.ndarray:
    """Values on and next to midpoints of halves and bfloat16s, which two roundings get wrong."""
    values = []
    random = np.random.default_rng(9)
    for dtype in (F2, BF):
        raw = random.integers(0, 2**16, 60, np.uint16).view(dtype).astype(np.float64)
        raw = raw[np.isfinite(raw)]
        up = (raw.astype(dtype).view(np.uint16) + 1).view(dtype).astype(np.float64)
        middle = ((raw + up) / 2)[np.isfinite(up)]
        values += [raw, middle, np.nextafter(middle, np.inf), np.nextafter(middle, -np.inf)]
    values += [[65519.999, 65520.0, 65536.0, 1e300, -1e300, 5e-324, 2.0**-25, 2.0**-24, 3.39e38, 0.0]]
    return np.concatenate(values)


def check_scalars(op: int, values: np.ndarray) -> None:
    for start in range(0, values.size, 500):
        part = values[start : start + 500]
        words = run(np.zeros(2048, np.uint16), part, op=op, count=part.size)
        for i, value in enumerate(part.tolist()):
            assert float(words[2 * i : 2 * i + 1].view(F2)[0]) == correctly_rounded(Fraction(value), F2), (
                value
            )
            assert float(words[2 * i + 1 : 2 * i + 2].view(BF)[0]) == correctly_rounded(
                Fraction(value), BF
            ), value


@pytest.mark.filterwarnings("ignore:.* encountered in:RuntimeWarning")
def test_scalars_from_double_round_once():
    check_scalars(40, scalar_doubles())


def test_scalars_from_integers_round_once():
    random = np.random.default_rng(2)
    values = random.integers(-(2**63), 2**63 - 1, 400) >> random.integers(0, 63, 400)
    # Just above a midpoint of two bfloat16s, by less than a double can hold.
    check_scalars(
        41,
        np.concatenate([values, [2**62 + 2**54 + 1, 2**62 + 2**54, 2**62 + 2**54 - 1, -(2**63), 2049, 2051]]),
    )


@pytest.mark.filterwarnings("ignore:.* encountered in:RuntimeWarning")
def test_scalars_to_float_are_exact():
    for start in range(0, 65536, 512):
        words = np.arange(start, start + 512, dtype=np.uint16)
        result = run(np.zeros(1024, np.float32), words, op=42, count=512)
        np.testing.assert_array_equal(result[::2], words.view(F2).astype(np.float32))
        np.testing.assert_array_equal(result[1::2], words.view(BF).astype(np.float32))
