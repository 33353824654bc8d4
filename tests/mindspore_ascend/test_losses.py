# SPDX-License-Identifier: Apache-2.0
"""What MindSpore's own tests of these losses cover, on the device: its functions, classes and operators.

Losses and gradients for both arguments against float64, in PyNative mode and in graphs.
"""

import subprocess
import sys

import mindspore
import numpy as np
import pytest
from mindspore import Tensor, mint, nn, ops

from mindspore_tensors import to_numpy
from reference import (
    input_gradient_terms,
    loss_terms,
    probability_input_gradient,
    probability_loss_terms,
    probability_target_gradient_terms,
    target_gradient_terms,
)

with_logits = mint.nn.functional.binary_cross_entropy_with_logits
on_probabilities = mint.nn.functional.binary_cross_entropy
REDUCTIONS = ("none", "mean", "sum")
# MindSpore composes gradients for the target of several operators, each of which rounds.
TOLERANCES = {mindspore.float32: 1e-5, mindspore.float16: 2e-2, mindspore.bfloat16: 1e-1}

LOGITS = np.array([[-0.8, 1.2, 0.7], [-0.1, -0.4, 0.7]])
TARGETS = np.array([[0.3, 0.8, 1.2], [-0.6, 0.1, 2.2]])
WEIGHT = np.array([0.5, 2.0, 1.0])
POS_WEIGHT = np.array([[3.0], [0.25]])
PROBABILITIES = np.array([[0.1531, 0.3302, 0.7537], [0.22, 0.6875, 0.2268], [0.5109, 0.5873, 0.9275]])
CLASSES = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
RESCALING = np.array([[0.9, 0.1, 0.1], [0.1, 0.1, 0.9], [0.1, 0.9, 0.1]])


def reduce(terms, reduction):
    total = sum(terms)
    return {"none": total, "sum": total.sum(), "mean": total.mean()}[reduction]


def tensors(dtype, *arrays):
    return [None if array is None else Tensor(array, mindspore.float32).astype(dtype) for array in arrays]


def exact(tensor):
    """Return what a tensor holds, after its own rounding."""
    return 1.0 if tensor is None else to_numpy(tensor).astype(np.float64)


def check(function, input, target, reduction, loss, gradients, compiled):
    """Compare the loss and the gradients for input and target, those of the sum of an unreduced loss."""
    tolerance = TOLERANCES[input.dtype]
    scale = 1 / input.size if reduction == "mean" else 1.0
    value, actual = compiled(mindspore.value_and_grad(function, (0, 1)))(input, target)
    np.testing.assert_allclose(to_numpy(value), reduce(loss, reduction), rtol=tolerance, atol=tolerance)
    for gradient, expected in zip(actual, gradients(scale), strict=True):
        np.testing.assert_allclose(
            to_numpy(gradient), expected, rtol=tolerance, atol=tolerance * np.abs(expected).max()
        )


def check_with_logits(function, tensors, reduction, compiled):
    input, target = tensors[:2]
    x, t, w, p = map(exact, tensors)
    check(
        function,
        input,
        target,
        reduction,
        loss_terms(x, t, w, p),
        lambda scale: [
            sum(input_gradient_terms(x, t, w, p, scale)),
            sum(target_gradient_terms(x, t, w, p, scale)),
        ],
        compiled,
    )


def check_on_probabilities(function, tensors, reduction, compiled):
    input, target = tensors[:2]
    x, t, w = map(exact, tensors)
    check(
        function,
        input,
        target,
        reduction,
        probability_loss_terms(x, t, w),
        lambda scale: [
            probability_input_gradient(x, t, w, scale),
            sum(probability_target_gradient_terms(x, t, w, scale)),
        ],
        compiled,
    )


@pytest.mark.parametrize("dtype", TOLERANCES, ids=str)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_function_of_logits(reduction, weighted, dtype, compiled):
    arguments = tensors(dtype, LOGITS, TARGETS, *((WEIGHT, POS_WEIGHT) if weighted else (None, None)))
    weight, pos_weight = arguments[2:]

    def loss(input, target):
        return with_logits(input, target, weight, reduction, pos_weight)

    check_with_logits(loss, arguments, reduction, compiled)


