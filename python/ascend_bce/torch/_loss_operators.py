# SPDX-License-Identifier: Apache-2.0
"""What both losses have in common as operators of torch.

A loss and its gradients have schemas, ways to be computed, stand-ins without data, derivatives and batching
rules of one form. The losses differ in their names, in their operands and in the slopes of their elements,
which stand in _with_logits_operators.py and _probability_operators.py. First derivatives are operators
themselves; those of gradients are composed of torch's functions, so there are derivatives of any order.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn

import torch
from torch import Tensor

from . import _native
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
from ._tensors import NONE, REDUCTIONS, call, detach, refuse_type_or_place


class LossOperators(ABC):
    """A loss and its gradients as operators: `name`, `name_backward` and `name_target_backward`.

    Arguments of the loss are input, target, the weights and a reduction; those of the gradients are the same
    after the incoming gradient. A gradient has the type and strides of what it is the gradient of.

    Attributes:
        name: The loss's name, in torch.nn.functional and in torch.ops.ascend_bce.
        function: Its aclnn function; those of the gradients end in Backward and TargetBackward.
        weights: Names of the operands that may be absent.
        refuse_autocast: The text with which the operators are refused under autocast on an NPU; None where
            they are run in float32.
        loss: The loss.
        input_gradient: Its gradient for the input.
        target_gradient: Its gradient for the target.
    """

    name: str
    function: str
    weights: tuple[str, ...] = ("weight",)
    refuse_autocast: str | None = None

    def __init__(self) -> None:
        """Register the operators."""
        self._theirs = getattr(torch.nn.functional, self.name)  # whatever it is replaced by later
        weights = "".join(f"Tensor? {weight}=None, " for weight in self.weights)
        self._parameters = f"Tensor input, Tensor target, {weights}int reduction=1"
        self.loss = Operator(
            f"{self.name}({self._parameters}) -> Tensor",
            compute=self.compute_loss,
            fake=self._make_loss,
            backward=self.differentiate,
            tangent=self._loss_tangent,
            batch=lambda *arguments: map_loss(self.loss, *arguments),
            refuse_autocast=self.refuse_autocast,
        )
        self.input_gradient = self._register_gradient(0)
        self.target_gradient = self._register_gradient(1)
        self._loss_slopes = self._make_loss_slopes()

    # ---- what is special about a loss

    @abstractmethod
    def is_supported(self, input: Any, target: Any, *weights: Any) -> bool:
        """Tell whether the kernels take the arguments, whatever their values."""

    @abstractmethod
    def curvature(self, gradient: Tensor, *arguments: Any) -> Tensor:
        """Return the slope of the input's gradient in the input."""

    @abstractmethod
    def mixed_slope(self, gradient: Tensor, *arguments: Any) -> Tensor:
        """Return the slope of the input's gradient in the target, and of the target's in the input."""

    def further_slopes(self) -> tuple[Sequence[Slope], Sequence[Slope], Sequence[Slope]]:
        """Return the slopes of the loss and of both gradients in the weights after the first."""
        return (), (), ()

    # ---- refusing

    def check(self, input: Any, target: Any, *weights_and_reduction: Any) -> None:
        """Raise unless the kernels take the arguments, whatever their values."""
        if not self.is_supported(input, target, *weights_and_reduction[:-1]):
            self.refuse(input, target, *weights_and_reduction)

    def refuse(self, input: Any, target: Any, *weights_and_reduction: Any) -> NoReturn:
        """Raise for arguments that the kernels do not take."""
        *weights, reduction = weights_and_reduction
        named = dict(zip(self.weights, weights, strict=True))
        # What torch refuses as well is best explained by torch, in the words its users know.
        detached = {name: detach(weight) for name, weight in named.items()}
        self._theirs(input, target, reduction=REDUCTIONS[reduction], **detached)
        refuse_type_or_place(self.name, {"input": input, "target": target, **named})

    # ---- the loss

    def compute_loss(self, *arguments: Any) -> Tensor:
        """Return the loss."""
        loss = _native.operators[self.name](*arguments)
        if loss is None:
            loss = self._make_loss(*arguments)
            call(self.function, arguments[:-1], arguments[-1], (loss,))
        return loss

    def _make_loss(self, *arguments: Any) -> Tensor:
        self.check(*arguments)
        target, reduction = arguments[1], arguments[-1]
        return torch.empty_like(target) if reduction == NONE else target.new_empty(())

    def differentiate(
        self, gradient: Tensor, arguments: tuple, wanted: Sequence[bool]
    ) -> list[Tensor | None]:
        """Return the gradients of the tensors among the loss's arguments; None where none is wanted."""
        input, reduction = arguments[0], arguments[-1]
        gradients = [
            operator(gradient, *arguments) if needed else None
            for operator, needed in zip((self.input_gradient, self.target_gradient), wanted, strict=False)
        ]
        for slope, weight, needed in zip(self._loss_slopes[2:], arguments[2:-1], wanted[2:], strict=True):
            elements = spread(gradient, input, reduction) * slope(*arguments) if needed else None
            gradients.append(None if elements is None else sum_to(elements, weight))
        return gradients

    def _loss_tangent(self, tangents: Sequence[Tensor | None], arguments: tuple) -> Tensor:
        input, target, *_, reduction = arguments
        elements = push_forward(self._loss_slopes, tangents, arguments).expand(input.shape)
        return reduce(elements, reduction, target.dtype)

    def _make_loss_slopes(self) -> tuple[Slope, ...]:
        def of_unit_gradient(operator: Operator, input: Tensor, target: Tensor, *weights: Any) -> Tensor:
            return operator(one_like(input), input.float(), target.float(), *weights[:-1], NONE)

        def in_weight(input: Tensor, target: Tensor, _: Tensor, *others: Any) -> Tensor:
            return self.loss(input.float(), target.float(), None, *others[:-1], NONE)

        first = (
            partial(of_unit_gradient, operator) for operator in (self.input_gradient, self.target_gradient)
        )
        return *first, in_weight, *self.further_slopes()[0]

    # ---- the gradients

    def _register_gradient(self, role: int) -> Operator:
        """Make the operator of the gradient of the input (role 0) or the target (1)."""
        name = self.name + ("_backward", "_target_backward")[role]
        function = self.function + ("Backward", "TargetBackward")[role]

        def compute(*arguments: Any) -> Tensor:
            result = _native.operators[name](*arguments)
            if result is None:
                self.check(*arguments[1:])
                result = make(*arguments)
                call(function, arguments[:-1], arguments[-1], (result,))
            return result

        def make(*arguments: Any) -> Tensor:
            return torch.empty_like(arguments[1 + role])

        def in_gradient(_: Tensor, input: Tensor, target: Tensor, *weights: Any) -> Tensor:
            one = spread(one_like(input), input, weights[-1])
            return operator(one, input.float(), target.float(), *weights[:-1], NONE)

        def in_weight(gradient: Tensor, input: Tensor, target: Tensor, _: Tensor, *others: Any) -> Tensor:
            return operator(gradient, input, target, None, *others)

        elements = (self.curvature, self.mixed_slope) if role == 0 else (self.mixed_slope, None)
        slopes = (in_gradient, *elements, in_weight, *self.further_slopes()[1 + role])

        def tangent(tangents: Sequence[Tensor | None], arguments: tuple) -> Tensor:
            result = arguments[1 + role]
            return push_forward(slopes, tangents, arguments).expand(result.shape).to(result.dtype)

        operator = Operator(
            f"{name}(Tensor grad_output, {self._parameters}) -> Tensor",
            compute=compute,
            fake=make,
            backward=partial(pull_back, slopes),
            tangent=tangent,
            batch=lambda *arguments: map_gradient(operator, *arguments),
            refuse_autocast=self.refuse_autocast,
        )
        return operator


def scale(gradient: Tensor, input: Tensor, weight: Tensor | None, reduction: int) -> Tensor:
    """Return what the slope of an element of a gradient is multiplied by."""
    elements = spread(gradient, input, reduction)
    return elements if weight is None else elements * weight.float()
