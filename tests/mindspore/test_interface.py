# SPDX-License-Identifier: Apache-2.0
"""What users of MindSpore's losses rely on: values, signatures, errors, modes, views, what is loaded."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import mindspore
import numpy as np
import pytest
from mindspore import Parameter, Tensor, mint, nn, ops

from ascend_bce import _aclnn
from ascend_bce.mindspore import (
    BCELoss,
    BCEWithLogitsLoss,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
)
from reference import input_gradient_terms, loss_terms

EXAMPLES = Path(__file__).parents[2] / "examples"
FUNCTIONS = {"with_logits": binary_cross_entropy_with_logits, "on_probabilities": binary_cross_entropy}


def tensor(values, dtype=mindspore.float32):
    return Tensor(np.asarray(values, np.float32)).astype(dtype)


LOGITS = [[-0.8, 1.2, 0.7], [-0.1, -0.4, 0.7]]
LOGITS_TARGET = [[0.3, 0.8, 1.2], [-0.6, 0.1, 2.2]]


def test_documentation_of_mint_with_logits(compiled):
    function = compiled(binary_cross_entropy_with_logits)
    ones = tensor([1, 1, 1])
    loss = function(tensor(LOGITS), tensor(LOGITS_TARGET), ones, "mean", ones)
    assert loss.asnumpy() == pytest.approx(0.3463612, abs=5e-8)
    loss = BCEWithLogitsLoss()(tensor(LOGITS), tensor(LOGITS_TARGET))
    assert loss.asnumpy() == pytest.approx(0.3463612, abs=5e-8)


def test_documentation_of_ops(compiled):
    loss = compiled(binary_cross_entropy)(tensor([0.2, 0.7, 0.1]), tensor([0, 1, 0]), tensor([1, 2, 2]))
    assert loss.asnumpy() == pytest.approx(0.38240486, abs=5e-8)


def test_documentation_of_nn_bce_loss():
    loss = BCELoss(weight=tensor([[1, 2, 3], [4, 3.3, 2.2]]))
    value = loss(tensor([[0.1, 0.2, 0.3], [0.5, 0.7, 0.9]]), tensor([[0, 1, 0], [0, 0, 1]]))
    assert value.asnumpy() == pytest.approx(1.8952923, abs=2e-7)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(mindspore.float32, 1e-6), (mindspore.bfloat16, 2**-7)])
def test_the_gradient_that_comes_with_the_loss(monkeypatch, reduction, dtype, tolerance):
    called = []

    def call(adapter, name, *arguments):
        called.append(name)
        call_on_host(adapter, name, *arguments)

    call_on_host = _aclnn.call_on_host
    monkeypatch.setattr(_aclnn, "call_on_host", call)
    rng = np.random.default_rng(5)
    input, target = tensor(rng.normal(0, 3, (40, 30)), dtype), tensor(rng.uniform(0, 1, (40, 30)), dtype)

    def step(input):
        return 3 * binary_cross_entropy_with_logits(input, target, reduction=reduction)

    gradient = mindspore.grad(step)(input).astype(mindspore.float32).asnumpy()
    assert called == [
        "aclnnBinaryCrossEntropyWithLogitsLossAndGradient",
        "aclnnBinaryCrossEntropyScaleGradient",
    ]
    arrays = (t.astype(mindspore.float32).asnumpy().astype(np.float64) for t in (input, target))
    expected = 3 * np.add(*input_gradient_terms(*arrays)) / (1200 if reduction == "mean" else 1)
    np.testing.assert_allclose(gradient, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (binary_cross_entropy_with_logits, mint.nn.functional.binary_cross_entropy_with_logits),
        (binary_cross_entropy, ops.binary_cross_entropy),
        (BCEWithLogitsLoss, mint.nn.BCEWithLogitsLoss),
        (BCEWithLogitsLoss.construct, mint.nn.BCEWithLogitsLoss.construct),
        (BCELoss, mint.nn.BCELoss),
        (BCELoss.construct, mint.nn.BCELoss.construct),
    ],
)
def test_signature(ours, theirs):
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))


def test_classes_are_mindspores():
    assert isinstance(BCEWithLogitsLoss(), mint.nn.BCEWithLogitsLoss)
    assert isinstance(BCELoss(), mint.nn.BCELoss)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_infinite_logits_give_the_limit(reduction, compiled):
    infinity = np.inf
    logits, target = [infinity, infinity, -infinity, -infinity], [0.0, 1.0, 0.0, 1.0]

    def loss(logits, target):
        return binary_cross_entropy_with_logits(logits, target, None, reduction)

    expected = {"none": [infinity, 0, 0, infinity], "mean": infinity, "sum": infinity}[reduction]
    np.testing.assert_array_equal(compiled(loss)(tensor(logits), tensor(target)).asnumpy(), expected)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_reduction_in_capitals(function, compiled):
    input = tensor([0.25, 0.5])

    def losses():
        return [function(input, input, None, reduction) for reduction in ("SUM", "sum", "Mean", "mean")]

    capital_sum, small_sum, capital_mean, small_mean = map(float, compiled(losses)())
    assert capital_sum == small_sum == 2 * capital_mean == 2 * small_mean


ERRORS = {
    "input no tensor": (TypeError, {"input": 0.5}, "must be a Tensor"),
    "target no tensor": (TypeError, {"target": [0.5]}, "must be a Tensor"),
    "weight no tensor": (TypeError, {"weight": 2.0}, "'weight' must be a Tensor"),
    "reduction no string": (TypeError, {"reduction": 1}, "'reduction' must be a string"),
    "reduction None": (TypeError, {"reduction": None}, "'reduction' must be a string"),
    "reduction a list": (TypeError, {"reduction": ["mean"]}, "'reduction' must be a string"),
    "reduction unknown": (ValueError, {"reduction": "foo"}, "'reduction' must be one of"),
    "weight too long": (ValueError, {"weight": tensor(np.ones(5))}, "'weight' can not broadcast"),
    "weight too deep": (ValueError, {"weight": tensor(np.ones((1, 2, 3)))}, "'weight' can not broadcast"),
    "shapes differ": (ValueError, {"target": tensor(np.ones(3))}, "must have the same shape"),
    "input integer": (TypeError, {"input": tensor(np.ones((2, 3)), mindspore.int32)}, "but it is Int32"),
    "input float64": (TypeError, {"input": tensor(np.ones((2, 3)), mindspore.float64)}, "it is Float64"),
    "target float64": (TypeError, {"target": tensor(np.ones((2, 3)), mindspore.float64)}, "it is Float64"),
    "weight bool": (TypeError, {"weight": tensor(np.ones(3), mindspore.bool_)}, "'weight' must be of type"),
    "too many dimensions": (
        ValueError,
        {"input": tensor(np.ones([1] * 9)), "target": tensor(np.ones([1] * 9))},
        "9 dimensions",
    ),
}  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("problem", ERRORS)
def test_error(function, problem, compiled):
    kind, changed, text = ERRORS[problem]
    arguments = {"input": tensor(np.full((2, 3), 0.5)), "target": tensor(np.full((2, 3), 0.5))} | changed
    input, target = arguments.pop("input"), arguments.pop("target")

    def loss():
        return function(input, target, **arguments)

    with pytest.raises(kind, match=text):
        compiled(loss)()


def test_pos_weight_that_does_not_broadcast(compiled):
    input, pos_weight = tensor(np.ones((2, 3))), tensor(np.ones(2))

    def loss():
        return binary_cross_entropy_with_logits(input, input, pos_weight=pos_weight)

    with pytest.raises(ValueError, match=r"'pos_weight' can not broadcast .* it is \(2,\), .* \(2, 3\)"):
        compiled(loss)()


def test_probabilities_and_labels_of_two_types():
    with pytest.raises(TypeError, match="Float32 and Float16"):
        binary_cross_entropy(tensor([0.5]), tensor([0.5], mindspore.float16))


@pytest.mark.parametrize("dtype", [mindspore.float32, mindspore.float16, mindspore.bfloat16])
@pytest.mark.parametrize("value", [-1e-4, 1.01, np.inf, -np.inf])
def test_probability_out_of_range(value, dtype, compiled):
    probabilities = tensor([0.0, 0.5, value, 1.0], dtype)
    with pytest.raises(RuntimeError, match="all elements of logits must be between 0 and 1"):
        compiled(binary_cross_entropy)(probabilities, probabilities).asnumpy()


def test_probability_out_of_range_is_noticed_at_once():
    """In PyNative mode, though nobody looks at the loss."""
    with pytest.raises(RuntimeError, match="all elements of logits must be between 0 and 1"):
        binary_cross_entropy(tensor([[0.5, 2], [0.5, 0.5]]).T, tensor([[0, 1], [0, 1]]))


@pytest.mark.parametrize("dtype", [mindspore.float32, mindspore.float16, mindspore.bfloat16])
def test_probabilities_at_the_ends(dtype, compiled):
    def loss(probabilities, labels):
        return binary_cross_entropy(probabilities, labels, None, "none")

    losses = compiled(loss)(tensor([0.0, -0.0, 1.0, 0.0, np.nan], dtype), tensor([0, 0, 1, 1, 1], dtype))
    expected = [0, 0, 0, 100, np.nan]
    np.testing.assert_array_equal(losses.astype(mindspore.float32).asnumpy(), expected)


def test_views(compiled):
    rng = np.random.default_rng(0)
    logits, target, weight = rng.normal(0, 2, (5, 8)), rng.uniform(0, 1, (8, 5)), rng.uniform(0, 2, (5, 8))

    def loss(logits, target, weight):
        return binary_cross_entropy_with_logits(logits[:, 1:5], target.T[:, ::2], weight[1:2, 2:6], "none")

    actual = compiled(loss)(tensor(logits), tensor(target), tensor(weight)).asnumpy()
    expected = sum(loss_terms(logits[:, 1:5], target.T[:, ::2], weight[1:2, 2:6]))
    np.testing.assert_allclose(actual, expected, rtol=1e-5)


def test_gradients_through_views(compiled):
    """Of views, with an incoming gradient that is one number for all elements."""
    rng = np.random.default_rng(1)
    logits, target = rng.normal(0, 2, (5, 8)), rng.uniform(0, 1, (8, 5))

    def loss(logits, target):
        return 3 * binary_cross_entropy_with_logits(logits[1:, 1:5], target.T[:4, ::2], None, "none").sum()

    def gradients(logits, target):
        return mindspore.grad(loss, (0, 1))(logits, target)

    of_logits, of_target = compiled(gradients)(tensor(logits), tensor(target))
    expected = np.zeros((5, 8))
    expected[1:, 1:5] = 3 * sum(input_gradient_terms(logits[1:, 1:5], target.T[:4, ::2]))
    np.testing.assert_allclose(of_logits.asnumpy(), expected, rtol=1e-5, atol=1e-6)
    expected = np.zeros((8, 5))
    expected.T[:4, ::2] = -3 * logits[1:, 1:5]
    np.testing.assert_allclose(of_target.asnumpy(), expected, rtol=1e-5, atol=1e-6)


def test_arguments_that_are_still_being_computed():
    rng = np.random.default_rng(2)
    factor, target = rng.uniform(0, 0.01, (600, 600)), rng.uniform(0, 1, (600, 600))
    logits = tensor(factor)
    for _ in range(3):
        logits = mint.matmul(logits, tensor(factor))
    losses = binary_cross_entropy_with_logits(logits, tensor(target), reduction="none")
    expected = sum(loss_terms(logits.asnumpy().astype(np.float64), target))
    np.testing.assert_allclose(losses.asnumpy(), expected, rtol=1e-5)
    # In place as well.
    logits.mul_(-2)
    losses = binary_cross_entropy_with_logits(logits, tensor(target), reduction="none")
    expected = sum(loss_terms(logits.asnumpy().astype(np.float64), target))
    np.testing.assert_allclose(losses.asnumpy(), expected, rtol=1e-5)


def test_gradient_scales_with_what_follows(compiled):
    rng = np.random.default_rng(0)
    logits, target, scale = rng.normal(0, 2, (4, 3)), rng.uniform(0, 1, (4, 3)), rng.normal(0, 1, (4, 3))

    def scaled(logits, target, scale):
        return (binary_cross_entropy_with_logits(logits, target, None, "none") * scale).sum()

    def gradient(logits, target, scale):
        return mindspore.grad(scaled)(logits, target, scale)

    actual = compiled(gradient)(tensor(logits), tensor(target), tensor(scale)).asnumpy()
    expected = sum(input_gradient_terms(logits, target, scale=scale))
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-6)


def test_second_derivative_is_refused(compiled):
    def loss(logits, target):
        return binary_cross_entropy_with_logits(logits, target)

    def slope(logits, target):
        return mindspore.grad(loss)(logits, target).sum()

    def second(logits, target):
        return mindspore.grad(slope)(logits, target)

    with pytest.raises(RuntimeError, match="bprop not defined"):
        compiled(second)(tensor([1, 2]), tensor([0, 1]))


def test_dynamic_shape_is_refused():
    class Network(nn.Cell):
        def construct(self, logits, target):
            return binary_cross_entropy_with_logits(logits, target)

    network = Network()
    unknown = Tensor(shape=[None, 3], dtype=mindspore.float32)
    network.set_inputs(unknown, unknown)
    with graph_mode(), pytest.raises(ValueError, match=r"dynamic shape \(-1, 3\)"):
        network(tensor(np.ones((2, 3))), tensor(np.ones((2, 3))))


class graph_mode:
    """GRAPH mode within a block."""

    def __enter__(self):
        mindspore.set_context(mode=mindspore.GRAPH_MODE)

    def __exit__(self, *error):
        mindspore.set_context(mode=mindspore.PYNATIVE_MODE)


class Classifier(nn.Cell):
    """A layer and a loss whose weight is learnt as well."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Dense(3, 2, tensor([[1, 2, 3], [-1, 0, 1]]), tensor([0.5, -0.5]))
        self.loss = BCEWithLogitsLoss(pos_weight=Parameter(tensor([1.0, 2.0]), name="pos_weight"))

    def construct(self, input, target):
        return self.loss(self.layer(input), target)


