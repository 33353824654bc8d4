# SPDX-License-Identifier: Apache-2.0
# Operators' host code: definitions, inference, tiling, aclnn and the packages they come in, for simulator/CMakeLists.txt.
set(ASCEND_SIMULATOR_OPERATORS_SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/builtin_operators.cpp
    ${CMAKE_CURRENT_LIST_DIR}/cast_copy.cpp
    ${CMAKE_CURRENT_LIST_DIR}/data_types.cpp
    ${CMAKE_CURRENT_LIST_DIR}/elementwise.cpp
    ${CMAKE_CURRENT_LIST_DIR}/executor.cpp
    ${CMAKE_CURRENT_LIST_DIR}/kernel_launch.cpp
    ${CMAKE_CURRENT_LIST_DIR}/l0op.cpp
    ${CMAKE_CURRENT_LIST_DIR}/node.cpp
    ${CMAKE_CURRENT_LIST_DIR}/op_def.cpp
    ${CMAKE_CURRENT_LIST_DIR}/op_functions.cpp
    ${CMAKE_CURRENT_LIST_DIR}/op_info.cpp
    ${CMAKE_CURRENT_LIST_DIR}/operator_api.cpp
    ${CMAKE_CURRENT_LIST_DIR}/package.cpp
    ${CMAKE_CURRENT_LIST_DIR}/platform.cpp
    ${CMAKE_CURRENT_LIST_DIR}/shapes.cpp
    ${CMAKE_CURRENT_LIST_DIR}/template_tiling.cpp
    ${CMAKE_CURRENT_LIST_DIR}/tensor.cpp
    ${CMAKE_CURRENT_LIST_DIR}/thread_limit.cpp
    ${CMAKE_CURRENT_LIST_DIR}/tiling_data.cpp
    ${CMAKE_CURRENT_LIST_DIR}/type_utils.cpp)
