# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy of probabilities and its gradients as operators of torch.

An element of the loss, with both logarithms held above -100:

    -weight * (target * log(input) + (1 - target) * log(1 - input))

Built as the operators of the loss with logits, which stand in _with_logits_operators.py.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

import torch
from torch import Tensor

from ._elementwise import (
    Slope,
    map_gradient,
    map_loss,
    one_like,
    pull_back,
    push_forward,
    reduce,
    spread,
    sum_to,
)
from ._operator import Operator
from ._tensors import (
    DATA_TYPES,
    MEAN,
    NONE,
    REDUCTIONS,
    call,
    detach,
    is_plain,
    is_weight,
    refuse_type_or_place,
)

NAME = "binary_cross_entropy"
_OPERANDS = "Tensor input, Tensor target, Tensor? weight=None, int reduction=1"
# What torch says on devices where it refuses this loss under autocast.
_UNSAFE = """torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast.
Many models use a sigmoid layer right before the binary cross entropy layer.
In this case, combine the two layers using torch.nn.functional.binary_cross_entropy_with_logits
or torch.nn.BCEWithLogitsLoss.  binary_cross_entropy_with_logits and BCEWithLogits are
safe to autocast."""

Weight = Tensor | None
_torch_loss = torch.nn.functional.binary_cross_entropy  # whatever it is replaced by later


def is_supported(input: Any, target: Any, weight: Any = None) -> bool:
    """Tell whether the kernels take the arguments, whatever their values."""
    return (
        is_plain(input)
        and is_plain(target)
        and input.dtype in DATA_TYPES
        and target.dtype == input.dtype
        and input.shape == target.shape
        and input.device == target.device
        and (weight is None or is_weight(weight, input))
    )


def check(input: Any, target: Any, weight: Any, reduction: int) -> None:
    """Raise unless the kernels take the arguments, whatever their values."""
    if not is_supported(input, target, weight):
        refuse(input, target, weight, reduction)


def refuse(input: Any, target: Any, weight: Any, reduction: int) -> NoReturn:
    """Raise for arguments that the kernels do not take."""
    # What torch refuses as well is best explained by torch, in the words its users know.
    _torch_loss(input, target, detach(weight), reduction=REDUCTIONS[reduction])
    refuse_type_or_place(NAME, {"input": input, "target": target, "weight": weight})


# ---- the loss


def compute_loss(input: Tensor, target: Tensor, weight: Weight = None, reduction: int = MEAN) -> Tensor:
    """Return the loss; raise for a probability or a target that is not in [0, 1]."""
    check(input, target, weight, reduction)
    if not _in_range(target):
        refuse(input, target, weight, reduction)
    loss = torch.empty_like(target) if reduction == NONE else target.new_empty(())
    call("aclnnBinaryCrossEntropy", (input, target, weight), reduction, (loss,))
    # An input outside makes the loss nan, so that only a nan is looked into.
    if bool(loss.sum().isnan()) and not _in_range(input):
        refuse(input, target, weight, reduction)
    return loss


def _in_range(tensor: Tensor) -> bool:
    if tensor.numel() == 0:
        return True
    least, greatest = torch.aminmax(tensor.detach())
    return bool(least >= 0) and bool(greatest <= 1)  # false for nan, which both are if any element is


def _fake_loss(input: Tensor, target: Tensor, weight: Weight = None, reduction: int = MEAN) -> Tensor:
    check(input, target, weight, reduction)
    return torch.empty_like(target) if reduction == NONE else target.new_empty(())


def _input_slope(input: Tensor, target: Tensor, weight: Weight, _: int) -> Tensor:
    one = one_like(input)
    return input_gradient(one, input.float(), target.float(), weight, NONE)


def _target_slope(input: Tensor, target: Tensor, weight: Weight, _: int) -> Tensor:
    one = one_like(input)
    return target_gradient(one, input.float(), target.float(), weight, NONE)


def _weight_slope(input: Tensor, target: Tensor, weight: Weight, _: int) -> Tensor:
    return loss(input.float(), target.float(), None, NONE)


_LOSS_SLOPES = (_input_slope, _target_slope, _weight_slope)


