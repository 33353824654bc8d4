# SPDX-License-Identifier: Apache-2.0
# How simulator/lanes/ is compiled: one object library per instruction set, from the same source.
#
# Sets ASCEND_SIM_LANES_OBJECTS, the objects to link into libascend_simulator.so.
#
# -ffp-contract=off keeps the bits the same on each; the other two flags change no result, they let the compiler
# vectorise square roots and selections although those could set errno or raise a flag that nobody reads.
set(_lanes_flags -O3 -fPIC -fvisibility=hidden -ffp-contract=off -fno-math-errno -fno-trapping-math)

function(_ascend_sim_lanes_isa isa)
  add_library(ascend_sim_lanes_${isa} OBJECT ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/isa.cpp)
  target_compile_features(ascend_sim_lanes_${isa} PRIVATE cxx_std_17)
  target_compile_options(ascend_sim_lanes_${isa} PRIVATE ${_lanes_flags} ${ARGN})
  target_compile_definitions(ascend_sim_lanes_${isa} PRIVATE ASCEND_SIM_ISA=${isa})
endfunction()

add_library(ascend_sim_lanes OBJECT ${CMAKE_CURRENT_LIST_DIR}/lanes.cpp)
target_compile_features(ascend_sim_lanes PRIVATE cxx_std_17)
target_compile_options(ascend_sim_lanes PRIVATE -O2 -fPIC -fvisibility=hidden)
set(ASCEND_SIM_LANES_OBJECTS $<TARGET_OBJECTS:ascend_sim_lanes>)

_ascend_sim_lanes_isa(baseline)
list(APPEND ASCEND_SIM_LANES_OBJECTS $<TARGET_OBJECTS:ascend_sim_lanes_baseline>)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  _ascend_sim_lanes_isa(avx2 -mavx2 -mfma -mf16c)
  _ascend_sim_lanes_isa(avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -mf16c -mprefer-vector-width=512)
  list(APPEND ASCEND_SIM_LANES_OBJECTS $<TARGET_OBJECTS:ascend_sim_lanes_avx2>
       $<TARGET_OBJECTS:ascend_sim_lanes_avx512>)
endif()
