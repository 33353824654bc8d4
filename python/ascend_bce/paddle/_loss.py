# SPDX-License-Identifier: Apache-2.0
"""A loss of checked tensors: its value, its gradients, and its place in Paddle's graph.

A PyLayer with several differentiable inputs fails when `paddle.grad` asks for the gradients of some of them
only. So each input that needs a gradient gets a PyLayer of its own: the first one's output is the loss, the
others' are zeros, and their sum is what the caller gets.
"""

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import paddle
from paddle import Tensor
from paddle.autograd import PyLayer

from ._tensors import call

REDUCTIONS = ("none", "mean", "sum")  # in the order of aclnn's numbers
_NONE, _MEAN = 0, 1
# Whose gradient the pass that computes the loss can give, too.
_ONE_PASS_OPERATOR = "BinaryCrossEntropyWithLogits"
_ONE_PASS_DTYPES = (paddle.float32, paddle.bfloat16)


class Loss:
    """A loss of checked tensors."""

    def __init__(
        self, operator: str, reduction: str, input: Tensor, label: Tensor, weights: Sequence[Tensor | None]
    ) -> None:
        """Take the arguments.

        Args:
            operator: Name of the aclnn function, without its prefix.
            reduction: One of REDUCTIONS.
            input: Logits or probabilities.
            label: Of the same shape.
            weights: The weight, and the pos_weight if the operator has one.
        """
        self._operator = operator
        self._reduction = REDUCTIONS.index(reduction)
        self._tensors = (input, label, *weights)
        self._versions = self._inplace_versions()
        self._ready: Tensor | None = (
            None  # the input's gradient for a grad_output of 1, until it is asked for
        )

    def compute(self) -> Tensor:
        """Return the loss, differentiable by the tensors that do not stop gradients."""
        if not paddle.is_grad_enabled():
            return self._value(self._reduction, *self._tensors)
        value = (
            self._value_and_gradient()
            if self._takes_one_pass()
            else self._value(self._reduction, *self._tensors)
        )
        terms = []
        for tensor, gradient in zip(self._tensors, self._gradients(), strict=True):
            if tensor is not None and not tensor.stop_gradient:
                term = paddle.zeros(value.shape, value.dtype) if terms else value
                # In a function, because a PyLayer takes an argument that it returns for one done in place.
                terms.append(_Term.apply(tensor, self, gradient, lambda term=term: term))
        if len(terms) <= 1:
            return terms[0] if terms else value
        # In float32, because Paddle adds no float16 on the CPU.
        return paddle.add_n([term.astype("float32") for term in terms]).astype(value.dtype)

    def differentiate(self, gradient: Callable[[Tensor], Tensor], grad_output: Tensor) -> Tensor:
        """Return the gradient for one of the tensors, given the one for the loss."""
        if self._inplace_versions() != self._versions:
            raise RuntimeError(
                "an argument of a loss of ascend_bce.paddle has been modified in place between the loss and "
                "its gradient; modify a clone of it instead"
            )
        if not paddle.is_grad_enabled():
            return gradient(grad_output)
        # With create_graph gradients must carry a graph, or a second derivative would silently be zero.
        present = [tensor for tensor in self._tensors if tensor is not None]
        return _Once.apply(gradient, grad_output, *present)

    def _inplace_versions(self) -> list[int]:
        return [tensor.inplace_version for tensor in self._tensors if tensor is not None]

    def _gradients(self) -> tuple[Callable[[Tensor], Tensor], ...]:
        every = (self._input_gradient, self._label_gradient, self._weight_gradient, self._pos_weight_gradient)
        return every[: len(self._tensors)]

    def _value(self, reduction: int, *tensors: Tensor | None) -> Tensor:
        input, label = tensors[:2]
        loss = paddle.empty(input.shape if reduction == _NONE else [], label.dtype)
        call("aclnn" + self._operator, tensors, (reduction,), (loss,))
        return loss

    def _takes_one_pass(self) -> bool:
        input, label = self._tensors[:2]
        return (
            self._operator == _ONE_PASS_OPERATOR
            and self._reduction != _NONE
            and not input.stop_gradient
            and input.dtype in _ONE_PASS_DTYPES
            and label.dtype in _ONE_PASS_DTYPES
        )

    def _value_and_gradient(self) -> Tensor:
        input, label = self._tensors[:2]
        loss = paddle.empty([], label.dtype)
        self._ready = paddle.empty(input.shape, input.dtype)
        call(f"aclnn{self._operator}LossAndGradient", self._tensors, (self._reduction,), (loss, self._ready))
        return loss

    def _input_gradient(self, grad_output: Tensor) -> Tensor:
        if self._ready is None:  # also for every backward after the first
            return self._gradient("Backward", self._tensors[0], grad_output)
        gradient, self._ready = self._ready, None
        call("aclnnBinaryCrossEntropyScaleGradient", (grad_output,), (), (gradient,))
        return gradient

    def _label_gradient(self, grad_output: Tensor) -> Tensor:
        return self._gradient("TargetBackward", self._tensors[1], grad_output)

    def _gradient(self, suffix: str, like: Tensor, grad_output: Tensor) -> Tensor:
        gradient = paddle.empty(like.shape, like.dtype)
        call(f"aclnn{self._operator}{suffix}", (grad_output, *self._tensors), (self._reduction,), (gradient,))
        return gradient

    # The loss is linear in both weights: the slopes of its elements are losses themselves.

    def _weight_gradient(self, grad_output: Tensor) -> Tensor:
        input, label, weight, *pos_weight = self._tensors
        slopes = self._value(_NONE, input, label.astype("float32"), None, *pos_weight)
        return self._sum_slopes(slopes, grad_output, weight)

    def _pos_weight_gradient(self, grad_output: Tensor) -> Tensor:
        input, label, weight, pos_weight = self._tensors
        # Only the positive term has pos_weight: that of label 1, to which all else is one weight. Given as
        # pos_weight, it makes the limit 0 where it is 0 and the logit infinite.
        factor = label.astype("float32")
        if weight is not None:
            factor = factor * weight.astype("float32")
        ones = paddle.ones([], "float32").expand(label.shape)
        slopes = self._value(_NONE, input, ones, None, factor)
        return self._sum_slopes(slopes, grad_output, pos_weight)

    def _sum_slopes(self, slopes: Tensor, grad_output: Tensor, weight: Tensor) -> Tensor:
        """Scale the slopes of all elements, and sum them along the dimensions that weight is broadcast in."""
        slopes = slopes * grad_output.astype("float32")
        divisor = max(slopes.size, 1) if self._reduction == _MEAN else 1
        leading = slopes.ndim - weight.ndim
        axes = [d for d in range(slopes.ndim) if d < leading or weight.shape[d - leading] == 1]
        if axes:  # Paddle takes none for all
            slopes = paddle.sum(slopes, axes, dtype="float64", keepdim=True)
        gradient = (slopes / divisor).reshape(weight.shape)
        if weight.dtype == paddle.float16:  # to which Paddle converts 2e-25 as 2e-7
            gradient = paddle.where(gradient.abs() < 1e-20, paddle.zeros_like(gradient), gradient)
        return gradient.astype(weight.dtype)


class _Term(PyLayer):
    """Gives an output the gradient of a loss with respect to one tensor."""

    @staticmethod
    def forward(
        ctx: Any,
        tensor: Tensor,
        loss: Loss,
        gradient: Callable[[Tensor], Tensor],
        output: Callable[[], Tensor],
    ) -> Tensor:
        ctx.loss, ctx.gradient = loss, gradient
        return output()

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        return ctx.loss.differentiate(ctx.gradient, grad_output)


class _Once(PyLayer):
    """Calls a gradient that cannot be differentiated."""

    @staticmethod
    def forward(
        ctx: Any, gradient: Callable[[Tensor], Tensor], grad_output: Tensor, *tensors: Tensor
    ) -> Tensor:
        return gradient(grad_output)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> NoReturn:
        raise RuntimeError(
            "the losses of ascend_bce.paddle have no second derivative; use those of paddle.nn where one is "
            "needed"
        )
