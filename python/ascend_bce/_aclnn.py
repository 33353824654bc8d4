# SPDX-License-Identifier: Apache-2.0
"""Finds the built operator package, loads it, and calls its aclnn functions.

Everything the framework adapters need of the C side is here, and nothing of any framework: tensors arrive as
an address, a shape, strides and a data type. The environment variable ASCEND_BCE_BACKEND chooses what
executes:

* `auto` (default): what the package was built for, the simulator or CANN
* `simulator`: the simulator that comes with the package
* `cann`: the installed CANN toolkit and its NPU

A backend that was asked for by name is used or refused with a reason, never replaced by the other.
"""

import ctypes
import os
from collections.abc import Callable, Sequence
from ctypes import c_char_p, c_int, c_int64, c_uint32, c_uint64, c_void_p
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from ._paths import OPERATORS, PACKAGE, SIMULATOR, simulator_library

# aclDataType and aclFormat, acl/acl_base.h
FLOAT32 = 0
FLOAT16 = 1
BFLOAT16 = 27
_FORMAT_ND = 2

# What the first phase gives: the bytes of the workspace, and the executor's address.
_PREPARED = c_uint64 * 2

# CANN's return codes; those of 561000 and above are of its inner parts.
_ERROR_NAMES = {161001: "null pointer", 161002: "invalid parameter", 361001: "runtime error"}


class BackendError(ImportError):
    """The backend that was asked for cannot be loaded; the text says why and what to do."""


class AclnnError(RuntimeError):
    """An aclnn function returned an error.

    Attributes:
        function: The function's name.
        code: Its return code, as CANN documents them (161001, 161002, ...).
    """

    def __init__(self, function: str, code: int, text: str) -> None:
        """Join the function, the code and the library's own text."""
        name = _ERROR_NAMES.get(code, "inner error")
        super().__init__(f"{function} failed with {code} ({name}){': ' + text if text else ''}")
        self.function = function
        self.code = code


# A tensor as the C side sees it: address, shape, strides in elements, aclDataType. A plain tuple, for speed.
Operand = tuple[int, tuple[int, ...], tuple[int, ...], int]


