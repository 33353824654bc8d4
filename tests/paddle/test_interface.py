# SPDX-License-Identifier: Apache-2.0
"""What users of Paddle's losses rely on: values, signatures, gradients, errors, and no copies."""

import inspect
import subprocess
import sys

import ml_dtypes
import numpy as np
import paddle
import pytest

import ascend_bce.numpy
from ascend_bce.paddle import BCELoss, BCEWithLogitsLoss, _loss, _tensors, functional
from paddle_arrays import to_numpy, to_paddle
from reference import input_gradient_terms

with_logits = functional.binary_cross_entropy_with_logits
plain = functional.binary_cross_entropy
rng = np.random.default_rng(0)


def normal(*shape):
    return paddle.to_tensor(rng.normal(0, 3, shape).astype(np.float32))


def uniform(*shape):
    return paddle.to_tensor(rng.uniform(0, 1, shape).astype(np.float32))


def differentiable(tensor):
    tensor.stop_gradient = False
    return tensor


def test_examples_of_the_documentation():
    label = paddle.to_tensor([1.0, 0.0, 1.0])
    logit, input = paddle.to_tensor([5.0, 1.0, 3.0]), paddle.to_tensor([0.5, 0.6, 0.7])
    for loss in with_logits(logit, label), BCEWithLogitsLoss()(logit, label):
        assert loss.item() == pytest.approx(0.45618808, abs=6e-8)  # exact: 0.45618813
        assert loss.shape == []
    for loss in plain(input, label), BCELoss()(input, label):
        assert loss.item() == pytest.approx(0.65537095, abs=6e-8)


def test_pos_weight_scales_a_far_positive():
    """Paddle once lost the pos_weight here and returned 14.913 (PaddlePaddle/Paddle#65859)."""
    logit, label = paddle.to_tensor([-14.913008]), paddle.to_tensor([1.0])
    loss = with_logits(logit, label, reduction="none", pos_weight=paddle.to_tensor(3.0))
    assert loss.item() == pytest.approx(44.739025, rel=1e-6)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "binary_cross_entropy_with_logits"])
def test_signatures_of_the_functions_are_paddles(name):
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (functional, paddle.nn.functional))
    assert [(p.name, p.default) for p in ours.parameters.values()] == [
        (p.name, p.default) for p in theirs.parameters.values()
    ]


def test_layers_are_paddles():
    weight, pos_weight = uniform(3), uniform(3)
    layer = BCEWithLogitsLoss(weight, "sum", pos_weight, "loss")
    assert isinstance(layer, paddle.nn.BCEWithLogitsLoss)
    assert (layer.reduction, layer.name) == ("sum", "loss")
    logit, label = normal(4, 3), uniform(4, 3)
    assert layer(logit, label).item() == with_logits(logit, label, weight, "sum", pos_weight).item()
    layer = BCELoss(weight, "none")
    assert isinstance(layer, paddle.nn.BCELoss)
    assert (layer(label, label) == plain(label, label, weight, "none")).all()


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "binary_cross_entropy_with_logits"])
def test_value_and_gradients_agree_with_paddles(loss, reduction):
    """Where Paddle is right: float32, and no gradient for the label, which it does not compute."""
    input = normal(6, 5) if loss.endswith("logits") else uniform(6, 5)
    label, weights = uniform(6, 5), {"weight": uniform(5)}
    if loss.endswith("logits"):
        weights["pos_weight"] = uniform(5)
    results = []
    for module in functional, paddle.nn.functional:
        arguments = [differentiable(tensor.clone().detach()) for tensor in (input, weights["weight"])]
        value = getattr(module, loss)(
            arguments[0], label, reduction=reduction, **{**weights, "weight": arguments[1]}
        )
        results.append([value, *paddle.grad(value.sum(), arguments)])
    for ours, theirs in zip(*results, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=2e-5, atol=1e-7)


def test_gradients_are_those_that_are_asked_for():
    logit, label = differentiable(normal(4, 3)), differentiable(uniform(4, 3))
    weight, pos_weight = differentiable(uniform(4, 1)), differentiable(uniform(3))
    arguments = (logit, label, weight, pos_weight)
    result = ascend_bce.numpy.binary_cross_entropy_with_logits(
        *(tensor.detach().numpy() for tensor in arguments),
        return_gradients=("input", "target", "weight", "pos_weight"),
    )
    loss = with_logits(logit, label, weight, pos_weight=pos_weight)
    for tensor, expected in zip(arguments, result[1:], strict=True):
        (gradient,) = paddle.grad(loss, [tensor], retain_graph=True)
        np.testing.assert_allclose(gradient.numpy(), expected, rtol=1e-6)
    loss.backward()
    for tensor, expected in zip(arguments, result[1:], strict=True):
        np.testing.assert_allclose(tensor.grad.numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("bfloat16", 2**-7)])
