# SPDX-License-Identifier: Apache-2.0
"""The aclnn functions on MindSpore's tensors, called in PyNative mode at once and on the caller's own thread.

A primitive would be handed to other threads, and whoever looks at its result waits for them in a loop that
keeps a core busy: the kernels, which have threads of their own, lack it, and a small loss takes a millisecond
on two cores.
"""

import ctypes
from collections.abc import Callable
from functools import cache

import mindspore
import numpy as np
from mindspore import Tensor

from .. import _aclnn

LIBRARY = _aclnn.PACKAGE / "mindspore" / "libascend_bce_mindspore.so"

_DATA_TYPES = {
    mindspore.float32: _aclnn.FLOAT32,
    mindspore.float16: _aclnn.FLOAT16,
    mindspore.bfloat16: _aclnn.BFLOAT16,
}


def call(function: str, inputs: tuple[Tensor, ...], attributes: tuple[int, ...], *outputs: Tensor) -> None:
    """Call an aclnn function.

    Args:
        function: Its name without `aclnn`.
        inputs: The input tensors, in any strides; one of type bool stands for an absent weight.
        attributes: The attributes.
        outputs: The tensors to write, which `empty` has made.
    """
    _aclnn.call_on_host(
        "ascend_bce.mindspore",
        f"aclnn{function}",
        [None if tensor.dtype == mindspore.bool_ else _operand(tensor) for tensor in inputs],
        attributes,
        [_operand(tensor) for tensor in outputs],
    )


def empty(shape: tuple[int, ...], dtype: mindspore.Type) -> Tensor:
    """Return a tensor whose values are not set, in memory that is there at once."""
    return Tensor.from_numpy(np.empty(shape, mindspore.dtype_to_nptype(dtype)))


def check_probabilities(tensor: Tensor) -> None:
    """Raise RuntimeError if an element is neither in [0, 1] nor nan."""
    dense = tensor.contiguous()
    text = _refuse_probabilities()(str(tensor.dtype).lower().encode(), dense.data_ptr(), tensor.size)
    if text is not None:
        raise RuntimeError(text.decode())


@cache
def _refuse_probabilities() -> Callable[[bytes, int, int], bytes | None]:
    refuse = ctypes.CDLL(str(LIBRARY)).refuse_probabilities
    refuse.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int64]
    refuse.restype = ctypes.c_char_p
    return refuse


def _operand(tensor: Tensor) -> _aclnn.Operand:
    # data_ptr() waits for what computes the tensor.
    return tensor.data_ptr(), tensor.shape, tuple(tensor.stride()), _DATA_TYPES[tensor.dtype]
