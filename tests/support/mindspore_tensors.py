# SPDX-License-Identifier: Apache-2.0
"""MindSpore tensors from NumPy arrays, and back."""

import mindspore
import numpy as np


def to_tensor(array):
    """Return a NumPy array, bfloat16 as ml_dtypes', as a tensor; None stays None."""
    if array is None:
        return None
    if array.dtype.name == "bfloat16":
        return mindspore.Tensor(array.astype(np.float32)).astype(mindspore.bfloat16)
    return mindspore.Tensor(array)


def to_numpy(tensor):
    """Return a tensor as an array; bfloat16 becomes float32."""
    if tensor.dtype == mindspore.bfloat16:
        tensor = tensor.astype(mindspore.float32)
    return tensor.asnumpy()
