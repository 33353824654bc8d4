# SPDX-License-Identifier: Apache-2.0
"""What makes an aclnn loss a differentiable function of PyTorch tensors."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import torch
from torch import Tensor
from torch.autograd import forward_ad

from ._tensors import call

REDUCTIONS = ("none", "mean", "sum")  # in the order of their numbers, torch's and aclnn's
NONE, MEAN = 0, 1


@dataclass(frozen=True)
class Operator:
    """The aclnn functions of one loss, called on tensors that they take.

    Attributes:
        name: The function of this package that users know it by.
        forward: The name of the loss.
        input_backward: The name of its gradient with respect to the input, of the input's type.
        target_backward: The name of its gradient with respect to the target, of the target's type.
        has_pos_weight: Whether the loss takes a positive weight.
    """

    name: str
    forward: str
    input_backward: str
    target_backward: str
    has_pos_weight: bool

    def __call__(
        self, input: Tensor, target: Tensor, weight: Tensor | None, pos_weight: Tensor | None, reduction: int
    ) -> Tensor:
        """Return the loss, with a graph where a derivative may be asked for."""
        tensors = (input, target, weight, pos_weight)
        # An autograd.Function costs several microseconds a call, so only where it is needed. Within a
        # forward-mode level it raises, where the plain call would lose the tangent.
        differentiable = torch.is_grad_enabled() and any(t is not None and t.requires_grad for t in tensors)
        if differentiable or forward_ad._current_level >= 0:
            return _Loss.apply(self, *tensors, reduction)
        return self.loss(*tensors, reduction)

    def loss(
        self, input: Tensor, target: Tensor, weight: Tensor | None, pos_weight: Tensor | None, reduction: int
    ) -> Tensor:
        """Return the loss, without a graph."""
        loss = torch.empty_like(target) if reduction == NONE else torch.empty((), dtype=target.dtype)
        call(self.forward, (input, target, *self._weights(weight, pos_weight)), reduction, loss)
        return loss

    def input_gradient(self, gradient: Tensor, arguments: tuple, reduction: int) -> Tensor:
        """Return the gradient of the input."""
        input, target, weight, pos_weight = arguments
        result = torch.empty_like(input)
        inputs = (gradient, input, target, *self._weights(weight, pos_weight))
        call(self.input_backward, inputs, reduction, result)
        return result

    def target_gradient(self, gradient: Tensor, arguments: tuple, reduction: int) -> Tensor:
        """Return the gradient of the target."""
        input, target, weight, pos_weight = arguments
        result = torch.empty_like(target)
        inputs = (gradient, input, target, *self._weights(weight, pos_weight))
        call(self.target_backward, inputs, reduction, result)
        return result

    def weight_gradient(self, gradient: Tensor, arguments: tuple, reduction: int) -> Tensor:
        """Return the gradient of the weight: the unweighted losses, summed over the broadcast dimensions."""
        input, target, weight, pos_weight = arguments
        slope = self.loss(input, target.float(), None, pos_weight, NONE)
        return _sum_to(slope.mul_(_scale(gradient, input, reduction)), weight)

    def pos_weight_gradient(self, gradient: Tensor, arguments: tuple, reduction: int) -> Tensor:
        """Return the gradient of the positive weight, the sum of weight * target * softplus(-input)."""
        input, target, weight, pos_weight = arguments
        # softplus(-input) is the loss at target 1.
        slope = self.loss(input, torch.ones_like(target, dtype=torch.float32), weight, None, NONE)
        return _sum_to(slope.mul_(target).mul_(_scale(gradient, input, reduction)), pos_weight)

    def _weights(self, weight: Tensor | None, pos_weight: Tensor | None) -> tuple[Tensor | None, ...]:
        return (weight, pos_weight) if self.has_pos_weight else (weight,)


def _scale(gradient: Tensor, input: Tensor, reduction: int) -> Tensor:
    return gradient.float() / input.numel() if reduction == MEAN else gradient.float()


def _sum_to(gradients: Tensor, operand: Tensor) -> Tensor:
    return gradients.sum_to_size(operand.shape).to(operand.dtype)


class _Loss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        operator: Operator,
        input: Tensor,
        target: Tensor,
        weight: Tensor | None,
        pos_weight: Tensor | None,
        reduction: int,
    ) -> Tensor:
        ctx.save_for_backward(input, target, weight, pos_weight)
        ctx.operator = operator
        ctx.reduction = reduction
        return operator.loss(input, target, weight, pos_weight, reduction)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        operator = ctx.operator
        computations = (
            operator.input_gradient,
            operator.target_gradient,
            operator.weight_gradient,
            operator.pos_weight_gradient,
        )
        # With create_graph the gradients must carry a graph, or a second derivative would silently be zero.
        compute = _differentiate_once if torch.is_grad_enabled() else _compute
        gradients = (
            compute(operator.name, computation, gradient, ctx.saved_tensors, ctx.reduction)
            if needed
            else None
            for computation, needed in zip(computations, ctx.needs_input_grad[1:5], strict=True)
        )
        return None, *gradients, None


def _compute(
    name: str, computation: Callable[..., Tensor], gradient: Tensor, arguments: tuple, reduction: int
) -> Tensor:
    return computation(gradient, arguments, reduction)


def _differentiate_once(
    name: str, computation: Callable[..., Tensor], gradient: Tensor, arguments: tuple, reduction: int
) -> Tensor:
    return _Once.apply(name, computation, reduction, gradient, *arguments)


class _Once(torch.autograd.Function):
    """Calls a function whose result cannot be differentiated."""

    @staticmethod
    def forward(
        ctx: Any,
        name: str,
        computation: Callable[..., Tensor],
        reduction: int,
        gradient: Tensor,
        *arguments: Any,
    ) -> Tensor:
        ctx.name = name
        return computation(gradient, arguments, reduction)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> NoReturn:
        raise RuntimeError(
            f"ascend_bce.torch.{ctx.name} has no second derivative yet; use torch.nn.functional.{ctx.name} "
            "where one is needed"
        )
