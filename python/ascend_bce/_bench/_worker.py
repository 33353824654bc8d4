# SPDX-License-Identifier: Apache-2.0
"""Measures the cases of one framework in a process of its own: MindSpore and Paddle do not bear each other.

    python -m ascend_bce._bench._worker MODULE FILE_DESCRIPTOR

reads the contestants beside ours, the cases and how many seconds each may take from the standard input, and
writes a line of JSON for each case to the file descriptor, because frameworks write what they like to the
standard output.
"""

import json
import os
import sys
from importlib import import_module
from types import ModuleType
from typing import TextIO

from ._clock import alternate
from ._suite import Case


def main(name: str, descriptor: str) -> None:
    """Measure all cases."""
    frameworks, cases, seconds = json.load(sys.stdin)
    module = import_module(f"{__package__}._{name}")
    with os.fdopen(int(descriptor), "w") as results:
        _write(results, {"version": module.VERSION})
        for case in cases:
            _write(results, _measure(module, [f"ascend_bce.{name}", *frameworks], Case(*case), seconds))


def _measure(module: ModuleType, contestants: list[str], case: Case, seconds: float) -> dict:
    calls, refused = {}, {}
    for name in contestants:
        try:
            call = module.CONTESTANTS[name](case)
            call()  # what a framework does not support it says here
        except Exception as error:
            refused[name] = " ".join(f"{type(error).__name__}: {error}".split())
        else:
            calls[name] = call
    samples = {
        name: {
            "seconds": one.seconds,
            "calls": one.calls,
            # A framework that keeps memory for its next call does not show in the process what one needs.
            "peak_bytes": None if module.POOLS_MEMORY else one.peak_bytes,
        }
        for name, one in zip(calls, alternate(list(calls.values()), seconds), strict=True)
    }
    return {"samples": samples, "refused": refused}


def _write(file: TextIO, value: dict) -> None:
    file.write(json.dumps(value) + "\n")
    file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
