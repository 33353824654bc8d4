# SPDX-License-Identifier: Apache-2.0
"""Vector instructions in every form against NumPy, over random masks, strides and repeats.

One kernel holds all instructions of an element type (kernels/vector.cpp). The model below works on the images
of unified buffer that enter and leave it, so that an element written outside of the mask fails a test too.
"""

import ctypes
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascend_bce.simulator import Kernel, compile_kernel

IMAGE_BYTES = 4096
BLOCK = 32
COUNT, MASK, BITS, REGISTER, COUNTER = range(5)

# Infinities and NaNs are meant to be among the values.
pytestmark = pytest.mark.filterwarnings("ignore:.* encountered in:RuntimeWarning")

FEATURES = {
    "float": ("float32", ["ARITHMETIC", "FLOATING"]),
    "half": ("float16", ["ARITHMETIC", "FLOATING"]),
    "int16_t": ("int16", ["ARITHMETIC", "BITWISE", "SHIFTS"]),
    "int32_t": ("int32", ["ARITHMETIC", "SHIFTS"]),
    "uint16_t": ("uint16", ["BITWISE", "SHIFTS"]),
}


class Tiling(ctypes.Structure):
    """VectorTiling."""

    _fields_ = (
        ("op", ctypes.c_uint32),
        ("form", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
        ("repeats", ctypes.c_uint32),
        ("mask", ctypes.c_uint64 * 2),
        ("blockStride", ctypes.c_uint32 * 3),
        ("repeatStride", ctypes.c_uint32 * 3),
        ("mode", ctypes.c_uint32),
        ("scalar", ctypes.c_uint32),
        ("ubBytes", ctypes.c_uint32),
    )


@cache
def kernel(element: str) -> Kernel:
    defines = {"ELEMENT": element} | dict.fromkeys(FEATURES[element][1], 1)
    return compile_kernel(Path(__file__).parent / "kernels" / "vector.cpp", defines=defines)


@dataclass
class Call:
    """A call's parameters; strides are those of dst, src0, src1."""

    element: str
    op: int
    form: int = COUNT
    count: int = 0
    repeats: int = 1
    bits: int = 0
    block_strides: tuple[int, int, int] = (1, 1, 1)
    repeat_strides: tuple[int, int, int] = (8, 8, 8)
    mode: int = 0
    scalar: float = 0
    checks: str = "all"
    seed: int = 0
    dtype: np.dtype = field(init=False)

    def __post_init__(self) -> None:
        self.dtype = np.dtype(FEATURES[self.element][0])

    @property
    def lanes(self) -> int:
        return 256 // self.dtype.itemsize

    def images(self) -> list[np.ndarray]:
        """Return random images of dst, src0 and src1."""
        random = np.random.default_rng(self.seed)
        size = IMAGE_BYTES // self.dtype.itemsize
        if self.dtype.kind in "iu":
            limits = np.iinfo(self.dtype)
            return [
                random.integers(limits.min, limits.max, size, self.dtype, endpoint=True) for _ in range(3)
            ]
        return [random.normal(0, 8, size).astype(self.dtype) for _ in range(3)]

    def masks(self) -> list[np.ndarray]:
        """Return, for every repeat, the lanes that take part."""
        lane = np.arange(self.lanes)
        if self.form in (COUNT, COUNTER):
            repeats = -(-self.count // self.lanes)
            return [lane[lane + repeat * self.lanes < self.count] for repeat in range(repeats)]
        if self.form == MASK:
            return [lane[: self.count]] * self.repeats
        chosen = np.array([(self.bits >> i) & 1 for i in range(self.lanes)], bool)
        return [lane[chosen]] * self.repeats if chosen.any() else []

    def places(self, operand: int, repeat: int, lanes: np.ndarray) -> np.ndarray:
        """Return the indices of lanes of an operand in its image."""
        per_block = BLOCK // self.dtype.itemsize
        block, repeat_stride = (1, 8) if self.form == COUNT else (
            self.block_strides[operand], self.repeat_strides[operand]
        )  # fmt: skip
        return repeat * repeat_stride * per_block + lanes // per_block * block * per_block + lanes % per_block

    def typed_scalar(self) -> np.ndarray:
        return np.array([self.scalar]).astype(self.dtype)

    def run(self, images: list[np.ndarray]) -> np.ndarray:
        """Launch the kernel; the first image is what it leaves."""
        scalar = int.from_bytes(self.typed_scalar().tobytes(), "little")
        mask = (self.bits & (2**64 - 1), self.bits >> 64)
        tiling = Tiling(
            self.op, self.form, self.count, self.repeats, mask, self.block_strides, self.repeat_strides,
            self.mode, scalar, IMAGE_BYTES,
        )  # fmt: skip
        buffers = [image.copy() for image in images]
        run = kernel(self.element)(*buffers, tiling=tiling, checks=self.checks)
        assert run.findings == []
        return buffers[0]


def assert_same(actual: np.ndarray, expected: np.ndarray, ulp: int = 0) -> None:
    """Compare all bits of two images, NaN with NaN; `ulp` apart is close enough."""
    if actual.dtype.kind in "iu":
        np.testing.assert_array_equal(actual, expected)
        return
    np.testing.assert_array_equal(np.isnan(actual), np.isnan(expected))
    number = ~np.isnan(actual)
    signed = {2: np.int16, 4: np.int32}[actual.dtype.itemsize]
    a, b = (np.where(x < 0, signed(np.iinfo(signed).min) - x, x).astype(np.int64) for x in
            (actual[number].view(signed), expected[number].view(signed)))  # fmt: skip
    off = np.abs(a - b) > ulp
    assert not off.any(), (np.flatnonzero(off)[:5], actual[number][off][:5], expected[number][off][:5])


# ---- What each instruction computes ----


def widen(x: np.ndarray) -> np.ndarray:
    """Return floats as the float32 that arithmetic runs in; integers as they are."""
    return x.astype(np.float32) if x.dtype.kind == "f" else x


def shift_right(a: np.ndarray, scalar: np.ndarray) -> np.ndarray:
    width = 8 * a.dtype.itemsize
    return (
        a >> np.minimum(scalar, width - 1).astype(a.dtype)
        if scalar[0] < width or a.dtype.kind == "i"
        else a * 0
    )


# By the kernel's numbers: dst, src0, src1 and the scalar, floats widened, to the result before it is rounded.
ARITHMETIC = {
    0: lambda d, a, b, s: a + b,
    1: lambda d, a, b, s: a - b,
    2: lambda d, a, b, s: a * b,
    3: lambda d, a, b, s: np.maximum(a, b),
    4: lambda d, a, b, s: np.minimum(a, b),
    5: lambda d, a, b, s: a + s,
    6: lambda d, a, b, s: a * s,
    7: lambda d, a, b, s: np.maximum(a, s),
    8: lambda d, a, b, s: np.minimum(a, s),
}
FLOATING = {
    9: lambda d, a, b, s: a / b,
    10: lambda d, a, b, s: np.maximum(a, np.float32(0)),
    11: lambda d, a, b, s: np.exp(a.astype(np.float64)).astype(np.float32),
    12: lambda d, a, b, s: np.log(a.astype(np.float64)).astype(np.float32),
    13: lambda d, a, b, s: np.abs(a),
    14: lambda d, a, b, s: np.float32(1) / a,
    15: lambda d, a, b, s: np.sqrt(a),
    16: lambda d, a, b, s: (1 / np.sqrt(a.astype(np.float64))).astype(np.float32),
    17: lambda d, a, b, s: np.where(a >= 0, a, a * s),
}
# Product, addend, and whether Relu follows.
MULTIPLY_ADD = {
    18: lambda d, a, b, s: (a * b, d, False),
    19: lambda d, a, b, s: (a * d, b, False),
    20: lambda d, a, b, s: (a * d, b, True),
    21: lambda d, a, b, s: (s * a, d, False),
}
THEN_RELU = {22: lambda d, a, b, s: a + b, 23: lambda d, a, b, s: a - b}
BITWISE = {30: lambda d, a, b, s: a & b, 31: lambda d, a, b, s: a | b, 32: lambda d, a, b, s: ~a}
SHIFTS = {
    33: lambda d, a, b, s: a << s if s[0] < 8 * a.dtype.itemsize else a * 0,
    34: lambda d, a, b, s: shift_right(a, s),
}
# How many ULP off is close enough, where not 0: the model's own exp and log round twice.
CLOSE = {11: 1, 12: 1}
MOVES = {40: lambda d, a, b, s: np.broadcast_to(s, a.shape), 41: lambda d, a, b, s: a}

OPS = {
    "float": [*ARITHMETIC, *FLOATING, *MULTIPLY_ADD, *THEN_RELU, *MOVES],
    "half": [*ARITHMETIC, *FLOATING, *MULTIPLY_ADD, *THEN_RELU, *MOVES],
    "int16_t": [*ARITHMETIC, *BITWISE, *SHIFTS, *MOVES],
    "int32_t": [*ARITHMETIC, *SHIFTS, *MOVES],
    "uint16_t": [*BITWISE, *SHIFTS, *MOVES],
}


def compute(op: int, d: np.ndarray, a: np.ndarray, b: np.ndarray, s: np.ndarray) -> np.ndarray:
    dtype = d.dtype
    operands = [x if op in MOVES else widen(x) for x in (d, a, b, s)]
    if op in MULTIPLY_ADD:
        product, addend, relu = MULTIPLY_ADD[op](*operands)
        total = widen(product.astype(dtype)) + addend
        return (np.maximum(total, np.float32(0)) if relu else total).astype(dtype)
    if op in THEN_RELU:
        total = widen(THEN_RELU[op](*operands).astype(dtype))
        return np.maximum(total, np.float32(0)).astype(dtype)
    for table in (ARITHMETIC, FLOATING, BITWISE, SHIFTS, MOVES):
        if op in table:
            return table[op](*operands).astype(dtype)
    raise KeyError(op)


def expected_elementwise(call: Call, images: list[np.ndarray]) -> np.ndarray:
    result = images[0].copy()
    for repeat, lanes in enumerate(call.masks()):
        at = [call.places(operand, repeat, lanes) for operand in range(3)]
        values = compute(call.op, result[at[0]], images[1][at[1]], images[2][at[2]], call.typed_scalar())
        result[at[0]] = values
    return result


# ---- Strategies ----

SEED = st.integers(0, 2**32 - 1)
# Fast kernels are compiled for the two types that matter most; both builds run the same loops.
CHECKS = {element: ["all", "none"] if element in ("float", "half") else ["all"] for element in FEATURES}


@st.composite
def calls(draw, ops=None, forms=(COUNT, MASK, BITS, REGISTER, COUNTER), elements=tuple(FEATURES)):
    element = draw(st.sampled_from(elements))
    lanes = 256 // np.dtype(FEATURES[element][0]).itemsize
    form = draw(st.sampled_from(forms))
    most = {COUNT: IMAGE_BYTES * lanes // 256, COUNTER: 3 * lanes, MASK: lanes}.get(form, 0)
    integral = FEATURES[element][0][0] in "iu"
    scalar = draw(st.integers(0, 17) if integral else st.floats(-4, 4, width=16))
    return Call(
        element=element,
        op=draw(st.sampled_from(ops if ops is not None else OPS[element])),
        form=form,
        count=draw(st.integers(1, most)) if most else 0,
        repeats=draw(st.integers(0, 4)),
        bits=draw(st.one_of(st.integers(0, 2**lanes - 1), st.just(2**lanes - 1))),
        # A source may give the same block to all of a repeat; a destination would keep the last.
        block_strides=tuple(draw(st.sampled_from(some)) for some in ([1, 1, 2, 3], *[[1, 1, 0, 2, 3]] * 2)),
        repeat_strides=tuple(draw(st.sampled_from([8, 8, 8, 0, 1, 9, 16])) for _ in range(3)),
        scalar=scalar,
        checks=draw(st.sampled_from(CHECKS[element])),
        seed=draw(SEED),
    )


# ---- Tests ----


@settings(max_examples=1500)
@given(call=calls())
def test_elementwise(call):
    images = call.images()
    if call.op in (12, 15, 16):
        images[1] = np.abs(images[1])
    if call.op == 41 and call.form in (COUNT, COUNTER):  # Copy has no count form, and counts for every repeat
        return
    assert_same(call.run(images), expected_elementwise(call, images), CLOSE.get(call.op, 0))


@settings(max_examples=100)
@given(call=calls(ops=[0, 2, 3, 4, 10, 13], elements=("float", "half")))
def test_special_values(call):
    random = np.random.default_rng(call.seed)
    special = np.array([0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 6e-8, 65504], call.dtype)
    images = [random.choice(special, IMAGE_BYTES // call.dtype.itemsize) for _ in range(3)]
    actual, expected = call.run(images), expected_elementwise(call, images)
    if call.op in (3, 4, 10):  # which of two zeros wins is not promised
        actual, expected = actual + call.dtype.type(0), expected + call.dtype.type(0)
    assert_same(actual, expected)


@settings(max_examples=60)
@given(element=st.sampled_from(sorted(FEATURES)), repeats=st.integers(0, 4), block=st.integers(1, 3),
       repeat=st.sampled_from([8, 9, 16]), seed=SEED)  # fmt: skip
def test_brcb(element, repeats, block, repeat, seed):
    strides = (block, 1, 1), (repeat, 8, 8)
    call = Call(element, 42, MASK, 0, repeats, 0, *strides, seed=seed)
    images = call.images()
    expected = images[0].copy()
    for r in range(repeats):
        for b in range(8):
            start = (r * repeat + b * block) * BLOCK // call.dtype.itemsize
            expected[start : start + BLOCK // call.dtype.itemsize] = images[1][r * 8 + b]
    assert_same(call.run(images), expected)


@settings(max_examples=40)
@given(
    element=st.sampled_from(sorted(FEATURES)), count=st.integers(0, 512), base=st.integers(0, 8), seed=SEED
)
def test_gather(element, count, base, seed):
    call = Call(element, 43, count=count, bits=base * 4, seed=seed)
    images = call.images()
    size = call.dtype.itemsize
    offsets = np.random.default_rng(seed).integers(0, 1000, IMAGE_BYTES // 4).astype(np.uint32) * size
    images[2] = offsets.view(call.dtype)
    expected = images[0].copy()
    expected[:count] = images[1][(offsets[:count] + base * 4) // size]
    assert_same(call.run(images), expected)


@settings(max_examples=40)
@given(call=calls(ops=[44], forms=(COUNT, MASK, BITS), elements=("float", "half")))
def test_create_vec_index(call):
    images = call.images()
    expected = images[0].copy()
    for repeat, lanes in enumerate(call.masks()):
        index = np.float32(call.typed_scalar()) + (repeat * call.lanes + lanes).astype(np.float32)
        expected[call.places(0, repeat, lanes)] = index.astype(call.dtype)
    assert_same(call.run(images), expected)


COMPARE = [np.less, np.greater, np.equal, np.less_equal, np.greater_equal, np.not_equal]


@settings(max_examples=200)
@given(
    call=calls(ops=[50, 51, 54], forms=(COUNT, MASK, BITS), elements=("float", "half")),
    mode=st.integers(0, 5),
)
def test_compare(call, mode):
    call.mode = mode
    if call.op == 54:
        call.form, call.repeats = MASK, 1
    if call.form == COUNT:
        call.count = call.count // call.lanes * call.lanes
        call.repeats = call.count // call.lanes
    random = np.random.default_rng(call.seed)
    values = np.array([-2, -0.0, 0, 1, 2, np.inf, np.nan], call.dtype)
    images = [random.choice(values, IMAGE_BYTES // call.dtype.itemsize) for _ in range(3)]
    call.scalar = 1
    expected = images[0].copy().view(np.uint8)
    every = np.arange(call.lanes)  # whatever the mask says
    for repeat in range(call.repeats):
        a = images[1][call.places(1, repeat, every)]
        b = call.typed_scalar() if call.op == 51 else images[2][call.places(2, repeat, every)]
        start = repeat * call.lanes // 8
        packed = np.packbits(COMPARE[mode](a, b), bitorder="little")
        expected[start : start + call.lanes // 8] = packed
    actual = call.run(images).view(np.uint8)
    written = call.repeats * call.lanes // 8
    if call.op == 54 and call.element == "float":
        actual[8:16] = expected[8:16]  # the upper half of the mask is not of this repeat
    np.testing.assert_array_equal(actual[:written], expected[:written])
    np.testing.assert_array_equal(actual[max(written, 16) :], expected[max(written, 16) :])


@settings(max_examples=300)
@given(call=calls(ops=[52, 53], elements=("float", "half")), mode=st.sampled_from([0, 2]))
def test_select(call, mode):
    call.mode = mode if call.op == 52 else 1
    if call.op == 53 and call.form in (REGISTER, COUNTER):
        call.form = MASK
        call.count = min(call.count, call.lanes) or 1
    if call.op == 52:  # src0 is the destination: within a repeat they must not overlap in part
        call.block_strides = (call.block_strides[0], *call.block_strides[::2])
        call.repeat_strides = (call.repeat_strides[0], *call.repeat_strides[::2])
    images = call.images()
    random = np.random.default_rng(call.seed + 1)
    bits = random.integers(0, 256, IMAGE_BYTES, np.uint8)
    images[2] = bits.view(call.dtype)
    chosen = np.unpackbits(bits, bitorder="little").astype(bool)
    same_every_repeat = call.mode == 0 or call.form in (REGISTER, COUNTER)
    expected = images[0].copy()
    for repeat, lanes in enumerate(call.masks()):
        take = chosen[lanes + (0 if same_every_repeat else repeat * call.lanes)]
        at = [call.places(operand, repeat, lanes) for operand in range(3)]
        if call.op == 52:  # Select(c, bits, c, a): strides of src0 apply to c, those of src1 to a
            values = np.where(take, expected[at[1]], images[1][at[2]])
        else:
            values = np.where(take, images[1][at[1]], call.typed_scalar())
        expected[at[0]] = values
    assert_same(call.run(images), expected)


# ---- Reductions ----


def tree(values: np.ndarray, mask: np.ndarray, combine) -> np.ndarray | None:
    """Reduce masked values, neighbours first; None if the mask has none."""
    level = [v if there else None for v, there in zip(values, mask, strict=True)]
    while len(level) > 1:
        level = [b if a is None else a if b is None else combine(a, b)
                 for a, b in zip(level[::2], level[1::2], strict=True)]  # fmt: skip
    return level[0]


def add(a, b):
    return a.dtype.type(np.float32(a) + np.float32(b))


def index_bits(index: int, dtype: np.dtype) -> np.ndarray:
    return np.array([index], {2: np.uint16, 4: np.uint32}[dtype.itemsize]).view(dtype)[0]


def repeats_of(call: Call, image: np.ndarray):
    """Yield values of all lanes of each repeat of src0, and which take part."""
    every = np.arange(call.lanes)
    for repeat, lanes in enumerate(call.masks()):
        places = call.places(1, repeat, every)
        values = np.where(places < image.size, image[np.minimum(places, image.size - 1)], image[0])
        yield values, np.isin(every, lanes)


REDUCE = {60: add, 63: add, 64: np.maximum, 65: np.minimum, 66: add, 67: add}


@settings(max_examples=300)
@given(call=calls(ops=list(REDUCE), forms=(MASK, BITS), elements=("float", "half")))
def test_group_reductions(call):
    if call.op == 67:
        call.form, call.count = MASK, max(call.count, 1)
    width = {60: call.lanes, 67: call.lanes, 66: 2}.get(call.op, BLOCK // call.dtype.itemsize)
    stride = min(call.repeat_strides[0], 9)
    call.repeat_strides = (stride, *call.repeat_strides[1:])
    images = call.images()
    expected = images[0].copy()
    for repeat, (values, mask) in enumerate(repeats_of(call, images[1])):
        for group in range(call.lanes // width):
            part = slice(group * width, (group + 1) * width)
            result = tree(values[part], mask[part], REDUCE[call.op])
            if result is not None:
                expected[repeat * stride * (call.lanes // width) + group] = result
    assert_same(call.run(images), expected)


@settings(max_examples=200)
@given(call=calls(ops=[61, 62], forms=(MASK, BITS), elements=("float", "half")), order=st.integers(0, 3))
def test_whole_reduce_extremes(call, order):
    call.mode = order
    stride = min(call.repeat_strides[0], 9)
    call.repeat_strides = (stride, *call.repeat_strides[1:])
    images = call.images()
    images[1] = np.round(images[1])  # ties
    expected = images[0].copy()
    size = call.dtype.itemsize
    for repeat, (values, mask) in enumerate(repeats_of(call, images[1])):
        lanes = np.flatnonzero(mask)
        index = int(lanes[(np.argmax if call.op == 61 else np.argmin)(values[lanes])])
        value, bits = values[index : index + 1].tobytes(), index.to_bytes(size, "little")
        written = [value + bits, bits + value, value, index.to_bytes(4, "little")][order]
        start = repeat * stride * len(written)
        expected.view(np.uint8)[start : start + len(written)] = np.frombuffer(written, np.uint8)
    np.testing.assert_array_equal(call.run(images).view(np.uint8), expected.view(np.uint8))


@settings(max_examples=30)
@given(call=calls(ops=range(60, 67), forms=(MASK, BITS), elements=("float", "half")), order=st.integers(0, 3))
def test_later_names(call, order):
    """ReduceRepeat, ReduceDataBlock and ReducePairElem do what the earlier names do, tested above."""
    call.mode = order
    call.repeat_strides = (min(call.repeat_strides[0], 9), *call.repeat_strides[1:])
    earlier = call.run(call.images())
    call.op += 100
    np.testing.assert_array_equal(call.run(call.images()).view(np.uint8), earlier.view(np.uint8))


@settings(max_examples=200)
@given(
    call=calls(ops=[70, 71, 72], forms=(COUNT, MASK, BITS), elements=("float", "half")), index=st.booleans()
)
def test_reduce_everything(call, index):
    call.block_strides = (1, 1, 1)
    call.mode = int(index and call.op != 70)
    images = call.images()
    expected = images[0].copy()
    parts = list(repeats_of(call, images[1]))
    if parts and call.op == 70:
        sums = [tree(values, mask, add) for values, mask in parts]
        if call.form == COUNT:
            total = sums[0]
            for value in sums[1:]:
                total = add(total, value)
            sums = [total]
        while len(sums) > 1:
            padded = sums + [None] * (-len(sums) % call.lanes)
            groups = [padded[i : i + call.lanes] for i in range(0, len(padded), call.lanes)]
            sums = [
                tree([v if v is not None else sums[0] for v in g], [v is not None for v in g], add)
                for g in groups
            ]
        expected[0] = sums[0]
    elif parts:
        flat = np.concatenate([values for values, _ in parts])
        there = np.flatnonzero(np.concatenate([mask for _, mask in parts]))
        best = int(there[(np.argmax if call.op == 71 else np.argmin)(flat[there])])
        expected[0] = flat[best]
        if call.mode:
            expected[1] = index_bits(best, call.dtype)
    np.testing.assert_array_equal(call.run(images).view(np.uint8), expected.view(np.uint8))