@pytest.mark.parametrize("dtype", TOLERANCES, ids=str)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_function_of_probabilities(reduction, weighted, dtype, compiled):
    arguments = tensors(dtype, PROBABILITIES, CLASSES, RESCALING if weighted else None)
    weight = arguments[2]

    def loss(input, target):
        return on_probabilities(input, target, weight, reduction)

    check_on_probabilities(loss, arguments, reduction, compiled)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_classes_and_operators(reduction, compiled):
    arguments = tensors(mindspore.float32, LOGITS, TARGETS, WEIGHT, POS_WEIGHT)
    weight, pos_weight = arguments[2:]
    operator = ops.BCEWithLogitsLoss(reduction)

    def call_operator(input, target):
        return operator(input, target, weight, pos_weight)

    for loss in (
        mint.nn.BCEWithLogitsLoss(weight, reduction, pos_weight),
        nn.BCEWithLogitsLoss(reduction, weight, pos_weight),
        call_operator,
    ):
        check_with_logits(loss, arguments, reduction, compiled)
    arguments = tensors(mindspore.float32, PROBABILITIES, CLASSES, RESCALING)
    for loss in mint.nn.BCELoss(arguments[2], reduction), nn.BCELoss(arguments[2], reduction):
        check_on_probabilities(loss, arguments, reduction, compiled)


def test_graph_of_shapes_that_are_not_known(compiled):
    rng = np.random.default_rng(1)
    weight, pos_weight = (Tensor(rng.uniform(0, 3, (8, 9)), mindspore.float32) for _ in range(2))
    loss = mint.nn.BCEWithLogitsLoss(weight, "mean", pos_weight)
    unknown = Tensor(shape=[None, 8, 9], dtype=mindspore.float32)
    loss.set_inputs(unknown, unknown)
    for length in 7, 2:
        input, target = (Tensor(rng.normal(size=(length, 8, 9)), mindspore.float32) for _ in range(2))
        expected = sum(loss_terms(*map(exact, (input, target, weight, pos_weight)))).mean()
        np.testing.assert_allclose(exact(compiled(loss)(input, target)), expected, rtol=1e-5)


def test_over_a_million_elements(compiled):
    rng = np.random.default_rng(2)
    shape = (1, 576, 128, 16)
    arguments = [Tensor(rng.uniform(0.01, 0.99, shape), mindspore.float32) for _ in range(3)]

    def loss(input, target):
        return on_probabilities(input, target, arguments[2], "none")

    check_on_probabilities(loss, arguments, "none", compiled)


def test_strided_views():
    whole = np.random.default_rng(3).normal(size=(6, 8, 5)).astype(np.float32)
    tensor = Tensor(whole)
    views = [
        tensor.permute(2, 0, 1)[1:4, ::2, 3],
        tensor[:3, 4, 1:2].broadcast_to((3, 3)),
        tensor[2, ::3, 0],
        tensor[3, 1:8:3, 2:3],
    ]
    assert not any(view.is_contiguous() for view in views)
    copies = [
        whole.transpose(2, 0, 1)[1:4, ::2, 3],
        np.broadcast_to(whole[:3, 4, 1:2], (3, 3)),
        whole[2, ::3, 0],
        whole[3, 1:8:3, 2:3],
    ]
    for view, copy in zip(views, copies, strict=True):
        np.testing.assert_array_equal(to_numpy(view), copy)

    def loss(input, target):
        return with_logits(input, target, views[2], "sum", views[3])

    check_with_logits(loss, views, "sum", lambda function: function)


def test_operators_that_nobody_has_fail_by_their_names():
    with pytest.raises(RuntimeError, match="aclnnErfGetWorkspaceSize not in"):
        mint.erf(Tensor([0.5])).asnumpy()


def test_without_this_package_there_are_no_losses():
    # It leaves at once: on its way out after a failed operator, the process has crashed once.
    program = """
import os
from ascend_bce.simulator import device
device.load()
import mindspore
mindspore.set_device("Ascend")
one = mindspore.Tensor([1.0])
try:
    mindspore.mint.nn.functional.binary_cross_entropy_with_logits(one, one).asnumpy()
except RuntimeError as error:
    print(error, flush=True)
    os._exit(0)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0
    assert "aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize not in" in ran.stdout
