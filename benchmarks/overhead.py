# SPDX-License-Identifier: Apache-2.0
"""Measures what a call costs whose arithmetic costs next to nothing: 1024 elements, ours beside PyTorch's.

    python benchmarks/overhead.py

Both alternate in one process, in one thread, in batches of which the medians are printed. The time is the
processor's, because a busy machine interrupts.
"""

import gc
import statistics
import time
from collections.abc import Callable

import torch

import ascend_bce.torch

ELEMENTS = 1024
BATCHES = 200
CALLS = 20  # in a batch

LOSSES = {
    "ours": ascend_bce.torch.binary_cross_entropy_with_logits,
    "torch": torch.nn.functional.binary_cross_entropy_with_logits,
}


def forward(loss: Callable) -> Callable[[], None]:
    """Make a call of a loss without gradient."""
    x, t = torch.randn(ELEMENTS), torch.rand(ELEMENTS)
    return lambda: loss(x, t)


def forward_and_backward(loss: Callable) -> Callable[[], None]:
    """Make a call of a loss and of its gradient."""
    x, t = torch.randn(ELEMENTS, requires_grad=True), torch.rand(ELEMENTS)

    def call() -> None:
        x.grad = None
        loss(x, t).backward()

    return call


def microseconds(call: Callable[[], None]) -> float:
    """Return what one call of a batch takes."""
    start = time.thread_time()
    for _ in range(CALLS):
        call()
    return (time.thread_time() - start) / CALLS * 1e6


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    gc.disable()
    for make in forward, forward_and_backward:
        calls = {name: make(loss) for name, loss in LOSSES.items()}
        times = {name: [] for name in calls}
        for _ in range(BATCHES):
            for name, call in calls.items():
                times[name].append(microseconds(call))
        ours, theirs = (statistics.median(times[name]) for name in ("ours", "torch"))
        print(f"{make.__name__:22} ours {ours:6.1f} us   torch {theirs:6.1f} us   {ours / theirs:.2f} times")


if __name__ == "__main__":
    main()
