#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Compares the loss of every float32 logit, and its gradient, with float64, each with target 0 and 1.

Takes a quarter of a CPU hour. Interrupted, it goes on where it was: what it finds is kept in a file, one line
for each block of 2^24 logits. Run it where ascend-bce is installed with its simulator:

    python scripts/check_every_float32.py [--every N] [--results FILE]

It prints, by range of |logit|, the largest error and the 99th percentile, for the loss and for the gradient.
"""

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tqdm import tqdm

os.environ.setdefault("OMP_NUM_THREADS", "1")  # of each launch: there are threads enough without
from ascend_bce.numpy import binary_cross_entropy_with_logits

BLOCK = 2**24
PART = 2**20  # logits computed on at once, so that everything stays in the processor's cache
# Upper ends of |logit|; beyond 87 losses and gradients near zero are subnormal numbers.
RANGES = (1e-3, 1.0, 16.0, 87.0, np.inf)
NAMES = ("up to 0.001", "to 1", "to 16", "to 87", "beyond")
# Errors are counted in steps of this many ULP.
STEP, STEPS = 1 / 64, 64 * 64
TARGETS = (0.0, 1.0)


def errors(logits: np.ndarray, target: float) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the errors of the loss and of the gradient in ULP."""
    targets = np.full_like(logits, target)
    computed = binary_cross_entropy_with_logits(logits, targets, reduction="none", return_gradients="input")
    # With a hard target both are softplus and sigmoid of one number.
    x = logits.astype(np.float64) * (1 - 2 * target)
    e = np.exp(-np.abs(x))
    loss = np.maximum(x, 0) + np.log1p(e)
    gradient = np.where(x > 0, 1, e) / (1 + e) * (1 - 2 * target)
    for name, actual, exact in ("loss", computed.loss, loss), ("gradient", computed.input, gradient):
        with np.errstate(invalid="ignore"):
            ulp = np.spacing(np.abs(exact).astype(np.float32)).astype(np.float64)
            yield name, np.where(actual == exact, 0, np.abs(actual - exact) / ulp)


def check(first: int, every: int) -> dict[str, list]:
    """Count the errors of a block of logits, given by their bits.

    Returns:
        For each quantity, for each range: how many errors lie in each step, and the largest one.
    """
    counts = {name: [[np.zeros(STEPS, np.int64), 0.0] for _ in RANGES] for name in ("loss", "gradient")}
    for start in range(first, first + BLOCK, PART * every):
        bits = np.arange(start, min(start + PART * every, first + BLOCK), every, dtype=np.uint32)
        logits = bits.view(np.float32)
        logits = logits[~np.isnan(logits)]
        if not logits.size:
            continue
        which = np.searchsorted(RANGES, np.abs(logits))
        for target in TARGETS:
            for name, error in errors(logits, target):
                for index in np.unique(which):
                    chosen = error[which == index]
                    count = counts[name][index]
                    steps = np.minimum(chosen / STEP, STEPS - 1).astype(np.int64)
                    count[0] += np.bincount(steps, minlength=STEPS)
                    count[1] = max(count[1], float(chosen.max()))
    return {
        name: [[_sparse(histogram), largest] for histogram, largest in ranges]
        for name, ranges in counts.items()
    }


def _sparse(histogram: np.ndarray) -> dict[str, int]:
    return {str(step): int(histogram[step]) for step in np.flatnonzero(histogram)}


def report(results: list[dict[str, list]]) -> None:
    """Print the table."""
    print("| quantity | size of the logit | results | largest error | 99th percentile |")
    print("|---|---|---|---|---|")
    for name in ("loss", "gradient"):
        for index, label in enumerate(NAMES):
            histogram = np.zeros(STEPS, np.int64)
            for result in results:
                for step, count in result[name][index][0].items():
                    histogram[int(step)] += count
            total = int(histogram.sum())
            if total:
                largest = max(result[name][index][1] for result in results)
                percentile = (np.searchsorted(np.cumsum(histogram), 0.99 * total) + 1) * STEP
                print(f"| {name} | {label} | {total} | {largest:.3f} | {percentile:.2f} |")


def main() -> None:
    """Check what has not been checked yet, then print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--every", type=int, default=1, help="check each Nth logit (default: %(default)s)")
    parser.add_argument(
        "--results", type=Path, default=Path("every-float32.jsonl"), help="default: %(default)s"
    )
    parser.add_argument("--threads", type=int, default=2, help="default: %(default)s")
    options = parser.parse_args()

    done = {}
    if options.results.exists():
        for line in options.results.read_text().splitlines():
            block = json.loads(line)
            if block["every"] != options.every:
                parser.error(f"{options.results} is of --every {block['every']}; name another file")
            done[block["first"]] = block["counts"]
    todo = [first for first in range(0, 2**32, BLOCK) if first not in done]
    pool = ThreadPoolExecutor(options.threads)
    counted = pool.map(lambda first: check(first, options.every), todo)
    try:
        with (
            options.results.open("a") as file,
            tqdm(total=2**32 // BLOCK, initial=len(done), unit="block") as bar,
        ):
            for first, counts in zip(todo, counted, strict=True):
                done[first] = counts
                file.write(json.dumps({"first": first, "every": options.every, "counts": counts}) + "\n")
                file.flush()
                bar.update()
    finally:
        pool.shutdown(cancel_futures=True)
    report(list(done.values()))


if __name__ == "__main__":
    main()
