# SPDX-License-Identifier: Apache-2.0
"""The contestants in MindSpore's process: ours and MindSpore, both in PyNative mode."""

from collections.abc import Callable

import mindspore
import numpy as np
from mindspore import Tensor, mint
from mindspore.common.api import _pynative_executor

import ascend_bce.mindspore

from ._clock import Call
from ._suite import TRAINING, Case

VERSION = mindspore.__version__
POOLS_MEMORY = True
mindspore.set_context(mode=mindspore.PYNATIVE_MODE)


# Who takes part: functions that make the call of a case.
CONTESTANTS: dict[str, Callable[[Case], Call]] = {
    "ascend_bce.mindspore": lambda case: _call(
        case, ascend_bce.mindspore.binary_cross_entropy_with_logits, expand=False
    ),
    # MindSpore's own reads weights that broadcast beyond their ends on the CPU, so it gets them in full.
    "mindspore": lambda case: _call(case, mint.nn.functional.binary_cross_entropy_with_logits, expand=True),
}


def _call(case: Case, loss: Callable, expand: bool) -> Call:
    dtype = getattr(mindspore, case.dtype)
    rng = np.random.default_rng(0)
    rows, columns = case.shape
    logits = Tensor(3 * rng.standard_normal(case.shape, np.float32)).astype(dtype)
    target = Tensor(rng.integers(0, 2, case.shape).astype(np.float32)).astype(dtype)
    weight = pos_weight = None
    if case.weights in ("weight", "both"):
        weight = rng.random((rows, 1), np.float32)
    if case.weights in ("pos_weight", "both"):
        pos_weight = 10 * rng.random(columns, np.float32)
    weights = {
        name: Tensor(np.broadcast_to(values, case.shape).copy() if expand else values)
        for name, values in (("weight", weight), ("pos_weight", pos_weight))
        if values is not None
    }

    def compute(logits: Tensor, target: Tensor) -> Tensor:
        return loss(logits, target, reduction=case.reduction, **weights)

    called = mindspore.value_and_grad(compute, 0) if case.passes == TRAINING else compute

    def call() -> None:
        called(logits, target)
        _pynative_executor.sync()  # mindspore.runtime.synchronize() complains on the CPU

    return call
