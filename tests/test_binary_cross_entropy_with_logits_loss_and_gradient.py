# SPDX-License-Identifier: Apache-2.0
"""Loss and gradient in one pass, and the operator that scales this gradient, by the C ABI.

The operators that compute one of both are tested against float64 elsewhere; here the values must be theirs.
"""

from ctypes import c_int64

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aclnn_calls import Aclnn
from ascend_bce import _aclnn

FUSED = "aclnnBinaryCrossEntropyWithLogitsLossAndGradient"
SCALE = "aclnnBinaryCrossEntropyScaleGradient"
LOSS = "aclnnBinaryCrossEntropyWithLogits"
GRADIENT = "aclnnBinaryCrossEntropyWithLogitsBackward"
MEAN, SUM = 1, 2
NULL, INVALID = 161001, 161002
DTYPES = {"float32": np.float32, "bfloat16": ml_dtypes.bfloat16}


@pytest.fixture(scope="module")
def aclnn():
    return Aclnn(_aclnn.SIMULATOR, _aclnn.OPERATORS)


def run(aclnn, function, *arguments):
    outcome = aclnn.call(function, *arguments)
    assert outcome.status == 0, outcome.error


def bits(array):
    return array.view(np.uint16 if array.itemsize == 2 else np.uint32)


def problem(shape, input_dtype, target_dtype, seed):
    random = np.random.default_rng(seed)
    x = random.normal(0, 8, shape).astype(DTYPES[input_dtype])
    t = random.choice([0, 0.25, 1], shape).astype(DTYPES[target_dtype])
    return x, t


def both_ways(aclnn, x, t, weight, pos_weight, reduction):
    """Return loss and gradient of the fused operator, and of the two that it replaces."""
    tensors = [aclnn.tensor(array) for array in (x, t, weight, pos_weight)]
    fused_loss, loss = np.empty((2, 1), t.dtype)
    fused_gradient, gradient = np.full((2, *x.shape), 9, x.dtype)
    ones = aclnn.tensor(np.ones(1, t.dtype))
    run(aclnn, FUSED, *tensors, c_int64(reduction), aclnn.tensor(fused_loss), aclnn.tensor(fused_gradient))
    run(aclnn, LOSS, *tensors, c_int64(reduction), aclnn.tensor(loss))
    run(aclnn, GRADIENT, ones, *tensors, c_int64(reduction), aclnn.tensor(gradient))
    return (fused_loss, fused_gradient), (loss, gradient)


@settings(max_examples=60, deadline=None)
@given(
    shape=st.sampled_from([(0,), (1,), (7,), (8, 13), (4097,), (3, 5000), (2, 70_001)]),
    dtypes=st.tuples(st.sampled_from(list(DTYPES)), st.sampled_from(list(DTYPES))),
    weight=st.sampled_from([None, "row", "whole", "one"]),
    pos_weight=st.sampled_from([None, "class", "whole"]),
    reduction=st.sampled_from([MEAN, SUM]),
    seed=st.integers(0, 1000),
)
def test_is_the_loss_and_the_gradient(aclnn, shape, dtypes, weight, pos_weight, reduction, seed):
    x, t = problem(shape, *dtypes, seed)
    shapes = {"row": (*shape[:-1], 1), "class": shape[-1:], "whole": shape, "one": (1,)}
    random = np.random.default_rng(seed)
    w, p = (
        None if name is None else random.uniform(0.1, 3, shapes[name]).astype(np.float32)
        for name in (weight, pos_weight)
    )
    fused, separate = both_ways(aclnn, x, t, w, p, reduction)
    for ours, theirs in zip(fused, separate, strict=True):
        np.testing.assert_array_equal(bits(ours), bits(theirs))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pos_weight", [None, 0.0, 2.0])
