#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Splits the time of a call whose arithmetic costs next to nothing, 1024 float32 elements, beside PyTorch's.

    python benchmarks/overhead.py

One thread; 20th and 50th percentile in microseconds. Calls with Python alternate in one process: ours, which
take native operators, the same without them, and PyTorch's. The part without Python is native_calls.cpp's.
What of a phase is tiling, or the kernel, valgrind counts in instructions (AVX2), where it is installed.
"""

import gc
import shutil
import time
from collections.abc import Callable

import numpy as np
import torch
from native import count_calls, driver, time_calls

import ascend_bce.torch
from ascend_bce import _aclnn
from ascend_bce.torch import _native

ELEMENTS = 1024
CASE = f"forward,float32,mean,none,{ELEMENTS}"
MEAN = 1
BATCHES = 300
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


def by_ctypes(call: Callable[[], None]) -> Callable[[], None]:
    """Make a call that finds no native operators."""
    absent = dict.fromkeys(_native.NAMES, _native.take_nothing)

    def without_native() -> None:
        native = dict(_native.operators)
        _native.operators.update(absent)
        call()
        _native.operators.update(native)

    return without_native


def without_framework() -> Callable[[], None]:
    """Make a call of the aclnn function from Python, on memory that is described already."""
    x, t, out = torch.randn(ELEMENTS), torch.rand(ELEMENTS), torch.empty(())
    operands = [(a.data_ptr(), tuple(a.shape), a.stride(), _aclnn.FLOAT32) for a in (x, t, out)]
    function = _aclnn.library().function("aclnnBinaryCrossEntropyWithLogits", 4, 1, 1)
    inputs, outputs = [*operands[:2], None, None], operands[2:]

    def allocate(size: int) -> tuple[int, object]:
        memory = np.empty(size, np.uint8)
        return memory.ctypes.data, memory

    def call(keep: tuple = (x, t, out)) -> None:
        function(inputs, (MEAN,), outputs, allocate)

    return call


def alternate(calls: dict[str, Callable[[], None]]) -> dict[str, np.ndarray]:
    """Return the 20th and the 50th percentile of the calls' microseconds."""
    times = {name: [] for name in calls}
    for _ in range(BATCHES):
        for name, call in calls.items():
            start = time.perf_counter()
            for _ in range(CALLS):
                call()
            times[name].append((time.perf_counter() - start) / CALLS * 1e6)
    return {name: np.percentile(values, (20, 50)) for name, values in times.items()}


def native() -> dict[str, np.ndarray]:
    """Return the same of the parts without Python, and of their sum."""
    with driver() as program:
        parts = np.array(time_calls(program, [CASE])[CASE]) / 1e3
        counts = count_calls(program, [CASE])[CASE] if shutil.which("valgrind") else None
    tensors, phase1, phase2 = np.percentile(parts, (20, 50), axis=0).T
    rows = {
        "native": np.percentile(parts.sum(axis=1), (20, 50)),
        "  descriptions of the tensors": tensors,
        "  phase 1": phase1,
        "  phase 2": phase2,
    }
    if counts is not None:
        rows["    of phase 1, the tiling, by instructions"] = phase1 * counts.tiling / counts.phase1
        rows["    of phase 2, the kernel, by instructions"] = phase2 * counts.kernel / counts.phase2
    return rows


def main() -> None:
    """Measure and print."""
    torch.set_num_threads(1)
    gc.disable()
    made = {
        f"{name}, {make.__name__.replace('_', ' ')}": make(loss)
        for make in (forward, forward_and_backward)
        for name, loss in LOSSES.items()
    }
    for kind in "forward", "forward and backward":
        made[f"ours by ctypes, {kind}"] = by_ctypes(made[f"ours, {kind}"])
    whole = alternate(made | {"without framework": without_framework()})
    parts = native()
    layer = whole.pop("without framework")
    rows = {
        **whole,
        "ours by ctypes, forward, split": None,
        "adapter, ascend_bce.torch": whole["ours by ctypes, forward"] - layer,
        "Python and ctypes, ascend_bce._aclnn": layer - parts["native"],
        **parts,
    }
    print(f"{'':44}{'p20':>8}{'p50':>8}")
    for name, values in rows.items():
        print(f"{name:44}" + ("" if values is None else "".join(f"{value:8.2f}" for value in values)))


if __name__ == "__main__":
    main()
