# SPDX-License-Identifier: Apache-2.0
"""Tensors of any size in a few megabytes of memory, for launches whose results nobody reads."""

import ctypes
import os
import weakref

import numpy as np

_PAGES = 4 * 2**20  # bytes that are really there
_NONE, _READ_WRITE = 0, 3
_SHARED, _PRIVATE, _FIXED, _ANONYMOUS, _NO_RESERVE = 0x01, 0x02, 0x10, 0x20, 0x4000
_FAILED = ctypes.c_void_p(-1).value

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = (
    ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int64,
)  # fmt: skip
_libc.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)


def echo(size: int) -> np.ndarray:
    """Return an array of bytes, all zero, which shows the same four megabytes over and over.

    Addresses differ as those of any array, which is all that the timing model asks for; what is written shows
    in many places.
    """
    reserved = -(-size // _PAGES) * _PAGES
    address = _map(None, reserved, _NONE, _PRIVATE | _ANONYMOUS | _NO_RESERVE, -1)
    file = os.memfd_create("echo")
    try:
        os.ftruncate(file, _PAGES)
        for offset in range(0, reserved, _PAGES):
            _map(address + offset, _PAGES, _READ_WRITE, _SHARED | _FIXED, file)
    finally:
        os.close(file)
    array = np.ctypeslib.as_array((ctypes.c_uint8 * size).from_address(address))
    weakref.finalize(array, _libc.munmap, address, reserved)
    return array


def _map(address: int | None, size: int, protection: int, flags: int, file: int) -> int:
    result = _libc.mmap(address, size, protection, flags, file, 0)
    if result == _FAILED:
        error = ctypes.get_errno()
        raise OSError(error, f"cannot map {size} bytes: {os.strerror(error)}")
    return result
