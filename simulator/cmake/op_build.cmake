# SPDX-License-Identifier: Apache-2.0
# Builds op_build while the project is being configured, because its output decides what there is to build.
# Sets ASC_OP_BUILD.
set(_op_build_folder ${CMAKE_BINARY_DIR}/op_build)
message(STATUS "Building op_build")
function(_asc_cmake)
  execute_process(COMMAND ${CMAKE_COMMAND} ${ARGN}
                  OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "op_build cannot be built:\n${output}")
  endif()
endfunction()
_asc_cmake(-S ${ASCEND_CANN_PACKAGE_PATH}/opbuild -B ${_op_build_folder} -G ${CMAKE_GENERATOR}
           -DCMAKE_MAKE_PROGRAM=${CMAKE_MAKE_PROGRAM} -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}
           -DCMAKE_RUNTIME_OUTPUT_DIRECTORY=${CMAKE_BINARY_DIR}/simulator/tools/opbuild)
_asc_cmake(--build ${_op_build_folder} --parallel 2)
set(ASC_OP_BUILD ${CMAKE_BINARY_DIR}/simulator/tools/opbuild/op_build)
install(PROGRAMS ${ASC_OP_BUILD} DESTINATION simulator/tools/opbuild COMPONENT simulator)
