# SPDX-License-Identifier: Apache-2.0
"""The table of cases under MindSpore, in both modes: losses and every gradient against float64."""

import mindspore
import pytest

import ascend_bce.mindspore
from cases import CASES, LOGITS
from mindspore_tensors import to_numpy, to_tensor

# MindSpore's plain cross-entropy takes input and target of one type, and so does ours.
TABLE = [case for case in CASES if case.loss == LOGITS or case.dtype == case.target_dtype]
NAMES = ("input", "target", "weight", "pos_weight")


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_case(case, compiled):
    reduction = case.reduction

    def with_logits(input, target, weight, pos_weight):
        return ascend_bce.mindspore.binary_cross_entropy_with_logits(
            input, target, weight, reduction, pos_weight
        )

    def on_probabilities(input, target, weight, pos_weight):
        return ascend_bce.mindspore.binary_cross_entropy(input, target, weight, reduction)

    loss_function = with_logits if case.loss == LOGITS else on_probabilities
    tensors = [to_tensor(argument) for argument in case.arguments()]
    present = tuple(i for i, tensor in enumerate(tensors) if tensor is not None)

    def loss_and_gradients(input, target, weight, pos_weight):
        return mindspore.value_and_grad(loss_function, present)(input, target, weight, pos_weight)

    loss, gradients = compiled(loss_and_gradients)(*tensors)

    assert loss.dtype == tensors[1].dtype
    case.expected_loss().check(to_numpy(loss))
    for i, gradient in zip(present, gradients, strict=True):
        assert gradient.dtype == tensors[i].dtype
        getattr(case, f"expected_{NAMES[i]}_gradient")().check(to_numpy(gradient))
