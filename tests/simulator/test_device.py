# SPDX-License-Identifier: Apache-2.0
"""The stand-ins of CANN's libraries, as a framework that links them meets them."""

import os
import subprocess
import sys

import pytest

from ascend_bce.simulator import _library

LIBRARIES = sorted((_library.home() / "cann" / "lib64").glob("lib*.so"))


def exported(path):
    lines = subprocess.run(["nm", "-D", "--defined-only", path], check=True, capture_output=True, text=True)
    return {line.split()[-1] for line in lines.stdout.splitlines()}


@pytest.mark.parametrize("path", LIBRARIES, ids=lambda path: path.stem)
def test_library_lists_nothing_that_is_simulated(path):
    assert not exported(path) & exported(_library.home() / "lib" / "libascend_simulator.so")


@pytest.mark.parametrize("path", LIBRARIES, ids=lambda path: path.stem)
def test_library_has_its_own_name_and_the_simulator_behind_it(path):
    dynamic = subprocess.run(["readelf", "-d", path], check=True, capture_output=True, text=True).stdout
    assert f"soname: [{path.name}]" in dynamic
    assert "[libascend_simulator.so]" in dynamic


def test_function_that_is_not_simulated_fails_by_its_name():
    program = """
import ctypes
from ascend_bce.simulator import device
device.load()
acl = ctypes.CDLL("libascendcl.so")
acl.aclGetRecentErrMsg.restype = ctypes.c_char_p
print(acl.aclmdlInitDump(), acl.aclGetRecentErrMsg().decode().strip())
acl.aclmdlInitDump()
"""
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    text = "libascendcl.so: aclmdlInitDump is not simulated"
    assert ran.stdout == f"207000 EZ9999: {text}\n"
    assert ran.stderr == f"ascend-simulator: {text}\n"


@pytest.mark.parametrize(
    "first",
    [
        "",
        "from ascend_bce import _aclnn; _aclnn.library()",
        "from ascend_bce.simulator import _library; _library.load()",
    ],
    ids=["device", "operators", "simulator"],
)
def test_path_of_aclrtMalloc_leads_through_cann_s_folder(first):
    program = f"""
import ctypes, os
{first}
from ascend_bce.simulator import device
device.load()
class Info(ctypes.Structure):
    _fields_ = [("path", ctypes.c_char_p), *((name, ctypes.c_void_p) for name in ("base", "name", "address"))]
info = Info()
assert ctypes.CDLL(None).dladdr(ctypes.CDLL("libascendcl.so").aclrtMalloc, ctypes.byref(info))
path = info.path.decode()
print(os.path.samefile(path[:path.index("cann")] + "cann", os.environ["ASCEND_HOME_PATH"]))
"""
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert ran.stdout == "True\n"


def run(program, **environment):
    """Run a program after loading the device, with `acl` as libascendcl.so; return what it printed."""
    begin = """
import ctypes
from ctypes import byref, c_float, c_int32, c_size_t, c_uint32, c_void_p
from ascend_bce.simulator import device
device.load()
acl = ctypes.CDLL("libascendcl.so")
acl.aclGetRecentErrMsg.restype = ctypes.c_char_p
HostFunction = ctypes.CFUNCTYPE(None, c_void_p)
def created(name):
    handle = c_void_p()
    assert getattr(acl, name)(byref(handle)) == 0
    return handle
"""
    command = [sys.executable, "-c", begin + program]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_devices_and_their_memory():
    assert run(
        """
device, count, free, total, memory = c_int32(), c_uint32(), c_size_t(), c_size_t(), c_void_p()
def print_memory():
    acl.aclrtGetMemInfo(1, byref(free), byref(total))
    print(free.value, total.value)
print(acl.aclrtGetDevice(byref(device)))
print(acl.aclrtSetDevice(2), acl.aclGetRecentErrMsg().decode().strip())
print(acl.aclrtSetDevice(1), acl.aclrtGetDevice(byref(device)), device.value)
print(acl.aclrtMalloc(byref(memory), c_size_t(1000), 0), memory.value % 512)
print_memory()
print(acl.aclrtMalloc(byref(c_void_p()), c_size_t(1000000), 0), acl.aclGetRecentErrMsg().decode().strip())
print(acl.aclrtFree(memory), acl.aclrtFree(memory))
print_memory()
""",
        ASCEND_SIM_DEVICES="2",
        ASCEND_SIM_MEMORY="1000000",
    ) == [
        "107002",
        "107001 EZ1001: aclrtSetDevice: device 2 does not exist; there are 2, and ASCEND_SIM_DEVICES sets "
        "how many",
        "0 0 1",
        "0 0",
        "998976 1000000",
        "207001 EZ9999: aclrtMalloc: device 1 has 998976 of 1000000 bytes left, not 1000000; "
        "ASCEND_SIM_MEMORY sets how many it has",
        "0 100000",
        "1000000 1000000",
    ]


