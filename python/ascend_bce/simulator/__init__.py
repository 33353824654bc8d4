# SPDX-License-Identifier: Apache-2.0
"""Compile an AscendC kernel with the host's C++ compiler, launch it on NumPy arrays, and read what was found.

    kernel = compile_kernel("add.cpp")
    run = kernel(x, y, z, tiling=struct.pack("<I", x.size), block_dim=8)
    for finding in run.findings:
        print(finding)

    with timed("Ascend910B1") as launches:
        ...  # anything that calls aclnn functions
    print(launches)

Needs a C++17 compiler (`g++`, or what the environment variable CXX names) and no CANN.
"""

from ascend_bce.simulator._compile import CompileError, compile_kernel
from ascend_bce.simulator._finding import Finding, Tensor, read_report, to_json, to_sarif
from ascend_bce.simulator._kernel import Kernel, Run
from ascend_bce.simulator._library import SimulatorError
from ascend_bce.simulator._operator import Operator, OperatorRun, Tiling, compile_operator
from ascend_bce.simulator._timing import Launches, Timing, timed

__all__ = [
    "CompileError",
    "Finding",
    "Kernel",
    "Launches",
    "Operator",
    "OperatorRun",
    "Run",
    "SimulatorError",
    "Tensor",
    "Tiling",
    "Timing",
    "compile_kernel",
    "compile_operator",
    "read_report",
    "timed",
    "to_json",
    "to_sarif",
]
