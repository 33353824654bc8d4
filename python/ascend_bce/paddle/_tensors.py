# SPDX-License-Identifier: Apache-2.0
"""How Paddle's tensors reach the kernels: by address, shape and strides, without a copy."""

from collections.abc import Sequence

import paddle
from paddle import Tensor

from .. import _aclnn

DATA_TYPES = {
    paddle.float32: _aclnn.FLOAT32,
    paddle.float16: _aclnn.FLOAT16,
    paddle.bfloat16: _aclnn.BFLOAT16,
}
MAX_DIMENSIONS = 8  # of aclnn functions


def call(
    name: str, inputs: Sequence[Tensor | None], attributes: Sequence[int], outputs: Sequence[Tensor]
) -> None:
    """Call an aclnn function on tensors in the CPU's memory."""
    # aclnn takes no negative strides, as those of a tensor that was flipped by slicing.
    inputs = [
        tensor.contiguous() if tensor is not None and min(tensor.strides, default=0) < 0 else tensor
        for tensor in inputs
    ]
    operands = [tensor if tensor is None else _operand(tensor) for tensor in inputs]
    _aclnn.call_on_host(
        "ascend_bce.paddle", name, operands, attributes, [_operand(output) for output in outputs]
    )


def _operand(tensor: Tensor) -> _aclnn.Operand:
    return tensor.data_ptr(), tuple(tensor.shape), tuple(tensor.strides), DATA_TYPES[tensor.dtype]
