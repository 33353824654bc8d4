# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy with logits for PyTorch: the function, its gradient, and the module."""

import torch
from torch import Tensor
from torch._C import _is_any_autocast_enabled
from torch.nn import _reduction as _Reduction
from torch.overrides import handle_torch_function, has_torch_function_variadic

from . import _one_pass
from ._tensors import is_direct, to_float32
from ._with_logits_operators import operators


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    r"""Cross-entropy between targets and the sigmoid of logits, as `torch.nn.functional` computes it.

    Element by element, before the reduction, with logits :math:`x`, targets :math:`t`, weight :math:`w` and
    positive weight :math:`p`:

    .. math:: w \, \bigl( p \, t \, \log(1 + e^{-x}) + (1 - t) \, \log(1 + e^{x}) \bigr)

    Args:
        input: Logits, of any shape with up to eight dimensions; float32, float16 or bfloat16.
            More dimensions work as long as the weights let neighbouring ones be joined down to eight.
        target: Targets, of the same shape; float32, float16 or bfloat16, not necessarily the type of `input`.
            They are meant to lie in [0, 1], which is not checked.
        weight: Rescales each element; any real type, of a shape that broadcasts to the input's. It is read as
            it is, never expanded.
        size_average: Deprecated by torch; with `reduce` it overrides `reduction`.
        reduce: Deprecated by torch; with `size_average` it overrides `reduction`.
        reduction: `'none'`, `'mean'` or `'sum'`.
        pos_weight: Rescales the term of the positive targets; types and shapes as for `weight`.

    Returns:
        The loss in the type of `target`: for `reduction='none'` a tensor of the input's shape, with the
        strides that torch gives it, otherwise a scalar. The mean of no elements is nan, their sum 0.

    Raises:
        ValueError: The shapes of `input` and `target` differ, or `reduction` is unknown.
        TypeError: `input` or `target` is float64, which the kernels do not compute in, or a weight is no
            tensor.
        RuntimeError: A weight does not broadcast to the input, or the tensors are not dense ones
            on one device.
        NotImplementedError: `input` is of a type the loss is not defined for, an integer say.

    Whatever torch refuses is refused with torch's own error and text, but for a weight that requires grad:
    all four tensors get gradients, of their own type, and derivatives of any order, in either mode and under
    function transforms. Under autocast the loss is computed in float32. A float32 or bfloat16 loss that is
    reduced, and whose input needs a gradient, is computed together with it in one pass over the inputs; the
    gradient is kept until the first backward pass takes it.

    Accuracy, in units in the last place: a float32 loss 3 (4 with one weight, 5 with both), its gradient for
    the logits 4.5 (5 with weights), for the target 4, a sum 2 more than a loss, a mean 2.5; float16 0.502,
    bfloat16 0.501; gradients that are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these
    are, and for which arguments.
    Results are the same bits for any number of threads. An infinite logit gives the limit of its loss, 0 or
    inf.

    Examples:
        >>> target = torch.ones([10, 64])
        >>> logits = torch.full([10, 64], 1.5)
        >>> binary_cross_entropy_with_logits(logits, target, pos_weight=torch.ones([64]))
        tensor(0.2014)
    """
    if has_torch_function_variadic(input, target, weight, pos_weight):
        return handle_torch_function(
            binary_cross_entropy_with_logits,
            (input, target, weight, pos_weight),
            input,
            target,
            weight=weight,
            size_average=size_average,
            reduce=reduce,
            reduction=reduction,
            pos_weight=pos_weight,
        )
    if size_average is not None or reduce is not None:
        reduction_number = _Reduction.legacy_get_enum(size_average, reduce)
    else:
        reduction_number = _Reduction.get_enum(reduction)
    if not is_direct(input, target, weight, pos_weight):
        if not all(isinstance(a, Tensor) for a in (input, target, weight, pos_weight) if a is not None):
            operators.refuse(input, target, weight, pos_weight, reduction_number)
        return operators.loss(input, target, weight, pos_weight, reduction_number)
    if _is_any_autocast_enabled() and torch.is_autocast_enabled(input.device.type):
        input, target, weight, pos_weight = map(to_float32, (input, target, weight, pos_weight))
    if torch.is_grad_enabled():
        loss = _one_pass.compute_loss(input, target, weight, pos_weight, reduction_number)
        if loss is not None:
            return loss
        if torch._C._any_requires_grad(input, target, weight, pos_weight):
            return operators.loss(input, target, weight, pos_weight, reduction_number)
    return operators.compute_loss(input, target, weight, pos_weight, reduction_number)


class BCEWithLogitsLoss(torch.nn.BCEWithLogitsLoss):
    """`torch.nn.BCEWithLogitsLoss` on ascend-bce's kernels.

    A drop-in replacement: the arguments, the defaults, the buffers `weight` and `pos_weight` in the state and
    the printed form are torch's, and it is an instance of torch's class. See
    `binary_cross_entropy_with_logits` for the formula, the shapes, types and errors, and how accurate it is.

    Examples:
        >>> loss = BCEWithLogitsLoss()
        >>> logits = torch.randn(3, requires_grad=True)
        >>> loss(logits, torch.empty(3).random_(2)).backward()
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of logits against targets."""
        return binary_cross_entropy_with_logits(
            input, target, self.weight, reduction=self.reduction, pos_weight=self.pos_weight
        )
