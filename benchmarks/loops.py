#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Prints what the loops behind AscendC's calls cost on this processor.

Nanoseconds for an element, in one thread, on tiles in the L1 cache: `python benchmarks/loops.py`.
"""

import subprocess

from native import driver

if __name__ == "__main__":
    with driver("loops.cpp") as program:
        subprocess.run([program], check=True)
