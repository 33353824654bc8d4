# SPDX-License-Identifier: Apache-2.0
"""What users of the array functions rely on: values, views, gradients by name, and errors."""

import doctest
import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest

import ascend_bce.numpy
from ascend_bce.numpy import binary_cross_entropy, binary_cross_entropy_with_logits
from reference import probability_loss_terms

rng = np.random.default_rng(0)


def normal(*shape):
    return rng.normal(0, 3, shape).astype(np.float32)


def uniform(*shape):
    return rng.uniform(0, 1, shape).astype(np.float32)


def test_examples_of_the_frameworks_documentations():
    logits, target = np.float32([5, 1, 3]), np.float32([1, 0, 1])
    assert binary_cross_entropy_with_logits(logits, target) == pytest.approx(0.45618808, abs=6e-8)
    logits = np.float32([[-0.8, 1.2, 0.7], [-0.1, -0.4, 0.7]])
    target = np.float32([[0.3, 0.8, 1.2], [-0.6, 0.1, 2.2]])
    ones = np.ones(3, np.float32)
    loss = binary_cross_entropy_with_logits(logits, target, ones, ones)
    assert loss == pytest.approx(0.3463612, abs=6e-8)
    loss = binary_cross_entropy(np.float32([0.2, 0.7, 0.1]), np.float32([0, 1, 0]), np.float32([1, 2, 2]))
    assert loss == pytest.approx(0.38240486, abs=6e-8)
    assert isinstance(loss, np.float32)


def test_example_of_the_module():
    examples = doctest.testmod(ascend_bce.numpy, extraglobs={"np": np})
    assert examples.attempted > 0
    assert examples.failed == 0


def test_poles_of_probabilities_are_held_at_100():
    x, t = np.float32([0, 1, 0, 1, 0]), np.float32([0, 1, 1, 0, 0.5])
    result = binary_cross_entropy(x, t, reduction="none", return_gradients=["input", "target"])
    np.testing.assert_array_equal(result.loss, [0, 0, 100, 100, 50])
    np.testing.assert_allclose(result.input, [0, 0, -1e12, 1e12, -5e11], rtol=1e-6)
    np.testing.assert_array_equal(result.target, [np.inf, -np.inf, np.inf, -np.inf, np.inf])


def test_numbers_as_weights():
    logits, target = normal(5), uniform(5)
    numbers = binary_cross_entropy_with_logits(
        logits, target, 2, 0.5, return_gradients=("weight", "pos_weight")
    )
    arrays = binary_cross_entropy_with_logits(
        logits, target, np.float32(2), np.float32(0.5), return_gradients=("weight", "pos_weight")
    )
    assert numbers == arrays
    assert numbers.weight.shape == numbers.pos_weight.shape == ()


def test_gradients_are_those_asked_for():
    arguments = normal(4), uniform(4), uniform(4), uniform(4)
    everything = ("input", "target", "weight", "pos_weight")
    whole = binary_cross_entropy_with_logits(*arguments, return_gradients=everything)
    assert whole.loss == binary_cross_entropy_with_logits(*arguments)
    for name in everything:
        for asked in (name, [name]):
            one = binary_cross_entropy_with_logits(*arguments, return_gradients=asked)
            np.testing.assert_array_equal(getattr(one, name), getattr(whole, name))
            assert all(getattr(one, other) is None for other in everything if other != name)
    assert binary_cross_entropy_with_logits(*arguments, return_gradients=()).loss == whole.loss


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("loss", [binary_cross_entropy, binary_cross_entropy_with_logits])
def test_grad_output_scales_every_gradient(loss, reduction):
    names = ["input", "target", "weight"]
    arguments = uniform(4, 3), uniform(4, 3), uniform(3)
    options = {"reduction": reduction, "return_gradients": names}
    once = loss(*arguments, **options)
    twice = loss(*arguments, **options, grad_output=2)
    for name in names:
        np.testing.assert_array_equal(getattr(twice, name), 2 * getattr(once, name))


def test_grad_output_of_every_element():
    x, t, weight, grad_output = uniform(4, 3), uniform(4, 3), uniform(4, 1), normal(4, 3)
    gradient = binary_cross_entropy(
        x, t, weight, "none", return_gradients="weight", grad_output=grad_output
    ).weight
    slopes = sum(probability_loss_terms(x.astype(np.float64), t.astype(np.float64))) * grad_output
    np.testing.assert_allclose(gradient, slopes.sum(axis=1, keepdims=True), rtol=1e-6)


def test_an_infinite_logit_of_another_class_leaves_the_pos_weight_gradient_finite():
    logits, target = np.float32([-np.inf, 1]), np.float32([0, 1])
    weight = np.float32(1)
    result = binary_cross_entropy_with_logits(
        logits, target, None, weight, "sum", return_gradients="pos_weight"
    )
    assert result.pos_weight == pytest.approx(np.log1p(np.exp(-1)))


def _field(array):
    """Return a view whose elements are five or three bytes apart and not aligned."""
    records = np.zeros(array.shape, [("flag", "S1"), ("value", array.dtype)])
    records["value"] = array
    return records["value"]


