# SPDX-License-Identifier: Apache-2.0
"""The contestants in PyTorch's process: ours, torch, and torch.compile."""

from collections.abc import Callable

import torch

import ascend_bce.torch

from ._clock import Call
from ._suite import TRAINING, Case

VERSION = torch.__version__
POOLS_MEMORY = False
_torch_loss = torch.nn.functional.binary_cross_entropy_with_logits


# Who takes part: functions that make the call of a case.
CONTESTANTS: dict[str, Callable[[Case], Call]] = {
    "ascend_bce.torch": lambda case: _call(case, ascend_bce.torch.binary_cross_entropy_with_logits),
    "torch": lambda case: _call(case, _torch_loss),
    "torch.compile": lambda case: _call(case, _compile()),
}


def _compile() -> Callable:
    torch._dynamo.reset()  # no case inherits what the compiler learned from another one's shapes
    return torch.compile(_torch_loss, dynamic=False)


def _call(case: Case, loss: Callable) -> Call:
    dtype = getattr(torch, case.dtype)
    generator = torch.Generator().manual_seed(0)
    rows, columns = case.shape
    logits = (3 * torch.randn(rows, columns, generator=generator)).to(dtype)
    target = torch.randint(2, (rows, columns), generator=generator).to(dtype)
    weights = {}
    if case.weights in ("weight", "both"):
        weights["weight"] = torch.rand(rows, 1, generator=generator)
    if case.weights in ("pos_weight", "both"):
        weights["pos_weight"] = 10 * torch.rand(columns, generator=generator)

    def forward() -> None:
        with torch.no_grad():
            loss(logits, target, **weights, reduction=case.reduction)

    if case.passes != TRAINING:
        return forward
    logits.requires_grad_()
    outer = torch.ones_like(target) if case.reduction == "none" else None

    def forward_and_backward() -> None:
        loss(logits, target, **weights, reduction=case.reduction).backward(outer)
        logits.grad = None

    return forward_and_backward
