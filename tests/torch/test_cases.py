# SPDX-License-Identifier: Apache-2.0
"""The table of cases under PyTorch: losses and all gradients against float64."""

import ml_dtypes
import numpy as np
import pytest
import torch

from ascend_bce.torch import binary_cross_entropy, binary_cross_entropy_with_logits
from cases import CASES, LOGITS, PROBABILITIES


def to_torch(array: np.ndarray | None) -> torch.Tensor | None:
    if array is None:
        return None
    if array.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(array.view(np.int16).copy()).view(torch.bfloat16).requires_grad_()
    return torch.from_numpy(array.copy()).requires_grad_()


def to_numpy(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().double().numpy()


# Torch wants probabilities and targets of one type, and both in [0, 1].
TAKEN = [case for case in CASES if case.loss == LOGITS or case.dtype == case.target_dtype]


@pytest.mark.parametrize("case", TAKEN, ids=str)
def test_case(case):
    input, target, weight, pos_weight = map(to_torch, case.arguments())
    if case.loss == LOGITS:
        loss = binary_cross_entropy_with_logits(
            input, target, weight, reduction=case.reduction, pos_weight=pos_weight
        )
    else:
        loss = binary_cross_entropy(input, target, weight, reduction=case.reduction)
    assert loss.dtype == target.dtype
    case.expected_loss().check(to_numpy(loss))

    loss.sum().backward()
    expectations = (
        (input, case.expected_input_gradient),
        (target, case.expected_target_gradient),
        (weight, case.expected_weight_gradient),
        (pos_weight, case.expected_pos_weight_gradient),
    )
    for tensor, expected in expectations:
        if tensor is not None:
            assert tensor.grad.dtype == tensor.dtype
            expected().check(to_numpy(tensor.grad))


def test_both_losses_are_in_the_table():
    assert {case.loss for case in TAKEN} == {LOGITS, PROBABILITIES}
