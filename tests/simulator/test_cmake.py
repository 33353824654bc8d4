# SPDX-License-Identifier: Apache-2.0
"""The npu_op_* functions refuse what is not simulated, and mistakes, with a reason."""

import pytest

PROJECT = """
cmake_minimum_required(VERSION 3.16.0)
project(test LANGUAGES CXX)
find_package(ASC REQUIRED)
npu_op_package(test TYPE RUN)
{command}
"""


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (
            "npu_op_package(other TYPE SHARED)",
            "npu_op_package(other TYPE SHARED): only TYPE RUN is simulated",
        ),
        ("npu_op_device_tiling_library(t SHARED a.cpp)", "tiling on the device is not simulated"),
        ("npu_op_library(t ONNX_PLUGIN a.cpp)", "only ACLNN, TILING and GRAPH are simulated"),
        ("npu_op_kernel_sources(k OP_TYPE A)", "OP_TYPE and KERNEL_FILE go together"),
        ("npu_op_kernel_library(k SRC_BASE here)", "npu_op_kernel_library(k) needs TILING_LIBRARY"),
        ("npu_op_package_add(test LIBRARY nothing)", "nothing was not made by npu_op_library"),
        ("npu_op_package_add(other LIBRARY t)", "call npu_op_package(other ...) first"),
        ("npu_op_code_gen(SRC a.cpp PACKAGE test)", "npu_op_code_gen needs OUT_DIR"),
        ("ascend_sim_fuse_calls(other COMMAND t)", "call npu_op_package(other ...) first"),
        ("ascend_sim_fuse_calls(test COMMAND nothing)", "needs COMMAND with the target of an executable"),
        (
            "npu_op_code_gen(SRC ${CMAKE_CURRENT_SOURCE_DIR}/broken.cpp PACKAGE test OUT_DIR here)",
            "The operator definitions do not compile",
        ),
    ],
)
def test_refusals(tmp_path, configure, command, text):
    (tmp_path / "CMakeLists.txt").write_text(PROJECT.format(command=command))
    (tmp_path / "broken.cpp").write_text("#error broken\n")
    result = configure(tmp_path, tmp_path / "build")
    assert result.returncode == 1
    assert text in " ".join(result.stderr.split())