def test_the_gradient_that_comes_with_the_loss(monkeypatch, reduction, dtype, tolerance):
    called = []

    def call(name, *arguments):
        called.append(name.removeprefix("aclnnBinaryCrossEntropy"))
        return _tensors.call(name, *arguments)

    monkeypatch.setattr(_loss, "call", call)
    logit, label = differentiable(normal(40, 30).astype(dtype)), uniform(40, 30).astype(dtype)
    arrays = (tensor.detach().astype("float32").numpy().astype(np.float64) for tensor in (logit, label))
    expected = np.add(*input_gradient_terms(*arrays)) / (1200 if reduction == "mean" else 1)
    loss = with_logits(logit, label, reduction=reduction)
    # With paddle.grad, because a second backward() of any PyLayer ends Paddle 3.3 with a segmentation fault.
    (first,) = paddle.grad(loss * 3, [logit], retain_graph=True)
    assert called == ["WithLogitsLossAndGradient", "ScaleGradient"]
    (second,) = paddle.grad(loss * 2, [logit])  # the first gradient has been given away
    assert called[2:] == ["WithLogitsBackward"]
    for gradient, scale in (first, 3), (second, 2):
        close = {"rtol": tolerance, "atol": scale * tolerance * np.abs(expected).max()}
        np.testing.assert_allclose(to_numpy(gradient).astype(np.float64), scale * expected, **close)


def test_gradients_flow_through_a_model():
    paddle.seed(0)
    model = paddle.nn.Linear(3, 2)
    images, labels = normal(8, 3), (uniform(8, 2) > 0.5).astype("float32")
    gradients = []
    for layer in BCEWithLogitsLoss(), paddle.nn.BCEWithLogitsLoss():
        layer(model(images), labels).backward()
        gradients.append(model.weight.grad.numpy().copy())
        model.clear_gradients()
    np.testing.assert_allclose(*gradients, rtol=1e-5)


def test_no_gradient_where_none_is_wanted():
    logit, label = differentiable(normal(3)), uniform(3)
    with paddle.no_grad():
        assert with_logits(logit, label).stop_gradient
    assert with_logits(logit.detach(), label).stop_gradient
    assert not with_logits(logit, label).stop_gradient


def test_scaled_gradients_of_half_types():
    logit = differentiable(normal(50).astype("float16"))
    label = uniform(50).astype("float16")
    loss = with_logits(logit, label, reduction="none")
    outer = paddle.linspace(0.5, 3, 50).astype("float16")
    loss.backward(outer)
    expected = ascend_bce.numpy.binary_cross_entropy_with_logits(
        to_numpy(logit), to_numpy(label), reduction="none", return_gradients="input",
        grad_output=to_numpy(outer),
    )  # fmt: skip
    np.testing.assert_array_equal(logit.grad.numpy(), expected.input)


VIEWS = {
    "transposed": lambda tensor: tensor.transpose([1, 0]),
    "every second column": lambda tensor: tensor[:, ::2],
    "from the second row": lambda tensor: tensor[1:],
    "expanded": lambda tensor: tensor[:1].expand([4, 7]),
    "flipped": lambda tensor: tensor[::-1],
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_strided_tensors(view, dtype):
    logit, label = (VIEWS[view](make(4, 7).astype(dtype)) for make in (normal, uniform))
    loss = with_logits(logit, label, reduction="none")
    expected = ascend_bce.numpy.binary_cross_entropy_with_logits(
        to_numpy(logit), to_numpy(label), reduction="none"
    )
    np.testing.assert_array_equal(to_numpy(loss), expected)


def test_tensors_cross_without_a_copy(monkeypatch):
    from ascend_bce.paddle import _tensors

    crossed = []
    operand = _tensors._operand
    monkeypatch.setattr(_tensors, "_operand", lambda tensor: crossed.append(operand(tensor)) or crossed[-1])
    whole, label = normal(6, 8), uniform(8, 3)
    logit = whole[:, 1:7:2].transpose([1, 0])
    weight = uniform(1, 1).expand([3, 6])
    with_logits(logit, label.transpose([1, 0])[:, :6], weight)
    assert crossed[0][0] == whole.data_ptr() + 4
    assert crossed[0][1:3] == ((3, 6), (2, 8))
    assert crossed[1][0] == label.data_ptr()
    assert crossed[1][1:3] == ((3, 6), (1, 3))
    assert crossed[2][0] == weight.data_ptr()


X, T = np.zeros((3, 4), np.float32), np.zeros((3, 4), np.float32)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ((X, np.zeros((4, 3), np.float32)), ValueError, r"label .* shape \S*\[4, 3\].* logit, \S*\[3, 4\]"),
        ((X, np.zeros(4, np.float32)), ValueError, "label .* has shape"),
        ((X, T, np.zeros(3, np.float32)), ValueError, "weight .* does not broadcast to the shape of logit"),
        ((X, T, np.zeros((2, 3, 4), np.float32)), ValueError, "weight .* does not broadcast"),
        ((X, T, None, "none", np.zeros(5, np.float32)), ValueError, "pos_weight .* does not broadcast"),
        ((X.astype(np.float64), T), TypeError, r"logit .* is paddle.float64, .*astype\('float32'\)"),
        ((X, T.astype(np.int64)), TypeError, "label .* is paddle.int64"),
        ((X, T, np.zeros(4)), TypeError, "weight .* is paddle.float64"),
        ((np.zeros((1,) * 9, np.float32),) * 2, ValueError, "9 dimensions.* at most 8"),
    ],
)
def test_bad_tensors(arguments, error, text):
    arguments = [paddle.to_tensor(a) if isinstance(a, np.ndarray) else a for a in arguments]
    with pytest.raises(error, match=text):
        with_logits(*arguments)


