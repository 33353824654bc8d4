# SPDX-License-Identifier: Apache-2.0
"""The table of cases under Paddle: losses and every gradient against float64."""

import pytest

from ascend_bce.paddle import functional
from cases import CASES, LOGITS
from paddle_arrays import to_numpy, to_paddle


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case):
    tensors = [to_paddle(array) for array in case.arguments()]
    input, label, weight, pos_weight = tensors
    for tensor in tensors:
        if tensor is not None:
            tensor.stop_gradient = False
    if case.loss == LOGITS:
        loss = functional.binary_cross_entropy_with_logits(input, label, weight, case.reduction, pos_weight)
    else:
        loss = functional.binary_cross_entropy(input, label, weight, case.reduction)
    assert loss.dtype == label.dtype
    case.expected_loss().check(to_numpy(loss))

    loss.backward()
    for tensor, expected in zip(
        tensors,
        (
            case.expected_input_gradient,
            case.expected_target_gradient,
            case.expected_weight_gradient,
            case.expected_pos_weight_gradient,
        ),
        strict=True,
    ):
        if tensor is not None:
            assert tensor.grad.dtype == tensor.dtype
            expected().check(to_numpy(tensor.grad))
