# SPDX-License-Identifier: Apache-2.0
"""The operators of CANN's own library that the simulator has, against NumPy in float64."""

import ctypes
from collections.abc import Callable
from ctypes import c_double, c_int, c_int64, c_void_p

import ml_dtypes
import numpy as np
import pytest

from aclnn_calls import DATA_TYPES, Aclnn
from ascend_bce.simulator import _library


@pytest.fixture(scope="module")
def aclnn() -> Aclnn:
    path = _library.home() / "lib" / "libascend_simulator.so"
    aclnn = Aclnn(path, path)
    aclnn.runtime.aclCreateScalar.restype = c_void_p
    return aclnn


def scalar(aclnn: Aclnn, value: float) -> c_void_p:
    holder = c_int64(value) if isinstance(value, int) else c_double(value)
    kind = DATA_TYPES["int64" if isinstance(value, int) else "float64"]
    return c_void_p(aclnn.runtime.aclCreateScalar(ctypes.byref(holder), c_int(kind)))


def sample(shape: tuple[int, ...], dtype: type = np.float32) -> np.ndarray:
    values = np.random.default_rng(len(shape)).uniform(0.1, 9, shape)
    return np.asarray(values).astype(dtype)


UNARY = {
    "Abs": np.abs,
    "Exp": np.exp,
    "Log": np.log,
    "Log1p": np.log1p,
    "Neg": np.negative,
    "Reciprocal": np.reciprocal,
    "Rsqrt": lambda x: 1 / np.sqrt(x),
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "Sqrt": np.sqrt,
}
BINARY = {"Div": np.divide, "Mul": np.multiply}
BINARY_WITH_ALPHA = {"Add": np.add, "Sub": np.subtract}


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("name", UNARY)
def test_of_one_tensor(aclnn: Aclnn, name: str, dtype: type) -> None:
    x = sample((7, 5), dtype).T[1:]  # strided
    out = np.zeros((4, 7), dtype)
    kind = np.dtype(dtype).name
    assert aclnn.call(f"aclnn{name}", aclnn.tensor(x, kind), aclnn.tensor(out, kind)).status == 0
    # Computed in float64 there, too, and rounded once; exp and log may differ by a bit of float64.
    np.testing.assert_allclose(
        out.astype(float), UNARY[name](x.astype(float)).astype(dtype).astype(float), rtol=1e-7
    )


@pytest.mark.parametrize("name", [*BINARY, *BINARY_WITH_ALPHA])
def test_of_two_tensors_that_broadcast(aclnn: Aclnn, name: str) -> None:
    function: Callable = (BINARY | BINARY_WITH_ALPHA)[name]
    alpha = (scalar(aclnn, 1),) if name in BINARY_WITH_ALPHA else ()
    x, y, out = sample((3, 1, 4)), sample((5, 1)), np.zeros((3, 5, 4), np.float32)
    tensors = aclnn.tensor(x), aclnn.tensor(y)
    assert aclnn.call(f"aclnn{name}", *tensors, *alpha, aclnn.tensor(out)).status == 0
    np.testing.assert_array_equal(out, function(x, y))
    assert aclnn.call(f"aclnn{name}s", tensors[0], scalar(aclnn, 2.5), *alpha, aclnn.tensor(out)).status == 0
    np.testing.assert_array_equal(out, np.broadcast_to(function(x, np.float32(2.5)), out.shape))


def test_alpha_scales_the_second_operand_and_integers_stay_exact(aclnn: Aclnn) -> None:
    x, one = np.array([2**62, -3]), np.array([1])
    out = np.zeros_like(x)
    tensors = aclnn.tensor(x), aclnn.tensor(one)
    assert aclnn.call("aclnnSub", *tensors, scalar(aclnn, 3), aclnn.tensor(out)).status == 0
    np.testing.assert_array_equal(out, [2**62 - 3, -6])


def test_in_place(aclnn: Aclnn) -> None:
    x = sample((2, 3, 4))
    view = x[:, 1:, ::2]
    rest = x[:, 0].copy()
    assert aclnn.call("aclnnInplaceOne", aclnn.tensor(view)).status == 0
    assert (view == 1).all()
    assert aclnn.call("aclnnInplaceFillScalar", aclnn.tensor(view), scalar(aclnn, 2.5)).status == 0
    assert (view == 2.5).all()
    source = np.array([[7], [8]], np.float16)
    assert aclnn.call("aclnnInplaceCopy", aclnn.tensor(view), aclnn.tensor(source)).status == 0
    assert (view[:, 0] == 7).all()
    assert (view[:, 1] == 8).all()
    assert aclnn.call("aclnnInplaceZero", aclnn.tensor(view)).status == 0
    assert (view == 0).all()
    assert (x[:, 0] == rest).all()


def test_cast_and_softplus(aclnn: Aclnn) -> None:
    x = np.array([-50.0, -1.5, 0.0, 2.5, 21.0, 90.0], np.float32)
    whole = np.zeros(6, np.int32)
    arguments = aclnn.tensor(x), c_int(DATA_TYPES["int32"]), aclnn.tensor(whole)
    assert aclnn.call("aclnnCast", *arguments).status == 0
    np.testing.assert_array_equal(whole, [-50, -1, 0, 2, 21, 90])
    out = np.zeros(6, np.float32)
    limits = scalar(aclnn, 1), scalar(aclnn, 20)
    assert aclnn.call("aclnnSoftplus", aclnn.tensor(x), *limits, aclnn.tensor(out)).status == 0
    np.testing.assert_allclose(out, np.logaddexp(0, x.astype(float)), rtol=1e-7)
    assert out[4] == 21


def test_wrong_arguments_are_refused(aclnn: Aclnn) -> None:
    out = aclnn.tensor(np.zeros((2, 3), np.float32))
    outcome = aclnn.call("aclnnMul", aclnn.tensor(sample((2, 3))), aclnn.tensor(sample((2,))), out)
    assert outcome.status == 161002
    assert "[2], which does not broadcast with [2,3]" in outcome.error
    outcome = aclnn.call("aclnnNeg", aclnn.tensor(sample((4, 2, 3))), out)
    assert outcome.status == 161002
    assert "give shape [4,2,3], but out has [2,3]" in outcome.error
    assert aclnn.call("aclnnNeg", c_void_p(), out).status == 161001


def test_empty_tensors(aclnn: Aclnn) -> None:
    x, out = np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32)
    tensors = aclnn.tensor(x), aclnn.tensor(np.ones(3, np.float32))
    assert aclnn.call("aclnnMul", *tensors, aclnn.tensor(out)).status == 0
