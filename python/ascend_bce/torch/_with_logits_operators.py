# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy with logits and its gradients as operators of torch.

An element of the loss, with softplus(x) = log(1 + exp(x)) and its derivative sigmoid:

    weight * (pos_weight * target * softplus(-input) + (1 - target) * softplus(input))

Every operator stands here with its schema, what computes it, its stand-in without data, and the slopes of its
elements. First derivatives are operators themselves; those of gradients are composed of torch's functions,
so there are derivatives of any order.
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

NAME = "binary_cross_entropy_with_logits"
_OPERANDS = "Tensor input, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=1"

Weight = Tensor | None
_torch_loss = torch.nn.functional.binary_cross_entropy_with_logits  # whatever it is replaced by later


def is_supported(input: Any, target: Any, weight: Any = None, pos_weight: Any = None) -> bool:
    """Tell whether the kernels take the arguments, whatever their values."""
    return (
        is_plain(input)
        and is_plain(target)
        and input.dtype in DATA_TYPES
        and target.dtype in DATA_TYPES
        and input.shape == target.shape
        and input.device == target.device
        and (weight is None or is_weight(weight, input))
        and (pos_weight is None or (is_weight(pos_weight, input) and pos_weight.dtype != torch.bool))
    )


def check(input: Any, target: Any, weight: Any, pos_weight: Any, reduction: int) -> None:
    """Raise unless the kernels take the arguments, whatever their values."""
    if not is_supported(input, target, weight, pos_weight):
        refuse(input, target, weight, pos_weight, reduction)


def refuse(input: Any, target: Any, weight: Any, pos_weight: Any, reduction: int) -> NoReturn:
    """Raise for arguments that the kernels do not take."""
    # What torch refuses as well is best explained by torch, in the words its users know.
    _torch_loss(input, target, detach(weight), reduction=REDUCTIONS[reduction], pos_weight=detach(pos_weight))
    tensors = {"input": input, "target": target, "weight": weight, "pos_weight": pos_weight}
    refuse_type_or_place(NAME, tensors)


# ---- the loss


def compute_loss(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, reduction: int) -> Tensor:
    """Return the loss of arguments that have been checked."""
    loss = torch.empty_like(target) if reduction == NONE else target.new_empty(())
    call("aclnnBinaryCrossEntropyWithLogits", (input, target, weight, pos_weight), reduction, (loss,))
    return loss


def _check_and_compute_loss(
    input: Tensor, target: Tensor, weight: Weight = None, pos_weight: Weight = None, reduction: int = MEAN
) -> Tensor:
    check(input, target, weight, pos_weight, reduction)
    return compute_loss(input, target, weight, pos_weight, reduction)


def _fake_loss(
    input: Tensor, target: Tensor, weight: Weight = None, pos_weight: Weight = None, reduction: int = MEAN
) -> Tensor:
    check(input, target, weight, pos_weight, reduction)
    return torch.empty_like(target) if reduction == NONE else target.new_empty(())


def _input_slope(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, _: int) -> Tensor:
    one = one_like(input)
    return input_gradient(one, input.float(), target.float(), weight, pos_weight, NONE)


def _target_slope(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, _: int) -> Tensor:
    one = one_like(input)
    return target_gradient(one, input.float(), target.float(), weight, pos_weight, NONE)


def _weight_slope(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, _: int) -> Tensor:
    return loss(input, target.float(), None, pos_weight, NONE)


def _pos_weight_slope(input: Tensor, target: Tensor, weight: Weight, pos_weight: Weight, _: int) -> Tensor:
    # Only the positive term has pos_weight: the loss at target 1, to which all else is one weight. Given as
    # pos_weight, it makes the limit 0 where it is 0 and the logit infinite.
    factor = target.float() if weight is None else target.float() * weight.float()
    return loss(input, one_like(input).expand(input.shape), None, factor, NONE)


_LOSS_SLOPES = (_input_slope, _target_slope, _weight_slope, _pos_weight_slope)


