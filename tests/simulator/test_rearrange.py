# SPDX-License-Identifier: Apache-2.0
"""Instructions that collect, transpose, spread, sort and add rows, against NumPy."""

import ctypes
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascend_bce.simulator import Kernel, compile_kernel

BYTES = 16384  # of each tensor
FEATURES = {
    "float": ("float32", ["MOVABLE", "FLOATING", "TRANSPOSE"]),
    "half": ("float16", ["MOVABLE", "FLOATING", "TRANSPOSE", "HALFWORD"]),
    "int32_t": ("int32", ["MOVABLE", "TRANSPOSE"]),
    "uint16_t": ("uint16", ["MOVABLE", "TRANSPOSE", "HALFWORD"]),
    "int8_t": ("int8", []),
}
MOVABLE = [element for element in FEATURES if element != "int8_t"]


class Tiling(ctypes.Structure):
    """RearrangeTiling."""

    _fields_ = (
        ("op", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
        ("repeats", ctypes.c_uint32),
        *((name, ctypes.c_uint32) for name in "abcd"),
        ("mask", ctypes.c_uint64 * 2),
        ("elements", ctypes.c_uint32),
        ("words", ctypes.c_uint32),
    )


@cache
def kernel(element: str) -> Kernel:
    defines = {"ELEMENT": element} | dict.fromkeys(FEATURES[element][1], 1)
    return compile_kernel(Path(__file__).parent / "kernels" / "rearrange.cpp", defines=defines)


class Image:
    """Random tensors of one element type, and what an instruction makes of them."""

    def __init__(self, element: str, seed: int = 0) -> None:
        self.element = element
        self.dtype = np.dtype(FEATURES[element][0])
        self.size = BYTES // self.dtype.itemsize
        self.lanes = 256 // self.dtype.itemsize
        self.random = np.random.default_rng(seed)
        self.a = self.values(self.size)
        self.before = self.values(self.size)
        self.words = self.random.integers(0, 1 << 32, BYTES // 4, dtype=np.uint32)
        self.counts = np.zeros(1, np.uint64)

    def values(self, size: int) -> np.ndarray:
        if self.dtype.kind == "f":
            return self.random.normal(0, 8, size).astype(self.dtype)
        limits = np.iinfo(self.dtype)
        return self.random.integers(limits.min, limits.max, size, self.dtype, endpoint=True)

    def run(self, op: int, **fields: object) -> np.ndarray:
        result = self.before.copy()
        mask = (ctypes.c_uint64 * 2)(*fields.pop("mask", (0, 0)))
        tiling = Tiling(op=op, mask=mask, elements=self.size, words=self.words.size, **fields)
        done = kernel(self.element)(self.a, self.words, result, self.counts, tiling=tiling)
        assert not done.findings, done.findings[0]
        return result

    def bits(self, count: int) -> np.ndarray:
        return np.unpackbits(self.words.view(np.uint8), bitorder="little")[:count].astype(bool)


def same(actual: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(actual.view(np.uint8), expected.view(np.uint8))


# ---- Collecting ----


@settings(max_examples=40, deadline=None)
@given(
    element=st.sampled_from(MOVABLE),
    pattern=st.integers(0, 7),  # 0: bits of a tensor
    count=st.integers(0, 300),  # 0: whole repeats
    repeats=st.integers(1, 4),
    block=st.integers(1, 2),
    stride=st.sampled_from([0, 8, 16, 32]),
    bits_stride=st.integers(0, 3),
    seed=st.integers(0, 99),
)
def test_gather_mask(element, pattern, count, repeats, block, stride, bits_stride, seed):
    image = Image(element, seed)
    per_block = 32 // image.dtype.itemsize
    elements = count if count else image.lanes
    lane = np.arange(elements)
    fixed = {1: (0, 2), 2: (1, 3), 3: (0,), 4: (1,), 5: (2,), 6: (3,), 7: (0, 1, 2, 3)}
    kept = []
    for repeat in range(repeats):
        values = image.a[(repeat * stride + lane // per_block * block) * per_block + lane % per_block]
        if pattern:
            chosen = np.isin(lane % 4, fixed[pattern])
        else:
            chosen = image.bits(BYTES * 8)[repeat * bits_stride * 256 :][:elements]
        kept.append(values[chosen])
    kept = np.concatenate(kept)
    expected = image.before.copy()
    expected[: kept.size] = kept
    fields = {"a": block, "b": stride, "c": bits_stride, "d": pattern, "count": count, "repeats": repeats}
    same(image.run(0 if pattern else 1, **fields), expected)
    assert image.counts[0] == kept.size


@settings(max_examples=20, deadline=None)
@given(
    element=st.sampled_from(MOVABLE),
    repeats=st.integers(1, 4),
    base=st.sampled_from([0, 32, 100]),
    stride=st.sampled_from([8, 9]),
    count=st.integers(1, 64),
    bits=st.one_of(st.none(), st.integers(1, (1 << 64) - 1)),
    seed=st.integers(0, 99),
)
def test_gather_in_repeats(element, repeats, base, stride, count, bits, seed):
    image = Image(element, seed)
    width = image.dtype.itemsize
    index = image.random.integers(0, 1000, repeats * image.lanes).astype(np.uint32)
    image.words[: index.size] = index * width
    lane = np.arange(image.lanes)
    chosen = (
        lane < count
        if bits is None
        else (lane < 64) & (bits >> np.minimum(lane, 63).astype(object) & 1).astype(bool)
    )
    expected = image.before.copy()
    for repeat in range(repeats):
        target = repeat * stride * 32 // width + lane
        expected[target[chosen]] = image.a[index[repeat * image.lanes + lane] + base // width][chosen]
    op = 2 if bits is None else 3
    same(image.run(op, a=base, b=stride, count=count, repeats=repeats, mask=(bits or 0, 0)), expected)


@settings(max_examples=15, deadline=None)
@given(
    element=st.sampled_from(MOVABLE),
    repeats=st.integers(1, 4),
    block=st.integers(0, 2),
    stride=st.sampled_from([16, 20]),
    seed=st.integers(0, 99),
)
def test_gatherb(element, repeats, block, stride, seed):
    image = Image(element, seed)
    index = image.random.integers(0, BYTES // 32, repeats * 8).astype(np.uint32)
    image.words[: index.size] = index * 32
    expected = image.before.copy()
    blocks, source = expected.view(np.uint8).reshape(-1, 32), image.a.view(np.uint8).reshape(-1, 32)
    for i in range(index.size):
        blocks[i // 8 * stride + i % 8 * (block or 1)] = source[index[i]]
    same(image.run(4, a=block, b=stride, repeats=repeats), expected)


# ---- Transposing and spreading ----


@settings(max_examples=40, deadline=None)
@given(
    element=st.sampled_from(list(FEATURES)),
    op=st.sampled_from([5, 6]),
    repeats=st.integers(1, 4),
    gaps=st.tuples(st.integers(4, 6), st.integers(4, 6)),
    strides=st.tuples(st.integers(0, 1), st.just(1)),
    halves=st.tuples(st.integers(0, 1), st.integers(0, 1)),
    seed=st.integers(0, 99),
)
def test_trans_data(element, op, repeats, gaps, strides, halves, seed):
    """A single repeat begins one stride further on."""
    image = Image(element, seed)
    width = image.dtype.itemsize
    expected = image.before.copy()
    to, source = expected.reshape(-1, 32 // width), image.a.reshape(-1, 32 // width)
    (from_gap, to_gap), (from_stride, to_stride), (to_high, from_high) = gaps, strides, halves
    for repeat in range(repeats):
        step = 1 if repeats == 1 else repeat
        blocks = source[np.arange(16) * from_gap + step * from_stride]
        targets = np.arange(16) * to_gap + step * to_stride
        if width == 1:
            to[targets, 16 * to_high : 16 * to_high + 16] = blocks[:, 16 * from_high : 16 * from_high + 16].T
        else:
            to[targets] = blocks.T.reshape(16, -1)
    fields = {"a": from_gap, "b": to_gap, "c": to_stride, "d": from_stride, "mask": (to_high, from_high)}
    same(image.run(op, repeats=repeats, **fields), expected)


@pytest.mark.parametrize("element", ["half", "uint16_t"])
def test_transpose(element):
    image = Image(element)
    expected = image.before.copy()
    expected[:256] = image.a[:256].reshape(16, 16).T.ravel()
    same(image.run(8), expected)


@settings(max_examples=15, deadline=None)
@given(element=st.sampled_from(MOVABLE), back=st.booleans(), shape=st.tuples(*[st.integers(1, 6)] * 4))
def test_transpose_of_images(element, back, shape):
    image = Image(element)
    n, c, h, w = shape
    size = n * c * h * w
    order = ((n, h, w, c), (0, 3, 1, 2)) if back else ((n, c, h, w), (0, 2, 3, 1))
    expected = image.before.copy()
    expected[:size] = image.a[:size].reshape(order[0]).transpose(order[1]).ravel()
    same(image.run(9, a=n, b=c, c=h, d=w, count=back), expected)


@settings(max_examples=20, deadline=None)
@given(
    element=st.sampled_from(list(FEATURES)),
    kind=st.integers(0, 2),
    rows=st.integers(1, 20),
    columns=st.integers(1, 100),
    copies=st.booleans(),
)
def test_broadcast(element, kind, rows, columns, copies):
    image = Image(element)
    to = (rows, columns) if kind < 2 else (columns, 1)
    source = to if copies else ((1, columns), (rows, 1), (1, 1))[kind]
    values = image.a[: source[0] * source[1]].reshape(source)
    expected = image.before.copy()
    expected[: to[0] * to[1]] = np.broadcast_to(values, to).ravel()
    actual = image.run(7, a=source[0], b=source[1], c=to[0], d=to[1], count=kind)
    same(actual, expected)


# ---- Sorting ----


def sorted_bytes(scores: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Return elements of eight bytes, best first."""
    order = np.argsort(-scores.astype(np.float64), kind="stable")
    elements = np.zeros((scores.size, 8), np.uint8)
    elements[:, : scores.itemsize] = scores[order].view(np.uint8).reshape(scores.size, -1)
    elements[:, 4:] = index[order].view(np.uint8).reshape(scores.size, 4)
    return elements


@pytest.mark.parametrize("element", ["float", "half"])
@pytest.mark.parametrize(("op", "repeats"), [(10, 1), (10, 5), (11, 1), (11, 6)])
def test_sort(element, op, repeats):
    image = Image(element, repeats)
    image.a = np.round(image.a)  # many are equal
    groups = np.split(np.arange(repeats * 32), repeats if op == 10 else 1)
    expected = image.before.copy()
    for group in groups:
        expected.view(np.uint8).reshape(-1, 8)[group] = sorted_bytes(image.a[group], image.words[group])
    same(image.run(op, repeats=repeats), expected)


def queues(image: Image, lengths: tuple[int, ...]) -> list[np.ndarray]:
    made = [
        sorted_bytes(np.round(image.values(n)), image.random.integers(0, 99, n).astype(np.uint32))
        for n in lengths
    ]
    image.a.view(np.uint8)[: sum(lengths) * 8] = np.concatenate(made).ravel()
    return made


@settings(max_examples=30, deadline=None)
@given(
    element=st.sampled_from(["float", "half"]),
    lengths=st.lists(st.integers(1, 60), min_size=2, max_size=4),
    stops=st.booleans(),
    seed=st.integers(0, 99),
)
def test_merge(element, lengths, stops, seed):
    image = Image(element, seed)
    parts = queues(image, tuple(lengths))
    scores = np.concatenate([p[:, : image.dtype.itemsize].copy().view(image.dtype)[:, 0] for p in parts])
    owner = np.repeat(np.arange(len(lengths)), lengths)
    order = np.argsort(-scores.astype(np.float64), kind="stable")
    if stops:  # until the first queue is empty
        last = min(np.flatnonzero(owner[order] == queue)[-1] for queue in range(len(lengths)))
        order = order[: last + 1]
    expected = image.before.copy()
    expected.view(np.uint8).reshape(-1, 8)[: order.size] = np.concatenate(parts)[order]
    fields = dict(zip("abcd", lengths, strict=False))
    valid = (1 << len(lengths)) - 1
    same(image.run(12, repeats=1, count=stops, mask=(valid, 0), **fields), expected)
    used = np.bincount(owner[order], minlength=4)
    assert [int(image.counts[0]) >> (16 * i) & 0xFFFF for i in range(4)] == list(used)


@pytest.mark.parametrize("element", ["float", "half"])
def test_merge_in_repeats(element):
    image = Image(element)
    parts = queues(image, (32,) * 8)
    expected = image.before.copy()
    for half in (0, 1):
        joined = np.concatenate(parts[4 * half : 4 * half + 4])
        scores = joined[:, : image.dtype.itemsize].copy().view(image.dtype)[:, 0]
        order = np.argsort(-scores.astype(np.float64), kind="stable")
        expected.view(np.uint8).reshape(-1, 8)[half * 128 :][:128] = joined[order]
    same(image.run(12, repeats=2, a=32, b=32, c=32, d=32, mask=(15, 0)), expected)


@pytest.mark.parametrize("element", ["float", "half"])
def test_extract(element):
    image = Image(element)
    elements = queues(image, (96,))[0]
    expected = image.before.copy()
    expected[:96] = elements[:, : image.dtype.itemsize].copy().view(image.dtype)[:, 0]
    same(image.run(13, repeats=3), expected)
    np.testing.assert_array_equal(image.words[:96], elements[:, 4:].copy().view(np.uint32)[:, 0])


# ---- Adding rows ----


@settings(max_examples=20, deadline=None)
@given(
    element=st.sampled_from(["float", "half"]),
    rows=st.integers(1, 8),
    blocks=st.integers(1, 12),
    padding=st.integers(0, 7),
    form=st.integers(0, 1),
)
def test_sum_and_mean(element, rows, blocks, padding, form):
    image = Image(element)
    inner = blocks * 32 // image.dtype.itemsize
    count = inner - padding
    image.a = image.random.integers(-8, 9, image.size).astype(image.dtype)  # exact sums
    sums = image.a[: rows * inner].reshape(rows, inner)[:, :count].astype(np.float32).sum(1)
    expected = image.before.copy()
    expected[:rows] = sums.astype(image.dtype)
    fields = {"a": rows, "b": inner, "c": count}
    same(image.run(14, count=form, **fields), expected)
    expected[:rows] = (
        sums.astype(image.dtype).astype(np.float32) * (np.float32(1) / np.float32(count))
    ).astype(image.dtype)
    same(image.run(15, **fields), expected)


@pytest.mark.parametrize("element", ["float", "half"])
def test_accumulated_value(element):
    image = Image(element)
    image.a = image.random.integers(0, 9, image.size).astype(image.dtype)
    image.run(16, count=150)
    assert image.counts[0] == image.a[:150].astype(np.int64).sum()
