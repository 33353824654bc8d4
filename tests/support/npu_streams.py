# SPDX-License-Identifier: Apache-2.0
"""Holds a stream of the simulated device, so that tests see what waits for it and what does not."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_HOST_FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


@contextmanager
def held(stream: torch.npu.Stream) -> Iterator[None]:
    """Make a stream do nothing of what it is given inside the block before the block ends."""
    opened = threading.Event()
    wait = _HOST_FUNCTION(lambda _: opened.wait())
    runtime = ctypes.CDLL("libascendcl.so")
    status = runtime.aclrtLaunchHostFunc(ctypes.c_void_p(stream.npu_stream), wait, None)
    assert status == 0
    try:
        yield
    finally:
        opened.set()
        runtime.aclrtSynchronizeStream(ctypes.c_void_p(stream.npu_stream))
