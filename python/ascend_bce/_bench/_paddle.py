# SPDX-License-Identifier: Apache-2.0
"""The contestants in Paddle's process: ours and Paddle, both in dynamic mode."""

from collections.abc import Callable

import numpy as np
import paddle

import ascend_bce.paddle

from ._clock import Call
from ._suite import TRAINING, Case

VERSION = paddle.__version__
POOLS_MEMORY = False
paddle.set_device("cpu")


# Who takes part: functions that make the call of a case.
CONTESTANTS: dict[str, Callable[[Case], Call]] = {
    "ascend_bce.paddle": lambda case: _call(
        case, ascend_bce.paddle.functional.binary_cross_entropy_with_logits
    ),
    "paddle": lambda case: _call(case, paddle.nn.functional.binary_cross_entropy_with_logits),
}


def _call(case: Case, loss: Callable) -> Call:
    rng = np.random.default_rng(0)
    rows, columns = case.shape
    logits = paddle.to_tensor(3 * rng.standard_normal(case.shape, np.float32)).astype(case.dtype)
    target = paddle.to_tensor(rng.integers(0, 2, case.shape).astype(np.float32)).astype(case.dtype)
    weights = {}
    if case.weights in ("weight", "both"):
        weights["weight"] = paddle.to_tensor(rng.random((rows, 1), np.float32))
    if case.weights in ("pos_weight", "both"):
        weights["pos_weight"] = paddle.to_tensor(10 * rng.random(columns, np.float32))

    def forward() -> None:
        with paddle.no_grad():
            loss(logits, target, **weights, reduction=case.reduction)

    if case.passes != TRAINING:
        return forward
    logits.stop_gradient = False
    outer = paddle.ones_like(logits) if case.reduction == "none" else None

    def forward_and_backward() -> None:
        loss(logits, target, **weights, reduction=case.reduction).backward(outer)
        logits.clear_gradient(set_to_zero=False)

    return forward_and_backward
