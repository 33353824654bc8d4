# SPDX-License-Identifier: Apache-2.0
"""Device memory that is mapped to reserved addresses, and callbacks of streams, by the C interface."""

import ctypes
import os
import subprocess
import sys
import threading
import time
from ctypes import byref, c_int, c_int32, c_size_t, c_uint32, c_uint64, c_void_p

import pytest

from ascend_bce.simulator import _library

MIB = 1 << 20
TO_DEVICE, TO_HOST = 1, 2
REPORT_TIMEOUT = 507012
CALLBACK = ctypes.CFUNCTYPE(None, c_void_p)


class PhysicalMemory(ctypes.Structure):
    """aclrtPhysicalMemProp: memory of the device that `device` numbers."""

    _fields_ = (
        ("handle_type", c_int),
        ("allocation_type", c_int),
        ("attribute", c_int),
        ("device", c_uint32),
        ("place", c_int),
        ("reserve", c_uint64),
    )


@pytest.fixture(scope="module")
def acl():
    acl = ctypes.CDLL(str(_library.home() / "lib" / "libascend_simulator.so"), ctypes.RTLD_GLOBAL)
    acl.aclrtSetDevice(0)
    return acl


def free_memory(acl):
    free, total = c_size_t(), c_size_t()
    assert acl.aclrtGetMemInfo(1, byref(free), byref(total)) == 0
    return free.value


def test_one_piece_of_memory_at_two_addresses(acl):
    before = free_memory(acl)
    addresses, memory = c_void_p(), c_void_p()
    assert (
        acl.aclrtReserveMemAddress(byref(addresses), c_size_t(4 * MIB), c_size_t(0), None, c_uint64(0)) == 0
    )
    assert free_memory(acl) == before  # addresses are not memory
    properties = PhysicalMemory(place=1)
    assert acl.aclrtMallocPhysical(byref(memory), c_size_t(MIB), byref(properties), c_uint64(0)) == 0
    assert free_memory(acl) == before - MIB
    first, second = c_void_p(addresses.value), c_void_p(addresses.value + 2 * MIB)
    for address in first, second:
        assert acl.aclrtMapMem(address, c_size_t(MIB), c_size_t(0), memory, c_uint64(0)) == 0
    written, read = ctypes.create_string_buffer(b"ascend", 6), ctypes.create_string_buffer(6)
    assert acl.aclrtMemcpy(first, c_size_t(6), written, c_size_t(6), TO_DEVICE) == 0
    assert acl.aclrtMemcpy(read, c_size_t(6), second, c_size_t(6), TO_HOST) == 0
    assert read.raw == b"ascend"
    for address in first, second:
        assert acl.aclrtUnmapMem(address) == 0
    assert acl.aclrtFreePhysical(memory) == 0
    assert free_memory(acl) == before
    assert acl.aclrtReleaseMemAddress(addresses) == 0
    assert acl.aclrtReleaseMemAddress(addresses) == 100000
    assert acl.aclrtUnmapMem(first) == 100000


def test_memory_that_is_mapped_counts():
    program = """
import ctypes
import os
from ascend_bce.simulator import _library
acl = ctypes.CDLL(str(_library.home() / "lib" / "libascend_simulator.so"), ctypes.RTLD_GLOBAL)
acl.aclGetRecentErrMsg.restype = ctypes.c_char_p
properties, memory = (ctypes.c_uint64 * 4)(), ctypes.c_void_p()
size = ctypes.c_size_t(3 << 20)
print(acl.aclrtMallocPhysical(ctypes.byref(memory), size, properties, ctypes.c_uint64(0)))
print(acl.aclGetRecentErrMsg().decode())
"""
    environment = {**os.environ, "ASCEND_SIM_MEMORY": str(2 * MIB)}
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
    )
    status, text = ran.stdout.split("\n", 1)
    assert status == "207001"
    assert "aclrtMallocPhysical: device 0 has 2097152 of 2097152 bytes left, not 3145728" in text


@pytest.mark.parametrize("blocking", [0, 1])
def test_callbacks_run_in_order_on_the_thread_that_reports(acl, blocking):
    stream = c_void_p()
    assert acl.aclrtCreateStream(byref(stream)) == 0
    ran, subscribed, done = [], threading.Event(), threading.Event()
    calls = [CALLBACK(lambda _, i=i: ran.append((i, threading.get_ident()))) for i in range(3)]

    def report():
        acl.aclrtSubscribeReport(c_uint64(threading.get_ident()), stream)
        subscribed.set()
        while not done.is_set():
            assert acl.aclrtProcessReport(c_int32(20)) in (0, REPORT_TIMEOUT)

    thread = threading.Thread(target=report)
    thread.start()
    subscribed.wait()
    for call in calls:
        assert acl.aclrtLaunchCallback(call, None, blocking, stream) == 0
    assert acl.aclrtSynchronizeStream(stream) == 0
    if blocking:
        assert len(ran) == 3  # the stream has waited for them
    while len(ran) < 3:
        time.sleep(0.001)
    done.set()
    thread.join()
    assert ran == [(i, thread.ident) for i in range(3)]
    assert acl.aclrtUnSubscribeReport(c_uint64(thread.ident), stream) == 0
    assert acl.aclrtLaunchCallback(calls[0], None, blocking, stream) == 107011
    assert acl.aclrtDestroyStream(stream) == 0


def test_threads_that_are_not_subscribed_have_nothing_to_report(acl):
    statuses = []
    thread = threading.Thread(target=lambda: statuses.append(acl.aclrtProcessReport(c_int32(0))))
    thread.start()
    thread.join()
    assert statuses == [107012]
