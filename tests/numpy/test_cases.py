# SPDX-License-Identifier: Apache-2.0
"""The table of cases on arrays: losses and every gradient against float64, in both builds of the kernels."""

import numpy as np
import pytest

from ascend_bce.numpy import binary_cross_entropy, binary_cross_entropy_with_logits
from ascend_bce.simulator import _library as simulator
from cases import CASES, LOGITS


def compute(case, **options):
    """Compute a case's loss and all of its gradients."""
    input, target, weight, pos_weight = case.arguments()
    weights = {"weight": weight, "pos_weight": pos_weight}
    names = ["input", "target", *(name for name, value in weights.items() if value is not None)]
    if case.loss == LOGITS:
        return binary_cross_entropy_with_logits(
            input, target, **weights, reduction=case.reduction, return_gradients=names, **options
        )
    return binary_cross_entropy(input, target, weight, case.reduction, return_gradients=names, **options)


@pytest.fixture
def checks():
    """Switch the simulator's checks on and off."""

    def switch(value: str) -> None:
        simulator.call("ascend_sim_set_checks", value.encode())

    yield switch
    switch("none")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case, checks):
    result = compute(case)
    input, target, weight, pos_weight = case.arguments()
    assert result.loss.dtype == target.dtype
    case.expected_loss().check(result.loss)
    assert result.input.dtype == input.dtype
    case.expected_input_gradient().check(result.input)
    assert result.target.dtype == target.dtype
    case.expected_target_gradient().check(result.target)
    if weight is not None:
        assert result.weight.dtype == weight.dtype
        case.expected_weight_gradient().check(result.weight)
    if pos_weight is not None:
        assert result.pos_weight.dtype == pos_weight.dtype
        case.expected_pos_weight_gradient().check(result.pos_weight)

    checks("all")
    for fast, checked in zip(result, compute(case), strict=True):
        np.testing.assert_array_equal(bits(fast), bits(checked))


def bits(array):
    return array if array is None else np.asarray(array).reshape(-1).view(np.uint8)
