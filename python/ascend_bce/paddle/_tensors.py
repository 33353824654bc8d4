# SPDX-License-Identifier: Apache-2.0
"""How Paddle's tensors reach the kernels: by address, shape and strides, without a copy."""

from collections.abc import Sequence
from functools import cache

import paddle
from paddle import Tensor

from .. import _aclnn

DATA_TYPES = {
    paddle.float32: _aclnn.FLOAT32,
    paddle.float16: _aclnn.FLOAT16,
    paddle.bfloat16: _aclnn.BFLOAT16,
}
MAX_DIMENSIONS = 8  # of aclnn functions


def call(name: str, inputs: Sequence[Tensor | None], attribute: int, output: Tensor) -> None:
    """Call an aclnn function with one int attribute and one output on tensors in the CPU's memory."""
    # aclnn takes no negative strides, as those of a tensor that was flipped by slicing.
    inputs = [
        tensor.contiguous() if tensor is not None and min(tensor.strides, default=0) < 0 else tensor
        for tensor in inputs
    ]
    _function(name, len(inputs))(
        [tensor if tensor is None else _operand(tensor) for tensor in inputs],
        (attribute,),
        _operand(output),
        _workspace,
    )


@cache
def _function(name: str, inputs: int) -> _aclnn.Function:
    library = _aclnn.library()
    if library.backend != "simulator":
        raise RuntimeError(
            f"ascend_bce.paddle computes on tensors in the CPU's memory, which the {library.backend} backend "
            "cannot reach; set ASCEND_BCE_BACKEND=simulator"
        )
    return library.function(name, inputs + 1, attributes=1)


def _operand(tensor: Tensor) -> _aclnn.Operand:
    return tensor.data_ptr(), tuple(tensor.shape), tuple(tensor.strides), DATA_TYPES[tensor.dtype]


def _workspace(size: int) -> tuple[int, Tensor]:
    memory = paddle.empty([size], "uint8")
    return memory.data_ptr(), memory
