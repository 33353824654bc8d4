# SPDX-License-Identifier: Apache-2.0
"""Calls of aclnn functions on NumPy arrays, by the C interface and nothing of ascend_bce."""

import ctypes
from ctypes import byref, c_char_p, c_int, c_int64, c_uint64, c_void_p
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATA_TYPES = {
    "float32": 0, "float16": 1, "int8": 2, "int32": 3, "uint8": 4, "int16": 6, "uint16": 7, "uint32": 8,
    "int64": 9, "uint64": 10, "float64": 11, "bool": 12, "bfloat16": 27,
}  # fmt: skip


@dataclass
class Outcome:
    """What a call came to.

    Attributes:
        status: The return code of the phase that failed, or 0.
        phase: That phase.
        error: The recent error text.
        workspace: Bytes of workspace that phase 1 asked for.
    """

    status: int
    phase: int
    error: str
    workspace: int


class Aclnn:
    """An operator package on the simulator.

    Attributes:
        runtime: libascend_simulator.so.
        operators: libcust_opapi.so.
    """

    def __init__(self, simulator: Path, operators: Path) -> None:
        """Load both."""
        self.runtime = ctypes.CDLL(str(simulator), ctypes.RTLD_GLOBAL)
        self.operators = ctypes.CDLL(str(operators))
        self.runtime.aclCreateTensor.restype = c_void_p
        self.runtime.aclGetRecentErrMsg.restype = c_char_p

    def tensor(self, array: np.ndarray | None, data_type: str | None = None) -> c_void_p:
        """Make a tensor that is a view of an array. `data_type` says what a uint16 array really holds."""
        if array is None:
            return c_void_p()
        # The memory begins at the lowest address, which negative strides do not start from.
        base = array
        while isinstance(base.base, np.ndarray):
            base = base.base
        address = base.__array_interface__["data"][0]
        offset = (array.__array_interface__["data"][0] - address) // array.itemsize
        dims = (c_int64 * array.ndim)(*array.shape)
        strides = (c_int64 * array.ndim)(*(stride // array.itemsize for stride in array.strides))
        storage = (c_int64 * 1)(base.size)
        handle = self.runtime.aclCreateTensor(
            dims, c_uint64(array.ndim), c_int(DATA_TYPES[data_type or array.dtype.name]), strides,
            c_int64(offset), c_int(2), storage, c_uint64(1), c_void_p(address),
        )  # fmt: skip
        assert handle, self.error()
        return c_void_p(handle)

    def error(self) -> str:
        """Return the text of the errors since the last time, and forget it."""
        text = self.runtime.aclGetRecentErrMsg()
        return text.decode() if text else ""

    def call(self, function: str, *arguments: object) -> Outcome:
        """Run both phases with arguments as the C function takes them."""
        self.error()
        size, executor = c_uint64(), c_void_p()
        status = self.operators[function + "GetWorkspaceSize"](*arguments, byref(size), byref(executor))
        if status != 0:
            return Outcome(status, 1, self.error(), size.value)
        workspace = np.full(size.value + 512, 0xFF, np.uint8)
        status = self.operators[function](workspace.ctypes.data_as(c_void_p), size, executor, c_void_p())
        assert (workspace[size.value :] == 0xFF).all(), "written behind the workspace"
        return Outcome(status, 2, self.error(), size.value)
