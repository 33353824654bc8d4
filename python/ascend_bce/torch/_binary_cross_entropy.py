# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy of probabilities for PyTorch: the function, its gradients, and the module."""

from typing import Any, NoReturn

import torch
from torch import Tensor
from torch.nn import _reduction as _Reduction
from torch.overrides import handle_torch_function, has_torch_function_variadic

from ._operator import NONE, REDUCTIONS, Operator
from ._tensors import (
    DATA_TYPES,
    MAX_DIMENSIONS,
    convert_weight,
    detach,
    fold_dimensions,
    is_plain,
    is_weight,
    refuse_type_or_place,
    to_float32,
)

_operator = Operator(
    name="binary_cross_entropy",
    forward="aclnnBinaryCrossEntropy",
    input_backward="aclnnBinaryCrossEntropyBackward",
    target_backward="aclnnBinaryCrossEntropyTargetBackward",
    has_pos_weight=False,
)


def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    r"""Cross-entropy between targets and probabilities, as `torch.nn.functional` computes it.

    Element by element, before the reduction, with probabilities :math:`x`, targets :math:`t` and weight
    :math:`w`, and both logarithms held above -100:

    .. math:: -w \, \bigl( t \, \log x + (1 - t) \, \log(1 - x) \bigr)

    Args:
        input: Probabilities in [0, 1], of any shape with up to eight dimensions; float32, float16 or
            bfloat16, on the CPU. More dimensions work as long as the weight lets neighbouring ones be joined
            down to eight.
        target: Targets in [0, 1], of the same shape and type.
        weight: Rescales each element; any real type, of a shape that broadcasts to the input's. It is read as
            it is, never expanded.
        size_average: Deprecated by torch; with `reduce` it overrides `reduction`.
        reduce: Deprecated by torch; with `size_average` it overrides `reduction`.
        reduction: `'none'`, `'mean'` or `'sum'`.

    Returns:
        The loss in the type of `input`: for `reduction='none'` a tensor of the input's shape, otherwise a
        scalar. The mean of no elements is nan, their sum 0.

    Raises:
        ValueError: The shapes of `input` and `target` differ, or `reduction` is unknown.
        TypeError: `input` is float64, which the kernels do not compute in.
        RuntimeError: An element of `input` or `target` is not in [0, 1], their types differ, the weight does
            not broadcast to the input, or the tensors are not on the CPU.

    Whatever torch refuses is refused with torch's own error and text, but for a weight that requires grad:
    all three tensors get gradients. That of the input has its denominator held above 1e-12, that of the
    target has its logarithms not held at all, as torch's. Asking for a second derivative raises RuntimeError.

    The range of the target is looked at in one pass over it. That of the input costs none: an input outside
    of it makes the loss nan, and only a nan is looked into.

    Accuracy, in units in the last place: a float32 loss 3 (5 with weight), its gradient for the probabilities
    3 (4 with weight), for the target 4, a sum 2, a mean 2.5; float16 0.502, bfloat16 0.501; gradients that
    are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these are, and for which arguments.
    """
    if has_torch_function_variadic(input, target, weight):
        return handle_torch_function(
            binary_cross_entropy,
            (input, target, weight),
            input,
            target,
            weight=weight,
            size_average=size_average,
            reduce=reduce,
            reduction=reduction,
        )
    if size_average is not None or reduce is not None:
        reduction_number = _Reduction.legacy_get_enum(size_average, reduce)
    else:
        reduction_number = _Reduction.get_enum(reduction)
    if torch.is_autocast_enabled("cpu"):
        input, target, weight = map(to_float32, (input, target, weight))
    if not _is_supported(input, target, weight) or not _in_range(target):
        _refuse(input, target, weight, reduction_number)
    shape = input.shape
    arguments = input, target, convert_weight(weight)
    if input.dim() > MAX_DIMENSIONS:
        arguments = fold_dimensions(*arguments)
    loss = _operator(*arguments, None, reduction_number)
    if _has_nan(loss) and not _in_range(input):
        _refuse(input, target, weight, reduction_number)
    return loss.reshape(shape) if reduction_number == NONE and input.dim() > MAX_DIMENSIONS else loss


class BCELoss(torch.nn.BCELoss):
    """`torch.nn.BCELoss` on ascend-bce's kernels.

    A drop-in replacement: the arguments, the defaults, the buffer `weight` in the state and the printed form
    are torch's, and it is an instance of torch's class. See `binary_cross_entropy` for the formula, the
    shapes, types and errors, and how accurate it is.

    Examples:
        >>> loss = BCELoss()
        >>> probabilities = torch.sigmoid(torch.randn(3, requires_grad=True))
        >>> loss(probabilities, torch.rand(3)).backward()
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of probabilities against targets."""
        return binary_cross_entropy(input, target, weight=self.weight, reduction=self.reduction)


def _is_supported(input: Any, target: Any, weight: Any) -> bool:
    return (
        is_plain(input)
        and is_plain(target)
        and input.dtype in DATA_TYPES
        and target.dtype == input.dtype
        and input.shape == target.shape
        and (weight is None or is_weight(weight, input))
    )


def _in_range(tensor: Tensor) -> bool:
    if tensor.numel() == 0:
        return True
    least, greatest = torch.aminmax(tensor.detach())
    return bool(least >= 0) and bool(greatest <= 1)  # false for nan, which both are if any element is


def _has_nan(loss: Tensor) -> bool:
    return bool(loss.detach().sum().isnan())


def _refuse(input: Any, target: Any, weight: Any, reduction: int) -> NoReturn:
    # What torch refuses as well is best explained by torch, in the words its users know.
    torch.nn.functional.binary_cross_entropy(input, target, detach(weight), reduction=REDUCTIONS[reduction])
    refuse_type_or_place(_operator.name, {"input": input, "target": target, "weight": weight})