@pytest.mark.parametrize("position", [0, 1, 2, 4])
def test_arguments_that_are_no_tensors(position):
    arguments = [paddle.to_tensor(X), paddle.to_tensor(T), None, "mean", None]
    arguments[position] = X
    name = ("logit", "label", "weight", "", "pos_weight")[position]
    with pytest.raises(ValueError, match=f"^{name} of .* must be a paddle.Tensor, but is a ndarray"):
        with_logits(*arguments)


@pytest.mark.parametrize("reduction", ["foo", "MEAN", None, 1])
def test_bad_reductions_are_refused_in_paddles_words(reduction):
    x, t = paddle.to_tensor(X), paddle.to_tensor(T)
    pairs = [
        (lambda m: m.functional.binary_cross_entropy_with_logits(x, t, reduction=reduction)),
        (lambda m: m.functional.binary_cross_entropy(x, t, reduction=reduction)),
        (lambda m: m.BCEWithLogitsLoss(reduction=reduction)),
        (lambda m: m.BCELoss(reduction=reduction)),
    ]
    for make in pairs:
        with pytest.raises(ValueError, match="value of 'reduction'") as theirs:
            make(paddle.nn)
        with pytest.raises(ValueError, match="value of 'reduction'") as ours:
            make(ascend_bce.paddle)
        assert str(ours.value) == str(theirs.value)


@pytest.mark.parametrize("value", [-0.1, 1.5, float("nan"), float("inf")])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_probabilities_outside_zero_and_one(value, dtype):
    input = paddle.to_tensor([0.5, value]).astype(dtype)
    with pytest.raises(ValueError, match="input must be between 0 and 1"):
        plain(input, paddle.to_tensor([0.0, 1.0]).astype(dtype))


def test_second_derivatives_are_refused_and_not_zero():
    logit = differentiable(normal(3))
    (gradient,) = paddle.grad(with_logits(logit, uniform(3)), [logit], create_graph=True)
    # Paddle makes an OSError of any error within its backward pass.
    with pytest.raises(OSError, match="have no second derivative"):
        gradient.sum().backward()


def test_arguments_modified_in_place_are_noticed():
    logit = differentiable(normal(3)) * 1
    loss = with_logits(logit, uniform(3))
    logit.add_(paddle.ones([3]))
    with pytest.raises(OSError, match="modified in place"):
        loss.backward()


def test_a_static_graph_is_refused_with_a_way_out():
    def step(logit, label):
        return with_logits(logit, label)

    logit, label = normal(3), uniform(3)
    with pytest.raises(RuntimeError, match="cannot be part of a static graph"):
        paddle.jit.to_static(step, full_graph=True)(logit, label)
    loss = paddle.jit.to_static(step, full_graph=False)(logit, label)
    assert loss.item() == step(logit, label).item()


def test_training_step_between_static_graphs():
    paddle.seed(0)
    model = paddle.nn.Linear(3, 2)
    images, labels = normal(8, 3), uniform(8, 2)

    def step(images, labels):
        return BCEWithLogitsLoss()(model(images), labels) * 2

    gradients = []
    for function in step, paddle.jit.to_static(step, full_graph=False):
        function(images, labels).backward()
        gradients.append(model.weight.grad.numpy().copy())
        model.clear_gradients()
    np.testing.assert_allclose(*gradients, rtol=1e-6)


def test_logits_of_a_half_type_and_float32_labels():
    model = paddle.nn.Linear(3, 2)
    logit, labels = model(normal(8, 3)).astype("bfloat16"), uniform(8, 2)
    loss = BCEWithLogitsLoss()(logit, labels)
    expected = ascend_bce.numpy.binary_cross_entropy_with_logits(to_numpy(logit), labels.numpy())
    assert loss.dtype == paddle.float32
    assert loss.item() == expected
    loss.backward()
    assert model.weight.grad.dtype == paddle.float32


def test_infinite_logits_give_the_limit():
    infinity = float("inf")
    logit = paddle.to_tensor([infinity, infinity, -infinity, -infinity])
    loss = with_logits(logit, paddle.to_tensor([0.0, 1.0, 0.0, 1.0]), reduction="none")
    assert loss.tolist() == [infinity, 0.0, 0.0, infinity]


def test_conversion_of_the_tests_keeps_bfloat16():
    array = np.array([1.5, -2.0, 3e38], ml_dtypes.bfloat16)
    np.testing.assert_array_equal(to_numpy(to_paddle(array)), array)


def test_a_missing_paddle_is_named(tmp_path):
    (tmp_path / "paddle.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'paddle'\", name='paddle')\n"
    )
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import ascend_bce.paddle"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.returncode == 1
    assert "ImportError: ascend_bce.paddle needs PaddlePaddle" in result.stderr
    assert "pip install 'ascend-bce[paddle]'" in result.stderr
