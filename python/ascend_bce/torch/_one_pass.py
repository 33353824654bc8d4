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
from torch.autograd.function import _SingleLevelFunction

from . import _native
from ._tensors import NONE, call, launch
from ._with_logits_operators import operators

# In float16 the gradients of a mean would underflow before a GradScaler's factor arrives.
_TYPES = frozenset((torch.float32, torch.bfloat16))
_INPUT_ONLY = (True, False, False, False, False)
_OPERATOR = operators.name + "_loss_and_gradient"
_NOT_TAKEN = (None, None)


def takes(input: Tensor, target: Tensor, reduction: int) -> bool:
    """Tell whether a loss with these arguments is computed in one pass."""
    return (
        input.requires_grad
        and reduction != NONE
        and input.dtype in _TYPES
        and target.dtype in _TYPES
        # Saved tensors may be meant to leave memory (checkpoints, offloading); a kept gradient would not.
        and torch._C._autograd._top_saved_tensors_default_hooks(True) is None
    )


class Loss(_SingleLevelFunction):
    """The loss of input, target, weight, pos_weight and a reduction, with its graph."""

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> Tensor:
        """Compute the loss, and keep the gradient."""
        *tensors, ctx.reduction = arguments
        ctx.save_for_backward(*tensors)
        loss, ctx.kept = _native.call(_OPERATOR, *arguments) or _NOT_TAKEN
        if loss is None:
            operators.check(*arguments)
            input, target = tensors[:2]
            loss, ctx.kept = target.new_empty(()), torch.empty_like(input)
            call("aclnnBinaryCrossEntropyWithLogitsLossAndGradient", tensors, ctx.reduction, (loss, ctx.kept))
        return loss

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradients."""
        arguments = (*ctx.saved_tensors, ctx.reduction)  # raises if one was modified or released
        wanted = ctx.needs_input_grad
        gradient = None
        if wanted[0]:
            gradient, ctx.kept = ctx.kept, None
        if gradient is None or torch.is_grad_enabled():
            return *operators.differentiate(outer, arguments, wanted[:-1]), None
        if not _native.call("scale_gradient", outer, gradient):
            # Whatever the order of its strides, its memory is dense.
            memory = gradient.as_strided((gradient.numel(),), (1,))
            launch("aclnnBinaryCrossEntropyScaleGradient", (outer,), (), (memory,))
        if wanted == _INPUT_ONLY:
            return gradient, None, None, None, None
        others = operators.differentiate(outer, arguments, (False, *wanted[1:-1]))[1:]
        return gradient, *others, None
