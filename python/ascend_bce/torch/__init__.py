# SPDX-License-Identifier: Apache-2.0
"""PyTorch's binary cross-entropy losses on ascend-bce's kernels."""

from ._binary_cross_entropy import BCELoss, binary_cross_entropy
from ._binary_cross_entropy_with_logits import BCEWithLogitsLoss, binary_cross_entropy_with_logits

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
]
