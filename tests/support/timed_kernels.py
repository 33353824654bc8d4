# SPDX-License-Identifier: Apache-2.0
"""The kernels of tests/simulator/timing on which the timing model is calibrated."""

import struct
from pathlib import Path

import numpy as np

from ascend_bce.simulator import Run, compile_kernel

KERNELS = Path(__file__).parents[1] / "simulator" / "timing"


def add(side: int, cores: int, tile_bytes: int, buffers: int, **defines: object) -> Run:
    """Time z = x + y of side x side halves."""
    kernel = compile_kernel(KERNELS / "add.cpp", defines={"BUFFERS": buffers, **defines})
    x, y, z = (np.zeros(side * side, np.float16) for _ in range(3))
    tiling = struct.pack("<QI4x", x.size, tile_bytes // 2)
    return kernel(x, y, z, tiling=tiling, block_dim=cores, timing=True)


def copy(side: int, cores: int, bursts: int, burst_bytes: int, passes: int = 1) -> Run:
    """Time reading side x side halves."""
    kernel = compile_kernel(KERNELS / "copy.cpp")
    x = np.zeros(side * side, np.float16)
    tiling = struct.pack("<QIII4x", x.nbytes, burst_bytes, bursts, passes)
    # Unchecked, for its copies into one buffer do not wait for each other.
    return kernel(x, tiling=tiling, block_dim=cores, checks="none", timing=True)
