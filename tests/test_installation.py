# SPDX-License-Identifier: Apache-2.0
"""What is installed: small, without debug information, bound to no Python and no framework."""

import ctypes
import os
import subprocess
import zipfile

import numpy as np

from aclnn_calls import Aclnn
from ascend_bce import _aclnn

# The C and C++ run-time, and our own.
ALLOWED = (
    "libc.so",
    "libm.so",
    "libgcc_s.so",
    "libstdc++.so",
    "libpthread.so",
    "libdl.so",
    "ld-linux",
    "libascend_simulator.so",
)


def binaries():
    """Return the installed shared libraries and programs."""
    found = [
        path for path in _aclnn.PACKAGE.rglob("*") if path.is_file() and path.open("rb").read(4) == b"\x7fELF"
    ]
    assert _aclnn.OPERATORS in found
    assert _aclnn.SIMULATOR in found
    return found


def readelf(option, path):
    return subprocess.run(
        ["readelf", "--wide", option, path],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"LC_ALL": "C"},
    ).stdout


def test_binaries_carry_no_debug_information():
    assert [path.name for path in binaries() if ".debug_info" in readelf("--sections", path)] == []


def test_binaries_need_the_cpp_run_time_only():
    for path in binaries():
        needed = [
            line.split("[")[1].rstrip("]")
            for line in readelf("--dynamic", path).splitlines()
            if "(NEEDED)" in line
        ]
        assert [name for name in needed if not name.startswith(ALLOWED)] == [], path.name


def test_compressed_size_is_below_10_megabytes(tmp_path):
    with zipfile.ZipFile(tmp_path / "package.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _aclnn.PACKAGE.rglob("*"):
            archive.write(path)
    assert (tmp_path / "package.zip").stat().st_size < 10e6


def test_exported_functions_are_the_two_phase_ones():
    exported = {
        line.split()[-1] for line in readelf("--dyn-syms", _aclnn.OPERATORS).splitlines() if " aclnn" in line
    }
    functions = {name for name in exported if not name.endswith("GetWorkspaceSize")}
    assert {"aclnnBinaryCrossEntropyWithLogits", "aclnnBinaryCrossEntropyWithLogitsBackward"} <= functions
    assert exported == functions | {name + "GetWorkspaceSize" for name in functions}


def test_operators_work_from_their_run_package(tmp_path):
    """Packs the operators as the build's target `package` does, installs that package, and calls it."""
    run_package = tmp_path / "custom_opp.run"
    pack = _aclnn.PACKAGE / "simulator" / "cmake" / "run_package" / "pack.sh"
    subprocess.run(["sh", pack, "ascend_bce", _aclnn.PACKAGE, run_package], check=True)
    installed = tmp_path / "opp"
    subprocess.run([run_package, "--quiet", f"--install-path={installed}"], check=True)

    library = installed / "vendors" / "ascend_bce" / "op_api" / "lib" / "libcust_opapi.so"
    aclnn = Aclnn(_aclnn.SIMULATOR, library)
    x = np.linspace(-20, 20, 20001, dtype=np.float32)
    t, mean = np.full_like(x, 0.25), np.empty((), np.float32)
    tensors = map(aclnn.tensor, (x, t, None, None))
    outcome = aclnn.call("aclnnBinaryCrossEntropyWithLogits", *tensors, ctypes.c_int64(1), aclnn.tensor(mean))
    assert outcome.status == 0, outcome.error
    exact = np.mean(
        np.logaddexp(0, -x.astype(np.float64)) * 0.25 + np.logaddexp(0, x.astype(np.float64)) * 0.75
    )
    np.testing.assert_allclose(mean, exact, rtol=1e-6)
