# SPDX-License-Identifier: Apache-2.0
# Sources of the timing model, for simulator/CMakeLists.txt.
set(ASCEND_SIMULATOR_TIMING_SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/block_clock.cpp
    ${CMAKE_CURRENT_LIST_DIR}/l2_cache.cpp
    ${CMAKE_CURRENT_LIST_DIR}/report.cpp
    ${CMAKE_CURRENT_LIST_DIR}/session.cpp
    ${CMAKE_CURRENT_LIST_DIR}/timing.cpp
    ${CMAKE_CURRENT_LIST_DIR}/timing_profile.cpp
    ${CMAKE_CURRENT_LIST_DIR}/trace.cpp)

set_source_files_properties(${ASCEND_SIMULATOR_TIMING_SOURCES} PROPERTIES COMPILE_DEFINITIONS ASCEND_SIM_CHECKED)
