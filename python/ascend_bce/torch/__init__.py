# SPDX-License-Identifier: Apache-2.0
"""PyTorch's binary cross-entropy losses on ascend-bce's kernels.

The functions and modules are torch's but for the arithmetic, `install` puts them in torch's place, and they
are built of the operators `torch.ops.ascend_bce.*`. docs/torch.md says what composes with what.
"""

from . import _probability_operators, _sharding, _with_logits_operators
from ._binary_cross_entropy import BCELoss, binary_cross_entropy
from ._binary_cross_entropy_with_logits import BCEWithLogitsLoss, binary_cross_entropy_with_logits
from ._install import Installation, install

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "Installation",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "install",
]

_sharding.register(
    [
        operator.overload
        for operators in (_with_logits_operators.operators, _probability_operators.operators)
        for operator in (operators.loss, operators.input_gradient, operators.target_gradient)
    ]
)
