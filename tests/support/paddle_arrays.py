# SPDX-License-Identifier: Apache-2.0
"""Paddle tensors from NumPy arrays and back, bfloat16 among them, which Paddle takes and gives as uint16."""

import ml_dtypes
import numpy as np
import paddle

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)


def to_paddle(array: np.ndarray | None) -> paddle.Tensor | None:
    """Make a tensor of an array's values."""
    if array is None:
        return None
    return paddle.to_tensor(array.view(np.uint16) if array.dtype == BFLOAT16 else array)


def to_numpy(tensor: paddle.Tensor) -> np.ndarray:
    """Make an array of a tensor's values."""
    array = tensor.detach().numpy()
    return array.view(BFLOAT16) if tensor.dtype == paddle.bfloat16 else array
