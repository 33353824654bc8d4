# SPDX-License-Identifier: Apache-2.0
"""The C interface of libascend_simulator.so (simulator/core/launch.h)."""

import ctypes
import os
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_uint32, c_uint64, c_void_p
from functools import cache
from pathlib import Path

from ascend_bce._paths import PACKAGE, simulator_library


class SimulatorError(RuntimeError):
    """The simulator is not there or refused a request; the text says why."""


class Launch(ctypes.Structure):
    """AscendSimLaunch."""

    _fields_ = (
        ("entry", c_void_p),
        ("kernel", c_char_p),
        ("names", POINTER(c_char_p)),
        ("data", POINTER(c_void_p)),
        ("bytes", POINTER(c_uint64)),
        ("argument_count", c_uint32),
        ("block_dim", c_uint32),
        ("tiling_key", c_uint64),
        ("soc", c_char_p),
        ("checked", c_int32),
        ("checks", c_char_p),
        ("threads", c_uint32),
        ("timing", c_int32),
        ("auto_sync", c_int32),
        ("roles", POINTER(c_int32)),
        ("blocks", POINTER(c_uint32)),
        ("block_count", c_uint32),
        ("break_on_finding", c_int32),
        ("schedule", c_char_p),
        ("seed", c_uint64),
        ("schedule_mode", c_int32),
    )


class TensorStruct(ctypes.Structure):
    """AscendSimTensor of simulator/operators/operator_api.h, like those below."""

    _fields_ = (
        ("data_type", c_char_p),
        ("shape", POINTER(c_int64)),
        ("rank", c_uint32),
        ("data", c_void_p),
    )


class AttributeStruct(ctypes.Structure):
    """AscendSimAttribute."""

    _fields_ = (
        ("kind", c_int32),
        ("integer", c_int64),
        ("number", c_double),
        ("text", c_char_p),
        ("values", c_void_p),
        ("count", c_uint64),
    )


class CallStruct(ctypes.Structure):
    """AscendSimCall."""

    _fields_ = (
        ("inputs", POINTER(TensorStruct)),
        ("outputs", POINTER(TensorStruct)),
        ("attributes", POINTER(AttributeStruct)),
        ("input_count", c_uint32),
        ("output_count", c_uint32),
        ("attribute_count", c_uint32),
    )


class TilingStruct(ctypes.Structure):
    """AscendSimTiling."""

    _fields_ = (
        ("column", c_uint32),
        ("block_dim", c_uint32),
        ("tiling_key", c_uint64),
        ("workspace_bytes", c_uint64),
        ("schedule_mode", c_int32),
        ("data", c_void_p),
        ("data_bytes", c_uint64),
    )


MAX_RANK = 8


def home() -> Path:
    """Return the folder that holds the simulator's lib/, include/, core/ and platform_config/.

    That of this package, unless the environment variable ASCEND_SIM_HOME names another.
    """
    return Path(os.environ.get("ASCEND_SIM_HOME", PACKAGE / "simulator"))


@cache
def load() -> ctypes.CDLL:
    """Load the simulator, once. Global, because kernels take its symbols from it."""
    try:
        library = ctypes.CDLL(str(simulator_library(home())), ctypes.RTLD_GLOBAL)
    except OSError as error:
        raise SimulatorError(
            f"the simulator cannot be loaded ({error}); install ascend-bce on a machine without CANN, or set "
            "ASCEND_SIM_HOME to the folder that holds lib/libascend_simulator.so"
        ) from error
    library.ascend_sim_last_error.restype = c_char_p
    library.ascend_sim_launch.argtypes = (POINTER(Launch),)
    library.ascend_sim_findings_json.restype = c_char_p
    library.ascend_sim_check_names.restype = c_char_p
    library.ascend_sim_load_operator.argtypes = (c_char_p, c_char_p, c_char_p, c_char_p)
    library.ascend_sim_load_operator.restype = c_void_p
    library.ascend_sim_infer_shapes.argtypes = (c_void_p, POINTER(CallStruct), c_void_p, c_void_p)
    library.ascend_sim_tile.argtypes = (c_void_p, POINTER(CallStruct), c_void_p)
    library.ascend_sim_get_platform.argtypes = (c_char_p, POINTER(c_uint32), POINTER(c_uint64))
    library.ascend_sim_take_timing.restype = c_void_p
    library.ascend_sim_next_timing.restype = c_void_p
    library.ascend_sim_free_timing.argtypes = (c_void_p,)
    library.ascend_sim_timing_json.argtypes = (c_void_p,)
    library.ascend_sim_timing_json.restype = c_char_p
    library.ascend_sim_get_soc.restype = c_char_p
    library.ascend_sim_save_trace.argtypes = (c_void_p, c_char_p)
    return library


def call(function: str, *arguments: object) -> int:
    """Call a function of the simulator that returns a negative number on failure.

    Raises:
        SimulatorError: With the simulator's own text.
    """
    library = load()
    result = getattr(library, function)(*arguments)
    if result < 0:
        raise SimulatorError(library.ascend_sim_last_error().decode())
    return result