def test_same_training_in_both_modes():
    rng = np.random.default_rng(0)
    input, target = tensor(rng.normal(0, 1, (4, 3))), tensor(rng.uniform(0, 1, (4, 2)))

    def train():
        network = Classifier()
        step = nn.TrainOneStepCell(network, nn.SGD(network.trainable_params(), 0.1))
        losses = [float(step(input, target).asnumpy()) for _ in range(3)]
        return losses, network.loss.pos_weight.asnumpy()

    losses, pos_weight = train()
    with graph_mode():
        graph_losses, graph_pos_weight = train()
    assert losses[0] > losses[1] > losses[2]
    assert (pos_weight < [1, 2]).all()
    np.testing.assert_allclose(graph_losses, losses, rtol=1e-6)
    np.testing.assert_allclose(graph_pos_weight, pos_weight, rtol=1e-6)


def run(script, *arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    return subprocess.run(
        [sys.executable, *script, *arguments],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_mindspore_not_installed():
    result = run(["-c", "import sys; sys.modules['mindspore'] = None; import ascend_bce.mindspore"])
    assert "ImportError: ascend_bce.mindspore needs MindSpore" in result.stderr
    assert "pip install 'ascend-bce[mindspore]'" in result.stderr


VECTOR_CORES = """
import ctypes
import ascend_bce.mindspore
from ascend_bce.simulator import _library
cores, size = ctypes.c_uint32(), ctypes.c_uint64()
_library.call("ascend_sim_get_platform", b"Host", ctypes.byref(cores), ctypes.byref(size))
print(cores.value)
"""


def test_threads():
    """As many as there are, or as the user asks for; MindSpore's import sets OMP_NUM_THREADS for itself."""
    assert run(["-c", VECTOR_CORES]).stdout == f"{len(os.sched_getaffinity(0))}\n"
    assert run(["-c", VECTOR_CORES], OMP_NUM_THREADS="3").stdout == "3\n"


def test_package_alone_imports_no_framework():
    result = run(["-c", "import sys, ascend_bce; print({'mindspore', 'torch', 'paddle'} & set(sys.modules))"])
    assert result.stdout == "set()\n", result.stderr


def test_example():
    result = run([EXAMPLES / "mindspore_training.py"])
    assert result.returncode == 0, result.stderr
    first, *_, last = [float(line.split()[-1]) for line in result.stdout.splitlines()]
    assert last < first / 2
