# SPDX-License-Identifier: Apache-2.0
"""High-level functions of rows against NumPy in double precision."""

import ctypes
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Kernel, compile_kernel

SOFTMAX, SOFTMAX_ALONE, SIMPLE, GRAD, FRONT, LOG, LAYER_NORM, RMS_NORM = range(8)
TYPES = {"float": np.float32, "half": np.float16}
SHAPES = [(1, 8, 8), (5, 64, 64), (3, 80, 73), (2, 272, 257)]  # rows, stride, elements that count
EPSILON = 1e-3


class Tiling(ctypes.Structure):
    """RowsTiling."""

    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("op", "temporary", "rows", "stride", "count")),
        ("epsilon", ctypes.c_float),
    )


@cache
def kernel(element: str, sums: str) -> Kernel:
    defines = {"ELEMENT": element, "SUMS": sums} | ({"SAME": 1} if element == sums else {})
    return compile_kernel(Path(__file__).parent / "kernels" / "rows.cpp", defines=defines)


class Call:
    """Random rows, what goes in and what comes out."""

    def __init__(self, element: str, sums: str, shape: tuple[int, int, int]) -> None:
        self.element, self.sums = element, sums
        self.rows, stride, self.count = shape
        blocks = 32 // np.dtype(TYPES[element]).itemsize
        self.stride = -(-stride // blocks) * blocks
        random = np.random.default_rng(sum(shape))
        self.x, self.y, self.z = (
            random.normal(0, 2, (max(self.rows, 2), self.stride)).astype(TYPES[element]) for _ in range(3)
        )
        self.u, self.v = (
            np.full((max(self.rows, 2), 32 // np.dtype(TYPES[sums]).itemsize), 5, TYPES[sums]) for _ in "uv"
        )

    def run(self, op: int, temporary: int) -> np.ndarray:
        """Return the rows' elements that count; the others must stay as they were."""
        before = self.z.copy()
        tiling = Tiling(op, temporary, max(self.rows, 2), self.stride, self.count, EPSILON)
        done = kernel(self.element, self.sums)(self.x, self.y, self.z, self.u, self.v, tiling=tiling)
        assert not done.findings, done.findings[0]
        if op != FRONT:
            np.testing.assert_array_equal(self.z[:, self.count :], before[:, self.count :])
        return self.z[:, : self.count]

    @property
    def wide(self) -> np.ndarray:
        return self.x[:, : self.count].astype(np.float64)


def close(actual: np.ndarray, exact: np.ndarray) -> None:
    unit = np.finfo(actual.dtype).eps
    tolerance = 4e-6 if actual.dtype == np.float32 else unit
    np.testing.assert_allclose(actual.astype(np.float64), exact, rtol=tolerance, atol=tolerance)


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True), e.sum(1), x.max(1)


PAIRS = [("float", "float"), ("half", "half"), ("half", "float")]
everywhere = pytest.mark.parametrize("shape", SHAPES)
with_or_without = pytest.mark.parametrize("temporary", [0, 1])


@everywhere
@with_or_without
@pytest.mark.parametrize("types", PAIRS)
def test_softmax(types, shape, temporary):
    call = Call(*types, shape)
    exact, sums, largest = softmax(call.wide)
    close(call.run(SOFTMAX, temporary), exact)
    close(call.u, np.broadcast_to(sums[:, None], call.u.shape))
    np.testing.assert_array_equal(call.v, np.broadcast_to(largest[:, None], call.v.shape))
    again = call.run(SIMPLE, temporary)
    np.testing.assert_allclose(
        again.astype(float), exact, rtol=4e-3 if types[1] == "half" else 2e-3, atol=1e-6
    )


@everywhere
@with_or_without
@pytest.mark.parametrize("element", TYPES)
def test_softmax_alone(element, shape, temporary):
    call = Call(element, element, shape)
    close(call.run(SOFTMAX_ALONE, temporary), softmax(call.wide)[0])
    np.testing.assert_array_equal(call.u, 5)


@everywhere
@pytest.mark.parametrize("element", TYPES)
def test_log_softmax(element, shape):
    call = Call(element, element, shape)
    _, sums, largest = softmax(call.wide)
    close(call.run(LOG, 1), call.wide - largest[:, None] - np.log(sums)[:, None])
    close(call.u, np.broadcast_to(sums[:, None], call.u.shape))


@everywhere
@with_or_without
@pytest.mark.parametrize("element", TYPES)
def test_softmax_grad(element, shape, temporary):
    call = Call(element, element, shape)
    call.x[:, : call.count] = softmax(call.wide)[0]
    gradient = call.y[:, : call.count].astype(np.float64)
    front = (gradient * call.wide).sum(1, keepdims=True)
    close(call.run(GRAD, temporary), (gradient - front) * call.wide)
    call.run(FRONT, temporary)
    blocks = call.z.ravel()[: len(front) * 32 // call.z.itemsize].reshape(len(front), -1)
    close(blocks, np.broadcast_to(front, blocks.shape))


@everywhere
@with_or_without
@pytest.mark.parametrize("element", TYPES)
def test_layer_norm(element, shape, temporary):
    call = Call(element, element, shape)
    gamma, beta = call.y[:2, : call.count].astype(np.float64)
    mean, variance = call.wide.mean(1), call.wide.var(1)
    epsilon = float(TYPES[element](EPSILON))
    exact = (call.wide - mean[:, None]) / np.sqrt(variance + epsilon)[:, None] * gamma + beta
    close(call.run(LAYER_NORM, temporary), exact)
    close(call.u.ravel()[: len(mean)], mean)
    close(call.v.ravel()[: len(mean)], variance)


@everywhere
@with_or_without
@pytest.mark.parametrize("element", TYPES)
def test_rms_norm(element, shape, temporary):
    call = Call(element, element, shape)
    gamma = call.y[0, : call.count].astype(np.float64)
    epsilon = float(TYPES[element](EPSILON))
    close(
        call.run(RMS_NORM, temporary),
        call.wide / np.sqrt((call.wide**2).mean(1, keepdims=True) + epsilon) * gamma,
    )
