# SPDX-License-Identifier: Apache-2.0
"""The build where CANN is, with a stand-in for CANN's side of it that only records what it is asked for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# As CANN's: named asc-config.cmake, with $(MAKE) in a command, and with packages/ in an installation.
TOOLKIT = """
set(ASCEND_CANN_PACKAGE_PATH $ENV{ASCEND_HOME_PATH})
set(ASCEND_AUTOGEN_PATH ${CMAKE_BINARY_DIR}/autogen)
file(WRITE ${CMAKE_BINARY_DIR}/empty.cpp "")
function(record)
  string(REPLACE ";" " " line "${ARGN}")
  file(APPEND ${CMAKE_BINARY_DIR}/record.txt "${line}\n")
endfunction()
record(run mode ${CMAKE_ASC_RUN_MODE})
record(compute units ${ASCEND_COMPUTE_UNIT})
function(npu_op_package package)
  record(package ${package} ${ARGN})
  add_custom_target(build_kernels ALL COMMAND $(MAKE) --version)
  install(FILES ${CMAKE_BINARY_DIR}/empty.cpp DESTINATION .)
  install(FILES ${CMAKE_BINARY_DIR}/record.txt DESTINATION packages/vendors/${package})
endfunction()
function(npu_op_library target type)
  record(library ${target} ${type} ${ARGN})
  add_library(${target} OBJECT ${CMAKE_BINARY_DIR}/empty.cpp)
endfunction()
add_library(opapi INTERFACE)
foreach(name code_gen kernel_sources kernel_library kernel_options package_add)
  cmake_language(EVAL CODE "function(npu_op_${name})\n record(${name} \\${ARGN})\n endfunction()")
endforeach()
"""


@pytest.fixture
def sources(tmp_path):
    """A copy of what the build needs; a build replaces the installed package of its sources."""
    folder = tmp_path / "sources"
    for name in "op_host", "op_kernel", "python":
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("_package", "__pycache__"))
    for name in "CMakeLists.txt", "setup.py", "pyproject.toml", "README.md", "LICENSE":
        shutil.copy(ROOT / name, folder)
    return folder


def test_cann_s_build_gets_the_options_and_gives_the_package(sources, tmp_path):
    toolkit = tmp_path / "cann"
    config = toolkit / "compiler" / "tikcpp" / "ascendc_kernel_cmake" / "asc-config.cmake"
    config.parent.mkdir(parents=True)
    config.write_text(TOOLKIT)
    environment = os.environ | {
        "ASCEND_HOME_PATH": str(toolkit),
        "CMAKE_ARGS": "-DCMAKE_ASC_RUN_MODE=sim -DASCEND_COMPUTE_UNIT=ascend910b",
    }
    command = [sys.executable, "setup.py", "build_ext", f"--build-lib={tmp_path / 'out'}"]
    result = subprocess.run(command, cwd=sources, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr

    package = tmp_path / "out" / "ascend_bce" / "_package"
    assert [path.name for path in package.iterdir()] == ["vendors"]
    record = (package / "vendors" / "ascend_bce" / "record.txt").read_text().splitlines()
    assert record[:3] == ["run mode sim", "compute units ascend910b", "package ascend_bce TYPE RUN"]
    libraries = {line.split()[1]: line.split()[2] for line in record if line.startswith("library ")}
    assert libraries == {"cust_opapi": "ACLNN", "cust_optiling": "TILING", "cust_op_proto": "GRAPH"}
    kernels = {line.split()[3] for line in record if line.startswith("kernel_sources ")}
    assert "BinaryCrossEntropyWithLogits" in kernels
