#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""What the simulator's checks cost: nanoseconds for an element of the forward kernel, on one core.

Run it where ascend-bce is installed with its simulator:

    python benchmarks/checks.py [--elements N] [--runs N]

The fast build, the checked build with no check and with all, and the adversarial schedule take turns in one
process; the medians are printed.
"""

import argparse
import os
import platform
import statistics
import time

os.environ["OMP_NUM_THREADS"] = "1"  # read when the simulator starts: one core

import numpy as np
from tqdm import tqdm

from ascend_bce.numpy import binary_cross_entropy_with_logits
from ascend_bce.simulator import _library

# What is chosen for a launch: checks, and the schedule with its seed.
MODES = {
    "fast build": ("none", "", ""),
    "all checks, program order": ("all", "program", "0"),
    "all checks, adversarial schedule, seed 0": ("all", "adversarial", "0"),
    "all checks, adversarial schedule, seed 2": ("all", "adversarial", "2"),
}


def measure(mode: str, logits: np.ndarray, target: np.ndarray, reduction: str) -> float:
    """Return the seconds of one launch."""
    checks, schedule, seed = MODES[mode]
    _library.call("ascend_sim_set_checks", checks.encode())
    os.environ["ASCEND_SIM_SCHEDULE"], os.environ["ASCEND_SIM_SEED"] = schedule, seed
    start = time.perf_counter()
    binary_cross_entropy_with_logits(logits, target, reduction=reduction)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--elements", type=int, default=2**20)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()

    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, arguments.elements).astype(np.float32)
    target = rng.integers(0, 2, arguments.elements).astype(np.float32)
    todo = [(mode, reduction) for reduction in ("mean", "none") for mode in MODES]
    times: dict[tuple[str, str], list[float]] = {item: [] for item in todo}
    for run in tqdm(range(arguments.runs + 1), unit="round", disable=None):
        for item in todo:
            seconds = measure(item[0], logits, target, item[1])
            if run > 0:  # the first warms up
                times[item].append(seconds)
    machine = platform.processor() or platform.machine()
    print(f"{machine}, one core, {arguments.elements} float32 elements; nanoseconds for each")
    for (mode, reduction), seconds in times.items():
        print(f"{reduction:>5}  {mode:42} {statistics.median(seconds) * 1e9 / arguments.elements:6.1f}")


if __name__ == "__main__":
    main()
