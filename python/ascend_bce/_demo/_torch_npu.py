# SPDX-License-Identifier: Apache-2.0
"""The demo's model on a simulated NPU: torch_npu's own loss, which runs on ascend-bce's kernels there.

What it is compared with is the same on the CPU, where the loss is torch's.
"""

from functools import partial

import numpy as np
import torch

from . import Backend
from ._torch import TorchModel


def _loss(*arrays: np.ndarray | None) -> float:
    logits, target, weight, pos_weight = (
        None if array is None else torch.from_numpy(array).to("npu") for array in arrays
    )
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, weight, pos_weight=pos_weight)
    return loss.item()


BACKEND = Backend(
    {
        "torch.nn on cpu": partial(TorchModel, torch.nn.BCEWithLogitsLoss),
        "torch.nn on npu": partial(TorchModel, torch.nn.BCEWithLogitsLoss, device="npu"),
    },
    _loss,
)