def differentiate_loss(gradient: Tensor, arguments: tuple, wanted: Sequence[bool]) -> list[Tensor | None]:
    """Return the gradients of the tensors among a loss's arguments; None where none is wanted."""
    input, *_, reduction = arguments
    gradients = [
        operator(gradient, *arguments) if needed else None
        for operator, needed in zip((input_gradient, target_gradient), wanted, strict=False)
    ]
    for slope, weight, needed in zip(_LOSS_SLOPES[2:], arguments[2:4], wanted[2:], strict=True):
        elements = spread(gradient, input, reduction) * slope(*arguments) if needed else None
        gradients.append(None if elements is None else sum_to(elements, weight))
    return gradients


def _loss_tangent(tangents: Sequence[Tensor | None], arguments: tuple) -> Tensor:
    input, target, *_, reduction = arguments
    elements = push_forward(_LOSS_SLOPES, tangents, arguments).expand(input.shape)
    return reduce(elements, reduction, target.dtype)


loss = Operator(
    f"{NAME}({_OPERANDS}) -> Tensor",
    compute=_check_and_compute_loss,
    fake=_fake_loss,
    backward=differentiate_loss,
    tangent=_loss_tangent,
    batch=lambda *arguments: map_loss(loss, *arguments),
)


# ---- slopes of the gradients, in the order of their arguments


def _scale(gradient: Tensor, input: Tensor, weight: Weight, reduction: int) -> Tensor:
    scale = spread(gradient, input, reduction)
    return scale if weight is None else scale * weight.float()


def _times(pos_weight: Weight, elements: Tensor) -> Tensor:
    return elements if pos_weight is None else pos_weight * elements


def _slope_of_outer(operator: Operator, _, input, target, weight, pos_weight, reduction) -> Tensor:
    one = spread(one_like(input), input, reduction)
    return operator(one, input.float(), target.float(), weight, pos_weight, NONE)


def _slope_of_weight(operator: Operator, gradient, input, target, weight, pos_weight, reduction) -> Tensor:
    return operator(gradient, input, target, None, pos_weight, reduction)


def _curvature(gradient, input, target, weight, pos_weight, reduction) -> Tensor:
    x, t = input.float(), target.float()
    factor = (1 - t) + _times(pos_weight, t)
    return _scale(gradient, input, weight, reduction) * factor * x.sigmoid() * (-x).sigmoid()


def _mixed_slope(gradient, input, target, weight, pos_weight, reduction) -> Tensor:
    x = input.float()
    steepness = x.sigmoid() + _times(pos_weight, (-x).sigmoid())
    return -_scale(gradient, input, weight, reduction) * steepness


def _input_gradient_of_pos_weight(gradient, input, target, weight, pos_weight, reduction) -> Tensor:
    return -_scale(gradient, input, weight, reduction) * target.float() * (-input.float()).sigmoid()


def _target_gradient_of_pos_weight(gradient, input, target, weight, pos_weight, reduction) -> Tensor:
    softplus = loss(input, one_like(input).expand(input.shape), None, None, NONE)
    return _scale(gradient, input, weight, reduction) * softplus


# ---- the gradients


def _gradient(role: str, function: str, slopes: Sequence[Slope]) -> Operator:
    """Make the operator of the gradient of `input` or `target`, whose type and strides the result takes."""

    def like(input: Tensor, target: Tensor) -> Tensor:
        return input if role == "input" else target

    def compute(
        gradient: Tensor,
        input: Tensor,
        target: Tensor,
        weight: Weight = None,
        pos_weight: Weight = None,
        reduction: int = MEAN,
    ) -> Tensor:
        check(input, target, weight, pos_weight, reduction)
        result = torch.empty_like(like(input, target))
        call(function, (gradient, input, target, weight, pos_weight), reduction, (result,))
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
    )
    return operator


input_gradient = _gradient(
    "input",
    "aclnnBinaryCrossEntropyWithLogitsBackward",
    (
        lambda *arguments: _slope_of_outer(input_gradient, *arguments),
        _curvature,
        _mixed_slope,
        lambda *arguments: _slope_of_weight(input_gradient, *arguments),
        _input_gradient_of_pos_weight,
    ),
)
target_gradient = _gradient(
    "target",
    "aclnnBinaryCrossEntropyWithLogitsTargetBackward",
    (
        lambda *arguments: _slope_of_outer(target_gradient, *arguments),
        _mixed_slope,
        None,
        lambda *arguments: _slope_of_weight(target_gradient, *arguments),
        _target_gradient_of_pos_weight,
    ),
)
