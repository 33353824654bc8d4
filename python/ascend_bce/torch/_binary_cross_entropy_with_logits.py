# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy with logits for PyTorch: the function, its gradient, and the module."""

from collections.abc import Callable
from typing import Any, NoReturn

import torch
from torch import Tensor
from torch.autograd import forward_ad
from torch.nn import _reduction as _Reduction
from torch.overrides import handle_torch_function, has_torch_function_variadic

from ._tensors import (
    CONVERTED_TYPES,
    DATA_TYPES,
    MAX_DIMENSIONS,
    broadcasts_to,
    call,
    convert_weight,
    fold_dimensions,
    is_plain,
)

_REDUCTIONS = ("none", "mean", "sum")  # in the order of their numbers, torch's and aclnn's
_NONE = 0
_FORWARD = "aclnnBinaryCrossEntropyWithLogits"
_BACKWARD = "aclnnBinaryCrossEntropyWithLogitsBackward"
_TARGET_BACKWARD = "aclnnBinaryCrossEntropyWithLogitsTargetBackward"


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
        input: Logits, of any shape with up to eight dimensions; float32, float16 or bfloat16, on the CPU.
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
        RuntimeError: A weight does not broadcast to the input, or requires grad, or the tensors are not on
            the CPU.
        NotImplementedError: `input` is of a type the loss is not defined for, an integer say.

    Whatever torch refuses is refused with torch's own error and text. `input` and `target` get gradients, of
    their own type and strides; asking for a second derivative raises RuntimeError. Under autocast the loss is
    computed in float32.

    Accuracy: all arithmetic is float32, and a result is rounded once. For targets in [0, 1] and weights that
    are not negative, a float32 loss is within 3 ULP of the exact one (4 with one weight, 5 with both), a
    gradient within 4.5 ULP of the larger of its two terms (5 with weights, one more when scaled), and a sum
    or mean within 2.5 ULP of the exact sum or mean of the float32 losses, however many there are. Half types
    are correctly rounded but for near-ties. Results are the same bits for any number of threads. An infinite
    logit gives the limit of its loss, 0 or inf.

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
    if torch.is_autocast_enabled("cpu"):
        input, target, weight, pos_weight = map(_to_float32, (input, target, weight, pos_weight))
    if not _is_supported(input, target, weight, pos_weight):
        _refuse(input, target, weight, pos_weight, reduction_number)
    weight, pos_weight = convert_weight(weight), convert_weight(pos_weight)
    if input.dim() > MAX_DIMENSIONS:
        shape = input.shape
        input, target, weight, pos_weight = fold_dimensions(input, target, weight, pos_weight)
        loss = _apply(input, target, weight, pos_weight, reduction_number)
        return loss.reshape(shape) if reduction_number == _NONE else loss
    return _apply(input, target, weight, pos_weight, reduction_number)


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


def _apply(
    input: Tensor, target: Tensor, weight: Tensor | None, pos_weight: Tensor | None, reduction: int
) -> Tensor:
    # An autograd.Function costs several microseconds a call, so only where a derivative may be asked for.
    # Within a forward-mode level it raises, where the plain call would lose the tangent.
    if ((input.requires_grad or target.requires_grad) and torch.is_grad_enabled()) or _in_forward_mode():
        return _Loss.apply(input, target, weight, pos_weight, reduction)
    return _loss(input, target, weight, pos_weight, reduction)


def _in_forward_mode() -> bool:
    return forward_ad._current_level >= 0


def _loss(
    input: Tensor, target: Tensor, weight: Tensor | None, pos_weight: Tensor | None, reduction: int
) -> Tensor:
    loss = torch.empty_like(target) if reduction == _NONE else torch.empty((), dtype=target.dtype)
    call(_FORWARD, (input, target, weight, pos_weight), reduction, loss)
    return loss


