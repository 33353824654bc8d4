# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy with logits as operators of torch.

An element of the loss, with softplus(x) = log(1 + exp(x)) and its derivative sigmoid:

    weight * (pos_weight * target * softplus(-input) + (1 - target) * softplus(input))
"""

from typing import Any

import torch
from torch import Tensor

from ._elementwise import one_like
from ._loss_operators import LossOperators, scale
from ._tensors import DATA_TYPES, NONE, is_plain, is_weight

Weight = Tensor | None


class WithLogits(LossOperators):
    """The loss with logits and its gradients."""

    name = "binary_cross_entropy_with_logits"
    function = "aclnnBinaryCrossEntropyWithLogits"
    weights = ("weight", "pos_weight")

    def is_supported(self, input: Any, target: Any, weight: Any = None, pos_weight: Any = None) -> bool:
        """Tell whether the kernels take the arguments."""
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

    def curvature(self, gradient, input, target, weight, pos_weight, reduction) -> Tensor:
        """Return the slope of the input's gradient in the input."""
        x, t = input.float(), target.float()
        factor = (1 - t) + _times(pos_weight, t)
        return scale(gradient, input, weight, reduction) * factor * x.sigmoid() * (-x).sigmoid()

    def mixed_slope(self, gradient, input, target, weight, pos_weight, reduction) -> Tensor:
        """Return the slope of one gradient in the other's argument."""
        x = input.float()
        steepness = x.sigmoid() + _times(pos_weight, (-x).sigmoid())
        return -scale(gradient, input, weight, reduction) * steepness

    def further_slopes(self):
        """Return the slopes in pos_weight."""
        return (
            (self._loss_in_pos_weight,),
            (self._input_gradient_in_pos_weight,),
            (self._target_gradient_in_pos_weight,),
        )

    def _loss_in_pos_weight(self, input, target, weight, pos_weight, reduction) -> Tensor:
        # Only the positive term has pos_weight: the loss at target 1, to which all else is one weight. Given
        # as pos_weight, it makes the limit 0 where it is 0 and the logit infinite.
        factor = target.float() if weight is None else target.float() * weight.float()
        return self.loss(input, one_like(input).expand(input.shape), None, factor, NONE)

    def _input_gradient_in_pos_weight(self, gradient, input, target, weight, pos_weight, reduction) -> Tensor:
        return -scale(gradient, input, weight, reduction) * target.float() * (-input.float()).sigmoid()

    def _target_gradient_in_pos_weight(
        self, gradient, input, target, weight, pos_weight, reduction
    ) -> Tensor:
        softplus = self.loss(input, one_like(input).expand(input.shape), None, None, NONE)
        return scale(gradient, input, weight, reduction) * softplus


def _times(pos_weight: Weight, elements: Tensor) -> Tensor:
    return elements if pos_weight is None else pos_weight * elements


operators = WithLogits()
