# SPDX-License-Identifier: Apache-2.0
"""Times of our losses beside torch_npu's own, on an NPU.

    python benchmarks/npu.py > times.csv

Run it in a shell without what `python -m ascend_bce env` prints, or both sides are ours. Every line is the
median of 20 rounds, the two sides in turns; a round is timed by events around as many calls as take a
millisecond and more. Nobody has run it on an NPU yet.
"""

import statistics
from collections.abc import Callable

import torch
import torch_npu

from ascend_bce.torch import binary_cross_entropy_with_logits

SIZES = (1 << 10, 1 << 16, 1 << 20, 1 << 24, 1 << 26, 1 << 28)
ROUNDS = 20
CLASSES = 64  # of pos_weight


def microseconds(call: Callable[[], object], repeats: int) -> float:
    """Return how long a call takes on the device."""
    begin, end = torch.npu.Event(enable_timing=True), torch.npu.Event(enable_timing=True)
    begin.record()
    for _ in range(repeats):
        call()
    end.record()
    end.synchronize()
    return begin.elapsed_time(end) * 1000 / repeats


def main() -> None:
    """Print the table."""
    print(f"# {torch.npu.get_device_name()}, torch {torch.__version__}, torch_npu {torch_npu.__version__}")
    print("elements,dtype,pos_weight,pass,ours_us,built_in_us")
    theirs = torch.nn.functional.binary_cross_entropy_with_logits
    for elements in SIZES:
        for dtype in torch.float32, torch.bfloat16, torch.float16:
            x = torch.randn(elements // CLASSES, CLASSES, dtype=dtype, device="npu").requires_grad_()
            t = torch.rand_like(x).round().detach()
            for pos_weight in None, torch.ones(CLASSES, dtype=dtype, device="npu"):
                for training in False, True:

                    def step(function, x=x, t=t, pos_weight=pos_weight, training=training):
                        with torch.set_grad_enabled(training):
                            loss = function(x, t, pos_weight=pos_weight)
                        if training:
                            torch.autograd.grad(loss, x)

                    sides = [
                        lambda step=step, f=f: step(f) for f in (binary_cross_entropy_with_logits, theirs)
                    ]
                    for call in sides:
                        call()
                    repeats = max(1, (1 << 22) // elements)
                    rounds = [[microseconds(call, repeats) for call in sides] for _ in range(ROUNDS)]
                    ours, built_in = map(statistics.median, zip(*rounds, strict=True))
                    name = "training" if training else "forward"
                    weight = "no" if pos_weight is None else "yes"
                    print(
                        f"{elements},{str(dtype)[6:]},{weight},{name},{ours:.2f},{built_in:.2f}", flush=True
                    )


if __name__ == "__main__":
    main()