VIEWS = {
    "transposed": lambda array: array.T,
    "every second column": lambda array: array[:, ::2],
    "from the second row": lambda array: array[1:],
    "expanded": lambda array: np.broadcast_to(array[:1], (4, 7)),
    "backwards": lambda array: array[::-1, ::-1],
    "field of a record": _field,
    "read-only": lambda array: array.setflags(write=False) or array,
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("loss", [binary_cross_entropy, binary_cross_entropy_with_logits])
def test_views(view, dtype, loss):
    x, t, weight = (VIEWS[view](uniform(4, 7).astype(dtype)) for _ in range(3))
    options = {"reduction": "none", "return_gradients": ["input", "target", "weight"]}
    viewed = loss(x, t, weight, **options)
    compact = loss(*(np.ascontiguousarray(array) for array in (x, t, weight)), **options)
    for one, other in zip(viewed[:4], compact[:4], strict=True):
        np.testing.assert_array_equal(one, other)


def test_views_are_not_copied(monkeypatch):
    crossed = []
    operand = ascend_bce.numpy._operand
    monkeypatch.setattr(
        ascend_bce.numpy, "_operand", lambda array: crossed.append(operand(array)) or crossed[-1]
    )
    whole, target = normal(6, 8), uniform(8, 3)
    weight = uniform(1)
    binary_cross_entropy_with_logits(whole[:, 1:7:2].T, target.T[:, :6], np.broadcast_to(weight, (3, 6)))
    assert crossed[0][:3] == (whole.ctypes.data + 4, (3, 6), (2, 8))
    assert crossed[1][:3] == (target.ctypes.data, (3, 6), (1, 3))
    assert crossed[2][:3] == (weight.ctypes.data, (3, 6), (0, 0))


def test_arguments_are_left_as_they_are():
    arguments = normal(3, 4), uniform(3, 4), uniform(4), uniform(3, 1)
    before = [array.copy() for array in arguments]
    binary_cross_entropy_with_logits(*arguments, return_gradients=["input", "target", "weight", "pos_weight"])
    for array, copy in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(array, copy)


X = np.full((3, 4), 0.5, np.float32)
BAD = [
    ({"target": X[:2]}, ValueError, r"target has shape \(2, 4\), but must have the shape of .*, \(3, 4\)"),
    ({"weight": X[0, :3]}, ValueError, r"weight has shape \(3,\), which does not broadcast"),
    ({"weight": X[None]}, ValueError, r"weight has shape \(1, 3, 4\), which does not broadcast"),
    ({"target": X.astype(np.float64)}, TypeError, "target is float64, .*numpy.asarray.target, numpy.float32"),
    ({"target": X.astype(">f4")}, TypeError, "target is >f4"),
    ({"target": X.astype(int)}, TypeError, "target is int64"),
    ({"target": "text"}, TypeError, "target is <U4"),
    ({"weight": np.ones(4)}, TypeError, "weight is float64"),
    ({"reduction": "average"}, ValueError, "reduction is 'average', but must be 'none', 'mean' or 'sum'"),
    ({"reduction": None}, ValueError, "reduction is None"),
    ({"return_gradients": "logits"}, ValueError, "names 'logits', but this loss has those of input, target"),
    ({"return_gradients": ["weight"]}, ValueError, "names 'weight', but there is no weight"),
    ({"return_gradients": "input", "grad_output": X}, ValueError, r"grad_output has shape \(3, 4\), .* \(\)"),
]


@pytest.mark.parametrize("loss", [binary_cross_entropy, binary_cross_entropy_with_logits])
@pytest.mark.parametrize(("arguments", "error", "text"), BAD)
def test_bad_arguments(loss, arguments, error, text):
    with pytest.raises(error, match=text):
        loss(X, **{"target": X, **arguments})


@pytest.mark.parametrize("loss", [binary_cross_entropy, binary_cross_entropy_with_logits])
def test_nine_dimensions(loss):
    x = X.reshape((1,) * 7 + (3, 4))
    with pytest.raises(ValueError, match=r"9 dimensions, .* at most 8 are supported"):
        loss(x, x)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("value", [-0.1, 1.5, np.nan, np.inf])
def test_probabilities_outside_zero_and_one(dtype, value):
    x = np.array([[0.5, 1], [0, value]]).astype(dtype)
    with pytest.raises(ValueError, match=r"probabilities must be between 0 and 1, but at \(1, 1\) there is"):
        binary_cross_entropy(x, x)


def test_another_backend_is_refused_and_not_replaced():
    script = (
        "import numpy as np; from ascend_bce.numpy import binary_cross_entropy as loss;"
        "x = np.full(3, 0.5, np.float32); loss(x, x)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], env={"ASCEND_BCE_BACKEND": "cann"}, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "ASCEND_BCE_BACKEND=cann, but this ascend-bce was built for the simulator" in result.stderr


def test_only_numpy_is_imported():
    script = (
        "import sys, ascend_bce.numpy; "
        "print(sorted({'torch', 'mindspore', 'paddle', 'ml_dtypes'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
