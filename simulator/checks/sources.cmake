# SPDX-License-Identifier: Apache-2.0
set(ASCEND_SIMULATOR_CHECKS_SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/alignment.cpp
    ${CMAKE_CURRENT_LIST_DIR}/bounds.cpp
    ${CMAKE_CURRENT_LIST_DIR}/checks.cpp
    ${CMAKE_CURRENT_LIST_DIR}/core_race.cpp
    ${CMAKE_CURRENT_LIST_DIR}/describe.cpp
    ${CMAKE_CURRENT_LIST_DIR}/flag_pairing.cpp
    ${CMAKE_CURRENT_LIST_DIR}/global_accesses.cpp
    ${CMAKE_CURRENT_LIST_DIR}/lane_views.cpp
    ${CMAKE_CURRENT_LIST_DIR}/overlap.cpp
    ${CMAKE_CURRENT_LIST_DIR}/pipe_order.cpp
    ${CMAKE_CURRENT_LIST_DIR}/queue_discipline.cpp
    ${CMAKE_CURRENT_LIST_DIR}/queue_events.cpp
    ${CMAKE_CURRENT_LIST_DIR}/queue_leak.cpp
    ${CMAKE_CURRENT_LIST_DIR}/race.cpp
    ${CMAKE_CURRENT_LIST_DIR}/results.cpp
    ${CMAKE_CURRENT_LIST_DIR}/sync_all.cpp
    ${CMAKE_CURRENT_LIST_DIR}/uninitialised.cpp)

set_source_files_properties(${ASCEND_SIMULATOR_CHECKS_SOURCES} PROPERTIES COMPILE_DEFINITIONS ASCEND_SIM_CHECKED)
