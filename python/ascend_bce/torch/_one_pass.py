# SPDX-License-Identifier: Apache-2.0
"""Loss and gradient of the logits in one pass over the inputs, for training.

A loss that is reduced to a scalar has nearly always an incoming gradient of 1, so its gradient can be
computed before that is known. The forward pass keeps it. The first backward pass scales it in place, by a
kernel that reads the incoming gradient on the device and does nothing where it is 1, and gives it away.
Everything else is computed anew from the saved arguments: later backward passes, and those that record a
graph.
"""

from typing import Any

import torch
from torch import Tensor
from torch._C._autograd import _top_saved_tensors_default_hooks
from torch.autograd.function import Function, _SingleLevelFunction

from . import _native
from ._tensors import NONE, call, launch
from ._with_logits_operators import operators

# In float16 the gradients of a mean would underflow before a GradScaler's factor arrives.
_TYPES = frozenset((torch.float32, torch.bfloat16))
_OPERATOR = operators.name + "_loss_and_gradient"
_NOT_TAKEN = (None, None)


def compute_loss(
    input: Tensor, target: Tensor, weight: Tensor | None, pos_weight: Tensor | None, reduction: int
) -> Tensor | None:
    """Return the loss, with its graph; None where it takes more than one pass, or no gradient is wanted."""
    if (
        not input.requires_grad
        or reduction == NONE
        or input.dtype not in _TYPES
        or target.dtype not in _TYPES
        # Saved tensors may be meant to leave memory (checkpoints, offloading); a kept gradient would not.
        or _top_saved_tensors_default_hooks(True) is not None
    ):
        return None
    others = target, weight, pos_weight, reduction
    if (
        target.requires_grad
        or (weight is not None and weight.requires_grad)
        or (pos_weight is not None and pos_weight.requires_grad)
    ):
        return _Loss.apply(input, others, *others[:-1])
    return _Loss.apply(input, others)


class _Loss(_SingleLevelFunction):
    """The loss as a function of input, and of the other tensors where one of them needs a gradient.

    All arguments but the input come in a tuple as well. Autograd does not look into it, which takes
    microseconds of a call.
    """

    @staticmethod
    def forward(ctx: Any, input: Tensor, others: tuple, *_: Tensor | None) -> Tensor:
        """Compute the loss, and keep the gradient."""
        target, weight, pos_weight, ctx.reduction = others
        ctx.save_for_backward(input, target, weight, pos_weight)
        loss, ctx.kept = _native.operators[_OPERATOR](input, *others) or _NOT_TAKEN
        if loss is None:
            operators.check(input, *others)
            loss, ctx.kept = target.new_empty(()), torch.empty_like(input)
            call(
                "aclnnBinaryCrossEntropyWithLogitsLossAndGradient",
                (input, *others[:-1]),
                ctx.reduction,
                (loss, ctx.kept),
            )
        return loss

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradients."""
        tensors = ctx.saved_tensors  # raises if one was modified or released
        wanted = ctx.needs_input_grad
        gradient = None
        if wanted[0]:
            gradient, ctx.kept = ctx.kept, None
        # Compiled autograd traces this: what is computed anew is a graph of operators that it knows.
        if gradient is not None and not (torch.is_grad_enabled() or torch.compiler.is_dynamo_compiling()):
            _scale(gradient, outer)
            if len(wanted) == 2:
                return gradient, None
            rest = False, *wanted[2:]
        else:
            gradient = None
            rest = wanted[0], *(wanted[2:] or (False, False, False))
        computed, *others = operators.differentiate(outer, (*tensors, ctx.reduction), rest)
        return computed if gradient is None else gradient, None, *others[: len(wanted) - 2]

    _compiled_autograd_key = staticmethod(Function._compiled_autograd_key)


# What autograd calls; torch's own looks up first, every time, which function of the class to call.
_Loss._backward_cls.apply = _Loss.backward


def _scale(gradient: Tensor, outer: Tensor) -> None:
    if not _native.operators["scale_gradient"](outer, gradient):
        # Whatever the order of its strides, its memory is dense.
        memory = gradient.as_strided((gradient.numel(),), (1,))
        launch("aclnnBinaryCrossEntropyScaleGradient", (outer,), (), (memory,))
