# SPDX-License-Identifier: Apache-2.0
# The simulator's own; CANN has nothing like it.

include(${CMAKE_CURRENT_LIST_DIR}/instruction_sets.cmake)

# ascend_sim_fuse_calls(<package> COMMAND <target> [<argument>...])
#
# Gives the package fused programs, which do at once what its kernels otherwise do call by call. As soon as
# the package's libraries and fast kernels are built, the executable <target> is run with the arguments, and
# launches the package's operators as they are typically launched. The calls that the kernels then make are
# recorded, and the programs are C++ loops made from these sequences.
#
# To be called after all npu_op_package_add.
function(ascend_sim_fuse_calls package)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "COMMAND")
  _asc_get(vendor PACKAGE_${package}_VENDOR)
  if(NOT vendor)
    message(FATAL_ERROR "ascend_sim_fuse_calls(${package}): call npu_op_package(${package} ...) first")
  endif()
  list(POP_FRONT ARG_COMMAND program)
  if(NOT TARGET "${program}")
    message(FATAL_ERROR "ascend_sim_fuse_calls(${package}) needs COMMAND with the target of an executable")
  endif()
  if(ASCEND_SIM_SANITIZE)  # the library has it, so the program needs its run time
    target_link_options(${program} PRIVATE -fsanitize=${ASCEND_SIM_SANITIZE})
  endif()

  set(folder ${CMAKE_BINARY_DIR}/${vendor}/fused_programs)
  set(recorded ${folder}/calls.txt)
  set(source ${folder}/programs.cpp)
  _asc_recording_profile(${folder}/platform_config/Host.ini)
  # Any of these would have the kernels make other calls than those of the fast build usually are.
  set(unset)
  foreach(variable AUTO_SYNC BLOCKS CHECKS FORCE_CHECKS ISA REPORT SCHEDULE SEED SOC)
    list(APPEND unset --unset=ASCEND_SIM_${variable})
  endforeach()
  _asc_get(called PACKAGE_${package}_CALLED)
  # The source is a byproduct, whose time is that of its last change: it is not compiled again if changed
  # kernels make the same calls.
  add_custom_command(
    OUTPUT ${folder}/recorded.stamp
    BYPRODUCTS ${source}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${recorded}
    COMMAND ${CMAKE_COMMAND} -E touch ${recorded}
    COMMAND ${CMAKE_COMMAND} -E env ${unset} ASCEND_SIM_PLATFORM_CONFIG=${folder}/platform_config
            OMP_NUM_THREADS=1 ASAN_OPTIONS=detect_leaks=0 ASCEND_SIM_RECORD_CALLS=${recorded}
            $<TARGET_FILE:${program}> ${ARG_COMMAND}
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C sort -u -o ${recorded} ${recorded}
    COMMAND ascend_sim_write_programs ${recorded} ${source}.new
    COMMAND ${CMAKE_COMMAND} -E copy_if_different ${source}.new ${source}
    COMMAND ${CMAKE_COMMAND} -E touch ${folder}/recorded.stamp
    DEPENDS ${program} ascend_sim_write_programs ascend_simulator ${called}
            ${folder}/platform_config/Host.ini
    COMMENT "Recording calls of ${package}'s kernels"
    VERBATIM)
  add_custom_target(${package}_recorded_calls DEPENDS ${folder}/recorded.stamp)

  set(objects)
  ascend_sim_instruction_sets(isas)
  foreach(isa ${isas})
    set(target ${package}_fused_programs_${isa})
    add_library(${target} OBJECT ${source})
    ascend_sim_compile_for(${target} ${isa})
    target_include_directories(${target} PRIVATE ${ASCEND_CANN_PACKAGE_PATH})
    add_dependencies(${target} ${package}_recorded_calls)
    list(APPEND objects $<TARGET_OBJECTS:${target}>)
  endforeach()
  add_library(${package}_fused_programs MODULE ${objects})
  target_link_libraries(${package}_fused_programs PRIVATE ascend_simulator)
  set_target_properties(${package}_fused_programs PROPERTIES
                        PREFIX "" OUTPUT_NAME fused_programs LINKER_LANGUAGE CXX)
  _asc_package_library(${package} op_impl/ai_core/tbe/kernel/simulator ${package}_fused_programs)
endfunction()

# The profile that calls are recorded on: the host's, but with fixed sizes, so that the machine of the build
# does not show. One core, so that nothing depends on which is first.
function(_asc_recording_profile file)
  file(READ ${ASCEND_CANN_PACKAGE_PATH}/platform_config/Host.ini profile)
  foreach(value ai_core_cnt=1 vector_core_cnt=1 l2_size=1048576 ub_size=262144)
    string(REGEX REPLACE "=.*" "" key ${value})
    string(REPLACE "\n${key}=auto" "\n${value}" profile "${profile}")
  endforeach()
  file(CONFIGURE OUTPUT ${file} CONTENT "${profile}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
               ${ASCEND_CANN_PACKAGE_PATH}/platform_config/Host.ini)
endfunction()
