# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy of probabilities for PyTorch: the function, its gradients, and the module."""

import torch
from torch import Tensor
from torch.nn import _reduction as _Reduction
from torch.overrides import handle_torch_function, has_torch_function_variadic

from ._probability_operators import operators
from ._tensors import is_direct


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
            bfloat16. More dimensions work as long as the weight lets neighbouring ones be joined
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
            not broadcast to the input, or the tensors are not dense ones
            on one device.

    Whatever torch refuses is refused with torch's own error and text, but for a weight that requires grad:
    all three tensors get gradients. That of the input has its denominator held above 1e-12, that of the
    target has its logarithms not held at all, as torch's. There are derivatives of
    any order, in either mode and under function transforms.

    The range of the target is looked at in one pass over it. That of the input costs none: an input outside
    of it makes the loss nan, and only a nan is looked into.

    Accuracy, in units in the last place: a float32 loss 3 (5 with weight), its gradient for the probabilities
    3 (4 with weight), for the target 4, a sum 2 more than a loss, a mean 2.5; float16 0.502, bfloat16 0.501;
    gradients that are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these are, and for
    which arguments.
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
    if not is_direct(input, target, weight) or torch.is_autocast_enabled(input.device.type):
        if not all(isinstance(a, Tensor) for a in (input, target, weight) if a is not None):
            operators.refuse(input, target, weight, reduction_number)
        return operators.loss(input, target, weight, reduction_number)
    arguments = input, target, weight, reduction_number
    if torch.is_grad_enabled() and torch._C._any_requires_grad(*arguments):
        return operators.loss(*arguments)
    return operators.compute_loss(*arguments)


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
