# SPDX-License-Identifier: Apache-2.0
"""The losses as cells."""

from mindspore import mint

from ._functional import binary_cross_entropy, binary_cross_entropy_with_logits


class BCEWithLogitsLoss(mint.nn.BCEWithLogitsLoss):
    """`mindspore.mint.nn.BCEWithLogitsLoss` on ascend-bce's kernels.

    The arguments and the defaults are MindSpore's, and it is an instance of MindSpore's class. See
    `binary_cross_entropy_with_logits` for the formula, the shapes, types and errors.

    Args:
        weight (Tensor, optional): Rescales each element.
        reduction (str): `'none'`, `'mean'` or `'sum'`.
        pos_weight (Tensor, optional): Rescales the term of the positive targets.

    Examples:
        >>> loss = BCEWithLogitsLoss()
        >>> input = mindspore.tensor([[-0.8, 1.2, 0.7], [-0.1, -0.4, 0.7]])
        >>> print(loss(input, mindspore.tensor([[0.3, 0.8, 1.2], [-0.6, 0.1, 2.2]])))
        0.34636116
    """

    def __init__(self, weight=None, reduction="mean", pos_weight=None):
        """Take the weights and the reduction, which is checked here."""
        super().__init__(weight, reduction, pos_weight)
        self.reduction = reduction

    def construct(self, input, target):
        """Return the loss of logits against targets."""
        return binary_cross_entropy_with_logits(input, target, self.weight, self.reduction, self.pos_weight)


class BCELoss(mint.nn.BCELoss):
    """`mindspore.mint.nn.BCELoss` on ascend-bce's kernels.

    The arguments and the defaults are MindSpore's, and it is an instance of MindSpore's class. See
    `binary_cross_entropy` for the formula, the shapes, types and errors.

    Args:
        weight (Tensor, optional): Rescales each element.
        reduction (str): `'none'`, `'mean'` or `'sum'`.

    Examples:
        >>> loss = BCELoss(weight=mindspore.tensor([[1.0, 2.0, 3.0], [4.0, 3.3, 2.2]]))
        >>> input = mindspore.tensor([[0.1, 0.2, 0.3], [0.5, 0.7, 0.9]])
        >>> print(loss(input, mindspore.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])))
        1.8952923
    """

    def __init__(self, weight=None, reduction="mean"):
        """Take the weight and the reduction."""
        super().__init__(weight, reduction)

    def construct(self, input, target):
        """Return the loss of probabilities against targets."""
        return binary_cross_entropy(input, target, self.bce_loss.weight, self.bce_loss.reduction)
