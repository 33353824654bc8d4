# SPDX-License-Identifier: Apache-2.0
"""The losses as Paddle layers."""

import paddle
from paddle import Tensor

from . import functional


class BCEWithLogitsLoss(paddle.nn.BCEWithLogitsLoss):
    """`paddle.nn.BCEWithLogitsLoss` on ascend-bce's kernels.

    The arguments and the attributes are Paddle's, and it is an instance of Paddle's class. See
    `ascend_bce.paddle.functional.binary_cross_entropy_with_logits`.

    Examples:
        >>> loss = BCEWithLogitsLoss()
        >>> loss(paddle.to_tensor([5.0, 1.0, 3.0]), paddle.to_tensor([1.0, 0.0, 1.0])).item()
        0.456188...
    """

    def forward(self, logit: Tensor, label: Tensor) -> Tensor:
        """Return the loss of logits against labels."""
        return functional.binary_cross_entropy_with_logits(
            logit, label, self.weight, self.reduction, self.pos_weight, self.name
        )


class BCELoss(paddle.nn.BCELoss):
    """`paddle.nn.BCELoss` on ascend-bce's kernels.

    The arguments and the attributes are Paddle's, and it is an instance of Paddle's class. See
    `ascend_bce.paddle.functional.binary_cross_entropy`.

    Examples:
        >>> loss = BCELoss()
        >>> loss(paddle.to_tensor([0.5, 0.6, 0.7]), paddle.to_tensor([1.0, 0.0, 1.0])).item()
        0.655370...
    """

    def forward(self, input: Tensor, label: Tensor) -> Tensor:
        """Return the loss of probabilities against labels."""
        return functional.binary_cross_entropy(input, label, self.weight, self.reduction, self.name)
