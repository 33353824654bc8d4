# SPDX-License-Identifier: Apache-2.0
"""MindSpore's own functions on the device, through the table of cases: they call this package's kernels."""

import mindspore
import pytest
from mindspore import mint

from cases import CASES, LOGITS
from mindspore_tensors import to_numpy, to_tensor

# Of input and target of two types MindSpore makes one where it wants to, and its gradients are those of that.
TABLE = [case for case in CASES if case.dtype == case.target_dtype]


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_case(case):
    input, target, weight, pos_weight = map(to_tensor, case.arguments())

    def loss_function(input):
        if case.loss == LOGITS:
            return mint.nn.functional.binary_cross_entropy_with_logits(
                input, target, weight, case.reduction, pos_weight
            )
        return mint.nn.functional.binary_cross_entropy(input, target, weight, case.reduction)

    loss, gradient = mindspore.value_and_grad(loss_function)(input)
    assert loss.dtype == target.dtype
    assert gradient.dtype == input.dtype
    case.expected_loss().check(to_numpy(loss))
    case.expected_input_gradient().check(to_numpy(gradient))