def test_streams_and_events():
    assert run(
        """
import threading
opened, order = threading.Event(), []
first, second = created("aclrtCreateStream"), created("aclrtCreateStream")
begin, end = created("aclrtCreateEvent"), created("aclrtCreateEvent")
def work(stream, name, wait=None):
    function = HostFunction(lambda _: (wait and wait.wait(), order.append(name)))
    assert acl.aclrtLaunchHostFunc(stream, function, None) == 0
    return function
status, milliseconds = c_int32(), c_float()
def query(event):
    acl.aclrtQueryEventStatus(event, byref(status))
    return status.value
print(query(begin), acl.aclrtEventElapsedTime(byref(milliseconds), begin, end))
kept = [work(first, "first", opened)]
acl.aclrtRecordEvent(begin, first)
acl.aclrtStreamWaitEvent(second, begin)
kept.append(work(second, "second"))
acl.aclrtRecordEvent(end, second)
print(query(begin), query(end), order)
opened.set()
acl.aclrtSynchronizeEvent(end)
print(query(begin), query(end), order)
print(acl.aclrtEventElapsedTime(byref(milliseconds), begin, end), milliseconds.value >= 0)
print(acl.aclrtDestroyStream(first), acl.aclrtDestroyStream(second), acl.aclrtDestroyEvent(begin))
"""
    ) == ["0 107006", "0 0 []", "1 1 ['first', 'second']", "0 True", "0 0 0"]


def test_overflow_mode_that_is_not_simulated_is_refused():
    assert run("print(acl.aclrtSetDeviceSatMode(1), acl.aclrtSetDeviceSatMode(0))") == ["0 207000"]


AN_OPERATOR = """
import threading
acl.aclCreateTensor.restype = c_void_p
ops = ctypes.CDLL("libopapi.so")
dims = (ctypes.c_int64 * 1)(4)
strides = (ctypes.c_int64 * 1)(1)
def fill_with_ones(memory, stream):
    tensor = c_void_p(acl.aclCreateTensor(
        dims, ctypes.c_uint64(1), 0, strides, ctypes.c_int64(0), 2, dims, ctypes.c_uint64(1), memory))
    size, executor = ctypes.c_uint64(), c_void_p()
    assert ops.aclnnInplaceOneGetWorkspaceSize(tensor, byref(size), byref(executor)) == 0
    status = ops.aclnnInplaceOne(None, ctypes.c_uint64(0), executor, stream)
    acl.aclDestroyTensor(tensor)
    return status
"""


def test_operator_on_a_stream_outlives_its_tensors():
    assert run(
        AN_OPERATOR
        + """
opened, stream, memory = threading.Event(), created("aclrtCreateStream"), (c_float * 4)()
wait = HostFunction(lambda _: opened.wait())
acl.aclrtLaunchHostFunc(stream, wait, None)
print(fill_with_ones(memory, stream), list(memory))
opened.set()
print(acl.aclrtSynchronizeStream(stream), list(memory))
"""
    ) == ["0 [0.0, 0.0, 0.0, 0.0]", "0 [1.0, 1.0, 1.0, 1.0]"]


def test_stream_of_another_device_is_refused():
    assert run(
        AN_OPERATOR
        + """
acl.aclrtSetDevice(1)
stream, memory = created("aclrtCreateStream"), (c_float * 4)()
acl.aclrtSetDevice(0)
print(fill_with_ones(memory, stream), acl.aclGetRecentErrMsg().decode().strip())
acl.aclrtSetDevice(1)
print(fill_with_ones(memory, stream), acl.aclrtSynchronizeStream(stream), list(memory))
""",
        ASCEND_SIM_DEVICES="2",
    ) == [
        "361001 EZ9903: aclnnInplaceOne: the stream belongs to device 1, but the thread's device is 0; call "
        "aclrtSetDevice first.",
        "0 0 [1.0, 1.0, 1.0, 1.0]",
    ]
