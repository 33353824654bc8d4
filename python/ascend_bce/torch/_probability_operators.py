# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy of probabilities as operators of torch.

An element of the loss, with both logarithms held above -100:

    -weight * (target * log(input) + (1 - target) * log(1 - input))
"""

from typing import Any

import torch
from torch import Tensor

from ._loss_operators import LossOperators, scale
from ._tensors import DATA_TYPES, is_plain, is_weight


class OnProbabilities(LossOperators):
    """The loss of probabilities and its gradients."""

    name = "binary_cross_entropy"
    function = "aclnnBinaryCrossEntropy"
    # What torch says on devices where it refuses this loss under autocast.
    refuse_autocast = """torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast.
Many models use a sigmoid layer right before the binary cross entropy layer.
In this case, combine the two layers using torch.nn.functional.binary_cross_entropy_with_logits
or torch.nn.BCEWithLogitsLoss.  binary_cross_entropy_with_logits and BCEWithLogits are
safe to autocast."""

    def is_supported(self, input: Any, target: Any, weight: Any = None) -> bool:
        """Tell whether the kernels take the arguments."""
        return (
            is_plain(input)
            and is_plain(target)
            and input.dtype in DATA_TYPES
            and target.dtype == input.dtype
            and input.shape == target.shape
            and input.device == target.device
            and (weight is None or is_weight(weight, input))
        )

    def compute_loss(self, *arguments: Any) -> Tensor:
        """Return the loss; raise for a probability or a target that is not in [0, 1]."""
        self.check(*arguments)
        input, target = arguments[:2]
        if not _in_range(target):
            self.refuse(*arguments)
        loss = super().compute_loss(*arguments)
        # An input outside makes the loss nan, so that only a nan is looked into.
        if bool(loss.sum().isnan()) and not _in_range(input):
            self.refuse(*arguments)
        return loss

    def curvature(self, gradient, input, target, weight, reduction) -> Tensor:
        """Return the slope of the input's gradient in the input."""
        x, t = input.float(), target.float()
        numerator = x * x - 2 * x * t + t
        return scale(gradient, input, weight, reduction) * numerator / _variance(x).square()

    def mixed_slope(self, gradient, input, target, weight, reduction) -> Tensor:
        """Return the slope of one gradient in the other's argument."""
        return -scale(gradient, input, weight, reduction) / _variance(input.float())


def _in_range(tensor: Tensor) -> bool:
    if tensor.numel() == 0:
        return True
    least, greatest = torch.aminmax(tensor.detach())
    return bool(least >= 0) and bool(greatest <= 1)  # false for nan, which both are if any element is


def _variance(x: Tensor) -> Tensor:
    return (x * (1 - x)).clamp(min=1e-12)


operators = OnProbabilities()
