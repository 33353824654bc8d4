# SPDX-License-Identifier: Apache-2.0
"""`python -m ascend_bce npu-sim SCRIPT`: runs a script of torch_npu's without an NPU."""

import argparse
import os
import runpy
import sys
from pathlib import Path

from ._paths import VENDOR_PACKAGE


def add_command(commands: argparse._SubParsersAction) -> None:
    """Add `npu-sim` to the command line."""
    parser = commands.add_parser(
        "npu-sim",
        help="run a script with torch_npu on simulated NPUs",
        description="Run a Python script with torch_npu on simulated NPUs, where its binary cross-entropy is "
        "ours. It needs torch_npu, but neither an NPU nor CANN.",
    )
    parser.add_argument("--devices", type=int, default=1, help="how many NPUs there are (default: 1)")
    parser.add_argument(
        "--memory", type=int, metavar="BYTES", help="memory of each (default: the SoC's, up to the host's)"
    )
    parser.add_argument("--soc", default="Ascend910B1", help="SoC profile (default: %(default)s)")
    parser.add_argument("script", type=Path, help="the script to run")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    parser.set_defaults(run=_run)


def load_torch_npu() -> bool:
    """Import torch_npu on simulated NPUs; without it, say so and return False."""
    from ascend_bce.simulator import device

    try:
        device.load_torch_npu([VENDOR_PACKAGE])
    except ModuleNotFoundError as error:
        print(
            f"The simulated NPU needs {error.name}: `pip install torch_npu` of torch's version, in a virtual "
            "environment of its own, because without CANN every other `import torch` there fails",
            file=sys.stderr,
        )
        return False
    return True


def _run(options: argparse.Namespace) -> int:
    os.environ["ASCEND_SIM_SOC"] = options.soc
    os.environ["ASCEND_SIM_DEVICES"] = str(options.devices)
    if options.memory is not None:
        os.environ["ASCEND_SIM_MEMORY"] = str(options.memory)
    if not load_torch_npu():
        return 1
    sys.argv = [str(options.script), *options.arguments]
    sys.path[0] = str(options.script.resolve().parent)
    runpy.run_path(str(options.script), run_name="__main__")
    return 0
