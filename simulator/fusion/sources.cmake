# SPDX-License-Identifier: Apache-2.0
# Sources of the fast build's fused calls, for simulator/CMakeLists.txt.
set(ASCEND_SIMULATOR_FUSION_SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/pending_calls.cpp
    ${CMAKE_CURRENT_LIST_DIR}/plan.cpp
    ${CMAKE_CURRENT_LIST_DIR}/programs.cpp
    ${CMAKE_CURRENT_LIST_DIR}/sequence.cpp)

# As the core's sources: a block looks the same to all.
set_source_files_properties(${ASCEND_SIMULATOR_FUSION_SOURCES} PROPERTIES COMPILE_DEFINITIONS ASCEND_SIM_CHECKED)
