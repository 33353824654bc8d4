# SPDX-License-Identifier: Apache-2.0
"""Rules for every loss and gradient of a loss: each of their elements depends on one element of the inputs.

Where the operators' own derivatives are composed of others, that is done in float32.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ._tensors import MEAN, NONE

# The derivative of a result's elements with respect to one argument, as a function of all arguments; None for
# zero.
Slope = Callable[..., Tensor] | None


def spread(gradient: Tensor, input: Tensor, reduction: int) -> Tensor:
    """Return the gradient of every element's loss, given that of the reduced one."""
    gradient = gradient.float()
    return gradient / input.numel() if reduction == MEAN else gradient


def one_like(input: Tensor) -> Tensor:
    """Return a float32 scalar 1, on the device of a tensor, or on the devices of a DTensor."""
    return input.new_ones((), dtype=torch.float32)


def reduce(losses: Tensor, reduction: int, dtype: torch.dtype) -> Tensor:
    """Reduce float32 losses, or their tangents."""
    if reduction != NONE:
        losses = losses.mean() if reduction == MEAN else losses.sum()
    return losses.to(dtype)


def sum_to(elements: Tensor, operand: Tensor) -> Tensor:
    """Sum a full shape's gradients along the dimensions that an operand is broadcast in."""
    return elements.sum_to_size(operand.shape).to(operand.dtype)


def pull_back(
    slopes: Sequence[Slope], gradient: Tensor, arguments: tuple, wanted: Sequence[bool]
) -> list[Tensor | None]:
    """Return the gradients of the tensors among the arguments, given the gradient of every element."""
    return [
        sum_to(gradient * slope(*arguments), tensor) if needed and slope is not None else None
        for slope, tensor, needed in zip(slopes, arguments, wanted, strict=False)
    ]


def push_forward(slopes: Sequence[Slope], tangents: Sequence[Tensor | None], arguments: tuple) -> Tensor:
    """Return the tangent of every element, given those of the tensors among the arguments."""
    terms = [
        slope(*arguments) * tangent
        for slope, tangent in zip(slopes, tangents, strict=True)
        if slope is not None and tangent is not None
    ]
    return sum(terms[1:], terms[0]) if terms else torch.zeros((), device=arguments[0].device)


def align(tensor: Tensor | None, batched: bool, rank: int) -> Tensor | None:
    """Make an operand that may have a batch in dimension 0 broadcast to a batch of inputs of a rank."""
    if tensor is None or not batched:
        return tensor
    size, *shape = tensor.shape
    return tensor.reshape(size, *(1,) * (rank - len(shape)), *shape)


def expand(tensor: Tensor, batched: bool, batch_size: int) -> Tensor:
    """Give a tensor of full shape a batch in dimension 0, unless it has one."""
    return tensor if batched else tensor.expand(batch_size, *tensor.shape)


def map_loss(loss: Callable[..., Tensor], batch_size: int, batched: Sequence[bool], *arguments) -> Tensor:
    """Compute a batch of losses: `batch` of their operator."""
    input, target, *weights, reduction = arguments
    dtype = target.dtype
    input, target = (expand(t, b, batch_size) for t, b in zip((input, target), batched, strict=False))
    rank = input.dim() - 1
    weights = [align(w, b, rank) for w, b in zip(weights, batched[2:], strict=False)]
    if reduction == NONE:
        return loss(input, target, *weights, NONE)
    losses = loss(input.float(), target.float(), *weights, NONE).reshape(batch_size, -1)
    return (losses.mean(1) if reduction == MEAN else losses.sum(1)).to(dtype)


def map_gradient(
    gradient: Callable[..., Tensor], batch_size: int, batched: Sequence[bool], *arguments
) -> Tensor:
    """Compute a batch of gradients: `batch` of their operator."""
    outer, input, target, *weights, reduction = arguments
    input, target = (expand(t, b, batch_size) for t, b in zip((input, target), batched[1:], strict=False))
    rank = input.dim() - 1
    outer, *weights = (
        align(w, b, rank) for w, b in zip((outer, *weights), (batched[0], *batched[3:]), strict=False)
    )
    return gradient(spread(outer, input[0], reduction), input, target, *weights, NONE)
