# SPDX-License-Identifier: Apache-2.0
"""Paddle's binary cross-entropy losses on ascend-bce's kernels.

The layers are here, the functions in `ascend_bce.paddle.functional`, all with the names, arguments, defaults
and classes of errors of `paddle.nn` and `paddle.nn.functional`. They compute in dynamic mode, in float32,
float16 and bfloat16, on tensors in the CPU's memory, which are read where they are.
"""

try:
    import paddle as _paddle  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "paddle":
        raise
    raise ImportError(
        "ascend_bce.paddle needs PaddlePaddle, which is not installed: pip install 'ascend-bce[paddle]'",
        name="paddle",
    ) from error

from . import functional
from ._layers import BCELoss, BCEWithLogitsLoss

__all__ = ["BCELoss", "BCEWithLogitsLoss", "functional"]
