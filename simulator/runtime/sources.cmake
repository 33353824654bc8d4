# SPDX-License-Identifier: Apache-2.0
# The devices and what moves on them: libascendcl's part, for simulator/CMakeLists.txt.
set(ASCEND_SIMULATOR_RUNTIME_SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/acl.cpp
    ${CMAKE_CURRENT_LIST_DIR}/acl_callback.cpp
    ${CMAKE_CURRENT_LIST_DIR}/acl_device.cpp
    ${CMAKE_CURRENT_LIST_DIR}/acl_op.cpp
    ${CMAKE_CURRENT_LIST_DIR}/acl_stream.cpp
    ${CMAKE_CURRENT_LIST_DIR}/acl_system.cpp
    ${CMAKE_CURRENT_LIST_DIR}/acl_virtual_memory.cpp
    ${CMAKE_CURRENT_LIST_DIR}/device.cpp
    ${CMAKE_CURRENT_LIST_DIR}/errors.cpp
    ${CMAKE_CURRENT_LIST_DIR}/not_simulated.cpp
    ${CMAKE_CURRENT_LIST_DIR}/stream.cpp)
