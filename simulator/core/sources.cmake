# SPDX-License-Identifier: Apache-2.0
# Sources of the execution core, for simulator/CMakeLists.txt.
set(ASCEND_SIMULATOR_CORE_SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/block_turns.cpp
    ${CMAKE_CURRENT_LIST_DIR}/c_api.cpp
    ${CMAKE_CURRENT_LIST_DIR}/core.cpp
    ${CMAKE_CURRENT_LIST_DIR}/finding.cpp
    ${CMAKE_CURRENT_LIST_DIR}/finding_codes.cpp
    ${CMAKE_CURRENT_LIST_DIR}/launch.cpp
    ${CMAKE_CURRENT_LIST_DIR}/launch_state.cpp
    ${CMAKE_CURRENT_LIST_DIR}/pipe_schedule.cpp
    ${CMAKE_CURRENT_LIST_DIR}/platform.cpp
    ${CMAKE_CURRENT_LIST_DIR}/separate_arguments.cpp
    ${CMAKE_CURRENT_LIST_DIR}/thread_pool.cpp)

# Observers see the whole of every instruction, whatever build the kernel is.
set_source_files_properties(${ASCEND_SIMULATOR_CORE_SOURCES} PROPERTIES COMPILE_DEFINITIONS ASCEND_SIM_CHECKED)