class _Layout:
    """A shape and strides as the C arrays that aclCreateTensor reads, kept alive for reuse."""

    __slots__ = ("_arrays", "rank", "shape", "storage", "strides")

    def __init__(self, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        extent = 1 + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        dimensions = c_int64 * len(shape)
        self._arrays = dimensions(*shape), dimensions(*strides), c_int64(0 if 0 in shape else extent)
        self.shape, self.strides, self.storage = (ctypes.addressof(array) for array in self._arrays)
        self.rank = len(shape)


# A model calls with the same few shapes over and over; this saves building three arrays per tensor and call.
_layout = lru_cache(maxsize=1024)(_Layout)


class Library:
    """The loaded operator package.

    Attributes:
        backend: `simulator` or `cann`.
    """

    def __init__(self, backend: str, runtime: Sequence[ctypes.CDLL], operators: ctypes.CDLL) -> None:
        """Look the runtime's functions up."""
        self.backend = backend
        self._runtime = runtime
        self._operators = operators
        self.create_tensor = self.runtime_function(
            "aclCreateTensor", c_void_p,
            c_void_p, c_uint64, c_int, c_void_p, c_int64, c_int, c_void_p, c_uint64, c_void_p,
        )  # fmt: skip
        self.destroy_tensor = self.runtime_function("aclDestroyTensor", c_int, c_void_p)
        self._recent_error = self.runtime_function("aclGetRecentErrMsg", c_char_p)

    def function(self, name: str, inputs: int, attributes: int, outputs: int) -> "Function":
        """Look up a two-phase function of the operator package.

        Args:
            name: The name of its second phase, `aclnnX`.
            inputs: How many tensors it reads.
            attributes: How many int64 attributes stand between its inputs and its outputs.
            outputs: How many tensors it writes.
        """
        return Function(self, self._operators, name, inputs, attributes, outputs)

    def handles(self) -> tuple[int, int]:
        """Return what dlopen gave for the runtime (the first of its libraries) and for the operators."""
        return self._runtime[0]._handle, self._operators._handle

    def recent_error(self) -> str:
        """Return the text of this thread's last error."""
        text = self._recent_error()
        return text.decode(errors="replace").strip() if text else ""

    def runtime_function(self, name: str, result: type, *arguments: type) -> Callable:
        """Look up a C function of the runtime.

        Args:
            name: Its name.
            result: The type of what it returns, and ...
            arguments: ... of its arguments.

        Raises:
            BackendError: There is none of that name.
        """
        for library in self._runtime:
            if hasattr(library, name):
                function = library[name]
                function.restype = result
                function.argtypes = arguments
                return function
        raise BackendError(f"the {self.backend} runtime has no function {name}; its version is not supported")


class Function:
    """A two-phase aclnn function, ready to be called."""

    def __init__(
        self,
        library: Library,
        operators: ctypes.CDLL,
        name: str,
        inputs: int,
        attributes: int,
        outputs: int,
    ) -> None:
        """Look up both phases."""
        self._library = library
        self._name = name
        try:
            self._prepare = operators[name + "GetWorkspaceSize"]
            self._execute = operators[name]
        except AttributeError as error:
            raise BackendError(f"{operators._name} does not export {name}: it is not ascend-bce's") from error
        self._prepare.restype = c_int
        self._prepare.argtypes = [
            *[c_void_p] * inputs, *[c_int64] * attributes, *[c_void_p] * outputs, c_void_p, c_void_p
        ]  # fmt: skip
        self._execute.restype = c_int
        self._execute.argtypes = [c_void_p, c_uint64, c_void_p, c_void_p]

    def __call__(
        self,
        inputs: Sequence[Operand | None],
        attributes: Sequence[int],
        outputs: Sequence[Operand],
        allocate: Callable[[int], tuple[int, object]],
        stream: int | None = None,
    ) -> None:
        """Run both phases.

        Args:
            inputs: The input tensors; None for an optional one that is absent.
            attributes: The int64 attributes.
            outputs: The tensors to write.
            allocate: Called with a number of bytes when the function needs a workspace; returns its address,
                and an object that owns it.
            stream: The stream to run on; None for the default one.
        """
        create_tensor, destroy_tensor = self._library.create_tensor, self._library.destroy_tensor
        handles = []
        prepared = _PREPARED()
        results = ctypes.addressof(prepared)
        try:
            # Inline, as all of this, because it is what a loss of few elements spends its time on.
            for operand in (*inputs, *outputs):
                if operand is None:
                    handles.append(None)
                    continue
                address, shape, strides, data_type = operand
                layout = _layout(shape, strides)
                handle = create_tensor(
                    layout.shape, layout.rank, data_type, layout.strides, 0, _FORMAT_ND,
                    layout.storage, 1, address,
                )  # fmt: skip
                if not handle:
                    raise AclnnError("aclCreateTensor", 161002, self._library.recent_error())
                handles.append(handle)
            count = len(inputs)
            status = self._prepare(*handles[:count], *attributes, *handles[count:], results, results + 8)
            if status == 0:
                size, executor = prepared
                address, owner = allocate(size) if size else (None, None)
                status = self._execute(address, size, executor, stream)
                del owner
            if status != 0:
                raise AclnnError(self._name, status, self._library.recent_error())
        finally:
            for handle in handles:
                if handle is not None:
                    destroy_tensor(handle)


@cache
def library() -> Library:
    """Return the operator package, loaded on the first call for the backend that ASCEND_BCE_BACKEND names."""
    backend = os.environ.get("ASCEND_BCE_BACKEND", "auto")
    if backend == "auto":
        backend = "simulator" if SIMULATOR.exists() or not OPERATORS.exists() else "cann"
    if backend == "simulator":
        return _load_simulator()
    if backend == "cann":
        return _load_cann()
    raise BackendError(f"ASCEND_BCE_BACKEND={backend} is not a backend; set it to auto, cann or simulator")


def simulates_npus() -> bool:
    """Tell whether the NPUs of this process are those of `ascend_bce.simulator.device`."""
    try:
        runtime = ctypes.CDLL("libascendcl.so", os.RTLD_NOLOAD)
    except OSError:
        return False
    return hasattr(runtime, "ascend_sim_not_simulated")


def npu_function(adapter: str, name: str, inputs: int, attributes: int, outputs: int) -> Function:
    """Return a function that computes on NPU tensors.

    Args:
        adapter: The module that asks, for the error's text.
        name: The function, `aclnnX`.
        inputs: How many tensors it reads.
        attributes: How many int64 attributes it has.
        outputs: How many tensors it writes.

    Raises:
        RuntimeError: The backend computes elsewhere.
    """
    loaded = library()
    if loaded.backend == "simulator" and not simulates_npus():
        raise RuntimeError(
            f"{adapter} was built for the simulator, which cannot reach a real NPU's memory: build it where "
            "CANN's toolkit is installed and its set_env.sh has been sourced"
        )
    return loaded.function(name, inputs, attributes, outputs)


def call_on_host(
    adapter: str,
    name: str,
    inputs: Sequence[Operand | None],
    attributes: Sequence[int],
    outputs: Sequence[Operand],
    threads: int = 0,
) -> None:
    """Call a function on tensors in the CPU's memory.

    Args:
        adapter: The module that calls, for the error's text.
        name: The function, `aclnnX`.
        inputs: The input tensors; None for an optional one that is absent.
        attributes: The int64 attributes.
        outputs: The tensors to write.
        threads: How many threads to take at most, if fewer than OMP_NUM_THREADS; 0 if the adapter's framework
            does not say.

    Raises:
        RuntimeError: The backend computes elsewhere.
        AclnnError: The function failed.
    """
    function = _host_function(adapter, name, len(inputs), len(attributes), len(outputs))
    if threads == 0:
        function(inputs, attributes, outputs, _host_memory)
        return
    limit_threads = _thread_limiter()
    before = limit_threads(threads)
    try:
        function(inputs, attributes, outputs, _host_memory)
    finally:
        limit_threads(before)


@cache
def _host_function(adapter: str, name: str, inputs: int, attributes: int, outputs: int) -> Function:
    loaded = library()
    if loaded.backend != "simulator":
        raise RuntimeError(
            f"{adapter} computes on the CPU's memory, which the {loaded.backend} backend cannot reach; set "
            "ASCEND_BCE_BACKEND=simulator"
        )
    return loaded.function(name, inputs, attributes, outputs)


@cache
def _thread_limiter() -> Callable[[int], int]:
    return library().runtime_function("ascend_sim_limit_threads", c_uint32, c_uint32)


def _host_memory(size: int) -> tuple[int, object]:
    memory = np.empty(size, np.uint8)
    return memory.ctypes.data, memory


def _load_simulator() -> Library:
    for path in (SIMULATOR, OPERATORS):
        if not path.exists():
            raise BackendError(
                f"{path} does not exist: this ascend-bce was built without the simulator. Build it "
                "where no CANN toolkit is found (ASCEND_HOME_PATH unset): pip install --force-reinstall ."
            )
    # Another build of it runs the same operators, for instance one with sanitizers.
    home = Path(os.environ.get("ASCEND_SIM_HOME", PACKAGE / "simulator"))
    # Global, because libcust_opapi.so and the kernels take the runtime's symbols from it.
    runtime = _open(simulator_library(home), ctypes.RTLD_GLOBAL)
    return Library("simulator", [runtime], _open(OPERATORS))


def _load_cann() -> Library:
    if SIMULATOR.exists():
        raise BackendError(
            "ASCEND_BCE_BACKEND=cann, but this ascend-bce was built for the simulator. Build it "
            "where CANN's toolkit is installed and its set_env.sh has been sourced: "
            "pip install --force-reinstall ."
        )
    # Mode global as CANN's own frameworks load them; opened by name, so the toolkit's set_env.sh decides
    # which.
    runtime = [_open(name, ctypes.RTLD_GLOBAL) for name in ("libascendcl.so", "libnnopbase.so")]
    return Library("cann", runtime, _open(OPERATORS))


def _open(path: Path | str, mode: int = ctypes.DEFAULT_MODE) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(str(path), mode)
    except OSError as error:
        raise BackendError(
            f"{path} cannot be loaded: {error}. For the CANN backend, source the toolkit's set_env.sh first; "
            "otherwise reinstall ascend-bce on this machine."
        ) from error
