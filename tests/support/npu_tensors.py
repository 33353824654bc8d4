# SPDX-License-Identifier: Apache-2.0
"""NPU tensors from NumPy's arrays and back."""

import ml_dtypes
import numpy as np
import torch

DTYPES = [torch.float32, torch.float16, torch.bfloat16]


def to_npu(array: np.ndarray | None) -> torch.Tensor | None:
    if array is None:
        return None
    if array.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(array.view(np.int16).copy()).view(torch.bfloat16).npu()
    return torch.from_numpy(array.copy()).npu()


def to_numpy(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().cpu().double().numpy()
