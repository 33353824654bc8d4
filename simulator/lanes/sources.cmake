# SPDX-License-Identifier: Apache-2.0
# How simulator/lanes/ is compiled: one object library per instruction set, from the same source.
#
# Sets ASCEND_SIM_LANES_OBJECTS, the objects to link into libascend_simulator.so.
add_library(ascend_sim_lanes OBJECT ${CMAKE_CURRENT_LIST_DIR}/lanes.cpp)
target_compile_features(ascend_sim_lanes PRIVATE cxx_std_17)
target_compile_options(ascend_sim_lanes PRIVATE -O2 -fPIC -fvisibility=hidden)
set(ASCEND_SIM_LANES_OBJECTS $<TARGET_OBJECTS:ascend_sim_lanes>)

ascend_sim_instruction_sets(_isas)
foreach(_isa ${_isas})
  add_library(ascend_sim_lanes_${_isa} OBJECT ${CMAKE_CURRENT_LIST_DIR}/isa.cpp)
  ascend_sim_compile_for(ascend_sim_lanes_${_isa} ${_isa})
  list(APPEND ASCEND_SIM_LANES_OBJECTS $<TARGET_OBJECTS:ascend_sim_lanes_${_isa}>)
endforeach()