def _differentiate_loss(gradient: Tensor, arguments: tuple, wanted: Sequence[bool]) -> list[Tensor | None]:
    input, _, weight, reduction = arguments
    gradients = [
        operator(gradient, *arguments) if needed else None
        for operator, needed in zip((input_gradient, target_gradient), wanted, strict=False)
    ]
    elements = spread(gradient, input, reduction) * _weight_slope(*arguments) if wanted[2] else None
    return [*gradients, None if elements is None else sum_to(elements, weight)]


def _loss_tangent(tangents: Sequence[Tensor | None], arguments: tuple) -> Tensor:
    input, target, _, reduction = arguments
    elements = push_forward(_LOSS_SLOPES, tangents, arguments).expand(input.shape)
    return reduce(elements, reduction, target.dtype)


loss = Operator(
    f"{NAME}({_OPERANDS}) -> Tensor",
    compute=compute_loss,
    fake=_fake_loss,
    backward=_differentiate_loss,
    tangent=_loss_tangent,
    batch=lambda *arguments: map_loss(loss, *arguments),
    refuse_autocast=_UNSAFE,
)


# ---- slopes of the gradients, in the order of their arguments


def _scale(gradient: Tensor, input: Tensor, weight: Weight, reduction: int) -> Tensor:
    scale = spread(gradient, input, reduction)
    return scale if weight is None else scale * weight.float()


def _slope_of_outer(operator: Operator, _, input, target, weight, reduction) -> Tensor:
    one = spread(one_like(input), input, reduction)
    return operator(one, input.float(), target.float(), weight, NONE)


def _slope_of_weight(operator: Operator, gradient, input, target, weight, reduction) -> Tensor:
    return operator(gradient, input, target, None, reduction)


def _variance(x: Tensor) -> Tensor:
    return (x * (1 - x)).clamp(min=1e-12)


def _curvature(gradient, input, target, weight, reduction) -> Tensor:
    x, t = input.float(), target.float()
    numerator = x * x - 2 * x * t + t
    return _scale(gradient, input, weight, reduction) * numerator / _variance(x).square()


def _mixed_slope(gradient, input, target, weight, reduction) -> Tensor:
    return -_scale(gradient, input, weight, reduction) / _variance(input.float())


# ---- the gradients


def _gradient(role: str, function: str, slopes: Sequence[Slope]) -> Operator:
    """Make the operator of the gradient of `input` or `target`."""

    def like(input: Tensor, target: Tensor) -> Tensor:
        return input if role == "input" else target

    def compute(
        gradient: Tensor, input: Tensor, target: Tensor, weight: Weight = None, reduction: int = MEAN
    ) -> Tensor:
        check(input, target, weight, reduction)
        result = torch.empty_like(like(input, target))
        call(function, (gradient, input, target, weight), reduction, (result,))
        return result

    def fake(gradient: Tensor, input: Tensor, target: Tensor, *_: Any) -> Tensor:
        return torch.empty_like(like(input, target))

    def tangent(tangents: Sequence[Tensor | None], arguments: tuple) -> Tensor:
        result = like(*arguments[1:3])
        return push_forward(slopes, tangents, arguments).expand(result.shape).to(result.dtype)

    operator = Operator(
        f"{NAME}_{'' if role == 'input' else 'target_'}backward(Tensor grad_output, {_OPERANDS}) -> Tensor",
        compute=compute,
        fake=fake,
        backward=partial(pull_back, slopes),
        tangent=tangent,
        batch=lambda *arguments: map_gradient(operator, *arguments),
        refuse_autocast=_UNSAFE,
    )
    return operator


input_gradient = _gradient(
    "input",
    "aclnnBinaryCrossEntropyBackward",
    (
        lambda *arguments: _slope_of_outer(input_gradient, *arguments),
        _curvature,
        _mixed_slope,
        lambda *arguments: _slope_of_weight(input_gradient, *arguments),
    ),
)
target_gradient = _gradient(
    "target",
    "aclnnBinaryCrossEntropyTargetBackward",
    (
        lambda *arguments: _slope_of_outer(target_gradient, *arguments),
        _mixed_slope,
        None,
        lambda *arguments: _slope_of_weight(target_gradient, *arguments),
    ),
)
