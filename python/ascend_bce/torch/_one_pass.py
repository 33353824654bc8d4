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

from ._tensors import NONE, call, launch
from ._with_logits_operators import differentiate_loss

# In float16 the gradients of a mean would underflow before a GradScaler's factor arrives.
_TYPES = frozenset((torch.float32, torch.bfloat16))


def takes(input: Tensor, target: Tensor, reduction: int) -> bool:
    """Tell whether a loss with these arguments is computed in one pass."""
    return (
        reduction != NONE
        and input.requires_grad
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
        *tensors, reduction = arguments
        input, target = tensors[:2]
        loss, gradient = target.new_empty(()), torch.empty_like(input)
        call("aclnnBinaryCrossEntropyWithLogitsLossAndGradient", tensors, reduction, (loss, gradient))
        ctx.save_for_backward(*tensors)
        ctx.reduction = reduction
        ctx.kept = [gradient]
        return loss

    @staticmethod
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradients."""
        arguments = (*ctx.saved_tensors, ctx.reduction)  # raises if one was modified or released
        wanted = list(ctx.needs_input_grad[:-1])
        gradient = None
        if wanted[0] and ctx.kept:
            kept = ctx.kept.pop()
            if not torch.is_grad_enabled():
                gradient = _scaled(kept, outer)
                wanted[0] = False
        first, *others = differentiate_loss(outer, arguments, wanted)
        return first if gradient is None else gradient, *others, None


def _scaled(gradient: Tensor, outer: Tensor) -> Tensor:
    # Whatever the order of its strides, its memory is dense.
    memory = gradient.as_strided((gradient.numel(),), (1,))
    launch("aclnnBinaryCrossEntropyScaleGradient", (outer,), (), (memory,))
    return gradient