def _input_gradient(
    gradient: Tensor,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    pos_weight: Tensor | None,
    reduction: int,
) -> Tensor:
    result = torch.empty_like(input)
    call(_BACKWARD, (gradient, input, target, weight, pos_weight), reduction, result)
    return result


def _target_gradient(
    gradient: Tensor,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    pos_weight: Tensor | None,
    reduction: int,
) -> Tensor:
    result = torch.empty_like(target)
    call(_TARGET_BACKWARD, (gradient, input, target, weight, pos_weight), reduction, result)
    return result


class _Loss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        input: Tensor,
        target: Tensor,
        weight: Tensor | None,
        pos_weight: Tensor | None,
        reduction: int,
    ) -> Tensor:
        ctx.save_for_backward(input, target, weight, pos_weight)
        ctx.reduction = reduction
        return _loss(input, target, weight, pos_weight, reduction)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        arguments = (gradient, *ctx.saved_tensors, ctx.reduction)
        # With create_graph the gradients must carry a graph, or a second derivative would silently be zero.
        compute = _Once.apply if torch.is_grad_enabled() else _call
        of_input = compute(_input_gradient, *arguments) if ctx.needs_input_grad[0] else None
        of_target = compute(_target_gradient, *arguments) if ctx.needs_input_grad[1] else None
        return of_input, of_target, None, None, None


def _call(compute: Callable[..., Tensor], *arguments: Any) -> Tensor:
    return compute(*arguments)


class _Once(torch.autograd.Function):
    """Calls a function whose result cannot be differentiated."""

    @staticmethod
    def forward(ctx: Any, compute: Callable[..., Tensor], *arguments: Any) -> Tensor:
        return compute(*arguments)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> NoReturn:
        raise RuntimeError(
            "ascend_bce.torch.binary_cross_entropy_with_logits has no second derivative yet; use "
            "torch.nn.functional.binary_cross_entropy_with_logits where one is needed"
        )


def _to_float32(tensor: Any) -> Any:
    # What torch's autocast does to the arguments of an operator that it runs in float32.
    if isinstance(tensor, Tensor) and tensor.is_floating_point() and tensor.dtype != torch.float64:
        return tensor.float()
    return tensor


def _is_supported(input: Any, target: Any, weight: Any, pos_weight: Any) -> bool:
    return (
        is_plain(input)
        and is_plain(target)
        and input.dtype in DATA_TYPES
        and target.dtype in DATA_TYPES
        and input.shape == target.shape
        and (weight is None or _is_weight(weight, input))
        and (pos_weight is None or (_is_weight(pos_weight, input) and pos_weight.dtype != torch.bool))
    )


def _is_weight(weight: Any, input: Tensor) -> bool:
    return (
        is_plain(weight)
        and (weight.dtype in DATA_TYPES or weight.dtype in CONVERTED_TYPES)
        and not (weight.requires_grad and torch.is_grad_enabled())
        and broadcasts_to(weight.shape, input.shape)
    )


def _refuse(input: Any, target: Any, weight: Any, pos_weight: Any, reduction: int) -> NoReturn:
    # What torch refuses as well is best explained by torch, in the words its users know.
    torch.nn.functional.binary_cross_entropy_with_logits(
        input, target, weight, reduction=_REDUCTIONS[reduction], pos_weight=pos_weight
    )
    name = "ascend_bce.torch.binary_cross_entropy_with_logits"
    for role, tensor in {"input": input, "target": target}.items():
        if tensor.dtype not in DATA_TYPES:
            raise TypeError(
                f"{name} takes float32, float16 and bfloat16, but {role} is {tensor.dtype}: convert it with "
                f"{role}.float(), or use torch.nn.functional.binary_cross_entropy_with_logits for this type"
            )
    arguments = {"input": input, "target": target, "weight": weight, "pos_weight": pos_weight}
    found = ", ".join(
        f"{role} {tensor.layout} on {tensor.device}"
        for role, tensor in arguments.items()
        if tensor is not None
    )
    raise RuntimeError(f"{name} takes dense tensors on the CPU, but got {found}")