def test_limits_and_nan(aclnn, dtype, pos_weight):
    x, t = problem((2, 5000), dtype, dtype, 1)
    x[0, 7], t[0, 7] = np.inf, 1  # a loss of 0
    p = None if pos_weight is None else np.array([pos_weight], np.float32)
    (loss, gradient), separate = both_ways(aclnn, x, t, None, p, MEAN)
    assert np.isfinite(loss).all()
    assert np.isfinite(gradient).all()
    assert (loss, gradient[0, 7]) == (separate[0], 0)

    x[1, 9] = np.nan
    (loss, gradient), _ = both_ways(aclnn, x, t, None, p, MEAN)
    assert np.isnan(loss)
    assert np.argwhere(np.isnan(gradient)).tolist() == [[1, 9]]


def test_strided_operands(aclnn):
    x, t = problem((60, 100), "float32", "float32", 2)
    p = np.linspace(0.5, 2, 200, dtype=np.float32)[::2]
    fused, _ = both_ways(aclnn, x.T, t.T[::-1], None, p[:60], SUM)
    compact, _ = both_ways(
        aclnn, np.ascontiguousarray(x.T), np.ascontiguousarray(t.T[::-1]), None, p[:60].copy(), SUM
    )
    assert (fused[0] == compact[0]).all()
    assert (fused[1] == compact[1]).all()

    gradient = np.full((100, 120), 7, np.float32)
    tensors = (aclnn.tensor(x.T), aclnn.tensor(t.T), aclnn.tensor(None), aclnn.tensor(None))
    loss = np.empty(1, np.float32)
    run(aclnn, FUSED, *tensors, c_int64(SUM), aclnn.tensor(loss), aclnn.tensor(gradient[:, ::2]))
    assert (gradient[:, 1::2] == 7).all()
    assert (gradient[:, ::2] != 7).all()


@pytest.mark.parametrize("count", [0, 1, 9, 4096, 100_003])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("scale_dtype", DTYPES)
@pytest.mark.parametrize("scale", [1.0, -2.5, 0.0, np.inf])
def test_scale(aclnn, count, dtype, scale_dtype, scale):
    gradient = np.random.default_rng(3).normal(0, 1, count).astype(DTYPES[dtype])
    factor = np.array(scale, DTYPES[scale_dtype])
    expected = (gradient.astype(np.float64) * float(factor)).astype(np.float32).astype(DTYPES[dtype])
    run(aclnn, SCALE, aclnn.tensor(factor), aclnn.tensor(gradient))
    np.testing.assert_array_equal(bits(gradient), bits(expected))


def refusal(aclnn, function, *arguments):
    outcome = aclnn.call(function, *arguments)
    assert outcome.status in (NULL, INVALID)
    return outcome.error


def test_refusals(aclnn):
    x, t = problem((4, 5), "float32", "float32", 4)
    loss, gradient = np.empty(1, np.float32), np.empty_like(x)
    none = aclnn.tensor(None)
    whole = [aclnn.tensor(x), aclnn.tensor(t), none, none]
    out = [aclnn.tensor(loss), aclnn.tensor(gradient)]
    half = aclnn.tensor(x.astype(np.float16))
    fused = [aclnn, FUSED]
    assert "reduction is 0 (none)" in refusal(*fused, *whole, c_int64(0), out[1], out[1])
    assert "self is float16, but float32 and bfloat16" in refusal(*fused, half, *whole[1:], c_int64(1), *out)
    assert "gradient is null" in refusal(*fused, *whole, c_int64(1), out[0], none)
    assert "gradient has shape [1]" in refusal(*fused, *whole, c_int64(1), out[0], out[0])
    wrong = aclnn.tensor(x.astype(ml_dtypes.bfloat16))
    assert "must be DT_FLOAT as self is" in refusal(*fused, *whole, c_int64(1), out[0], wrong)
    assert "gradOutput has shape [4,5]" in refusal(aclnn, SCALE, out[1], out[1])
    assert "must be contiguous" in refusal(aclnn, SCALE, out[0], aclnn.tensor(x.T))
    assert "gradient is float16" in refusal(aclnn, SCALE, out[0], half)
