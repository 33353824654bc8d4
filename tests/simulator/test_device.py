# SPDX-License-Identifier: Apache-2.0
"""The stand-ins of CANN's libraries, as a framework that links them meets them."""

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
