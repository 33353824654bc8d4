# SPDX-License-Identifier: Apache-2.0
"""A model with every loss, to be compiled."""

import torch

from ascend_bce.torch import binary_cross_entropy, binary_cross_entropy_with_logits


def model(x, t, weight, pos_weight):
    scores = x * 2 + 0.1
    return (
        binary_cross_entropy_with_logits(scores, t, weight, pos_weight=pos_weight)
        + binary_cross_entropy_with_logits(scores, t, weight, reduction="none").square().mean()
        + binary_cross_entropy(torch.sigmoid(scores), t, reduction="sum")
    )
