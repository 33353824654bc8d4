# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy for MindSpore.

The functions and classes are MindSpore's own by name, arguments, defaults and errors; `register()` puts them
in MindSpore's place.
"""

try:
    import mindspore  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "mindspore":
        raise
    raise ImportError(
        "ascend_bce.mindspore needs MindSpore, which is not installed: pip install 'ascend-bce[mindspore]'",
        name="mindspore",
    ) from error

from ._classes import BCELoss, BCEWithLogitsLoss
from ._functional import binary_cross_entropy, binary_cross_entropy_with_logits
from ._register import register

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "register",
]
