# SPDX-License-Identifier: Apache-2.0
"""What torch_npu's own tests of these losses ask for, in test/test_network_ops of its repository.

Its tests compare with the CPU, float16 with float32 on the CPU rounded at the end, to 1e-4 and 1e-3. These
have the shapes, ranges, weights, reductions and types of all four files.
"""

import pytest
import torch
import torch.nn.functional as F

SHAPE = (10, 64)
REDUCTIONS = ["none", "mean", "sum"]
DTYPES = [torch.float32, torch.float16]
# torch_npu's assertRtolEqual
TOLERANCE = {torch.float32: 1e-4, torch.float16: 1e-3}


def uniform(highest: float, shape: tuple, dtype: torch.dtype) -> torch.Tensor:
    return (torch.rand(shape) * highest).to(dtype)


def compute(device: str, dtype: torch.dtype, loss, input, target, reduction: str, **weights):
    """Return the loss and the gradient for the input, computed in `dtype`, in the type of the input."""

    def move(tensor):
        return None if tensor is None else tensor.to(dtype).to(device)

    logits = move(input).requires_grad_()
    value = loss(logits, move(target), reduction=reduction, **{k: move(v) for k, v in weights.items()})
    value.backward(torch.ones_like(value))
    return value.detach().cpu().to(input.dtype), logits.grad.cpu().to(input.dtype)


def compare(loss, input, target, reduction, **weights):
    on_npu = compute("npu", input.dtype, loss, input, target, reduction, **weights)
    on_cpu = compute("cpu", torch.float32, loss, input, target, reduction, **weights)
    tolerance = TOLERANCE[input.dtype]
    torch.testing.assert_close(on_npu, on_cpu, rtol=tolerance, atol=tolerance)


@pytest.fixture(autouse=True)
def _same_numbers():
    torch.manual_seed(0)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(
    ("weight_shape", "pos_weight_shape"),
    [(None, None), ((10, 1), None), (None, (64,)), ((10, 64), (10, 64))],
    ids=str,
)
@pytest.mark.parametrize("highest", [2, 10])
def test_with_logits(dtype, reduction, weight_shape, pos_weight_shape, highest):
    compare(
        F.binary_cross_entropy_with_logits,
        uniform(highest, SHAPE, dtype),
        torch.randint(0, 2, SHAPE).to(dtype),
        reduction,
        weight=None if weight_shape is None else uniform(highest, weight_shape, dtype),
        pos_weight=None if pos_weight_shape is None else uniform(highest, pos_weight_shape, dtype),
    )


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_with_logits_of_one_class_in_three(dtype):
    target = F.one_hot(torch.randint(0, 3, (5,)), 3).to(dtype)
    compare(F.binary_cross_entropy_with_logits, uniform(100, (5, 3), dtype), target, "mean")


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weight_shape", [None, (10, 1), (10, 64)], ids=str)
@pytest.mark.parametrize("hard", [True, False])
def test_of_probabilities(dtype, reduction, weight_shape, hard):
    target = uniform(1, SHAPE, dtype)
    compare(
        F.binary_cross_entropy,
        uniform(1, SHAPE, dtype),
        target.round() if hard else target,
        reduction,
        weight=None if weight_shape is None else uniform(1, weight_shape, dtype),
    )
