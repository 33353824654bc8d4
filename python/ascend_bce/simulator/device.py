# SPDX-License-Identifier: Apache-2.0
"""A simulated Ascend device for frameworks that are built for the real one.

Their wheels link CANN's libraries. The simulator has libraries of these names, whose devices live in the
host's memory, and `load` puts them into the process before the framework asks for them:

    from ascend_bce.simulator import device
    device.load()
    import torch_npu

The framework finds what it asks for by name in what is loaded already, so no search path need be set.

`load_torch_npu` does the same for torch_npu and imports it. Beyond that it lets torch's CPU kernels compute
whatever has no operator on the simulated device, so that whole models run.

The environment sets what the devices are like: ASCEND_SIM_DEVICES (how many, default 1), ASCEND_SIM_MEMORY
(bytes of each; default: those of the SoC, but no more than the host's), ASCEND_SIM_SOC (default Ascend910B1),
ASCEND_SIM_CANN_VERSION (default 8.1.RC1).
"""

import ctypes
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from . import _library


def environment(operators: Iterable[Path] = ()) -> dict[str, str]:
    """Return the environment variables that make a framework use the simulated device.

    Frameworks read them when they are imported, some before any of their Python code runs.

    Args:
        operators: Operator packages (folders with op_api/lib/libcust_opapi.so) that come before CANN's own
            operators, the first one first.
    """
    root = _library.home() / "cann"
    return {
        "ASCEND_HOME_PATH": str(root),
        "ASCEND_OPP_PATH": str(root / "opp"),
        "ASCEND_CUSTOM_OPP_PATH": os.pathsep.join(str(Path(package).resolve()) for package in operators),
        # The simulator's own default, a device like the host, is none that a framework knows.
        "ASCEND_SIM_SOC": os.environ.get("ASCEND_SIM_SOC", "Ascend910B1"),
    }


def load(operators: Iterable[Path] = ()) -> None:
    """Make the frameworks that this process imports from now on use the simulated device.

    Args:
        operators: As for `environment`.

    Raises:
        SimulatorError: The simulator or one of its libraries cannot be loaded.
    """
    # First, because the simulator reads some of them once.
    os.environ.update(environment(operators))
    for path in sorted((_library.home() / "cann" / "lib64").glob("lib*.so")):
        try:
            # Global, as CANN's own are: the framework's libraries take symbols from it without naming it.
            ctypes.CDLL(str(path), ctypes.RTLD_GLOBAL)
        except OSError as error:
            raise _library.SimulatorError(f"{path} cannot be loaded: {error}") from error
    _library.load()


def load_torch_npu(operators: Sequence[Path] = ()) -> None:
    """Import torch_npu on the simulated device.

    Args:
        operators: As for `environment`. torch_npu's own functions then run on them, where they export aclnn
            functions of CANN's names.

    Raises:
        SimulatorError: The simulator or one of its libraries cannot be loaded.
        ModuleNotFoundError: torch_npu is not installed.
    """
    load(operators)
    import torch_npu  # noqa: F401

    from . import _torch_npu

    _torch_npu.replace_kernels(operators)
