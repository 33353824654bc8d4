# SPDX-License-Identifier: Apache-2.0
# find_package(ASC) without CANN: the npu_op_* functions on top of the simulator.
#
# Sets, as CANN's own package does:
#   ASCEND_CANN_PACKAGE_PATH   the folder whose include/ holds CANN's headers
#   ASCEND_AUTOGEN_PATH        where npu_op_code_gen may write
#   ASCEND_COMPUTE_UNIT        unless the project has set it
# Found in the source tree, it builds the simulator as part of the project; found in an installation, it uses
# that.
if(TARGET ascend_simulator)
  return()
endif()
cmake_policy(VERSION 3.22)

get_filename_component(ASCEND_CANN_PACKAGE_PATH ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set(ASCEND_AUTOGEN_PATH ${CMAKE_BINARY_DIR}/autogen)
file(MAKE_DIRECTORY ${ASCEND_AUTOGEN_PATH})
if(NOT ASCEND_COMPUTE_UNIT)
  set(ASCEND_COMPUTE_UNIT ascend910b)
endif()
if(NOT vendor_name)
  set(vendor_name customize)
endif()
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

if(EXISTS ${ASCEND_CANN_PACKAGE_PATH}/CMakeLists.txt)
  message(STATUS "No CANN: building for the simulator in ${ASCEND_CANN_PACKAGE_PATH}")
  add_subdirectory(${ASCEND_CANN_PACKAGE_PATH} ${CMAKE_BINARY_DIR}/simulator)
  include(${CMAKE_CURRENT_LIST_DIR}/op_build.cmake)
else()
  message(STATUS "No CANN: building for the simulator installed in ${ASCEND_CANN_PACKAGE_PATH}")
  add_library(ascend_simulator SHARED IMPORTED GLOBAL)
  set_target_properties(ascend_simulator PROPERTIES
                        IMPORTED_LOCATION ${ASCEND_CANN_PACKAGE_PATH}/lib/libascend_simulator.so
                        INTERFACE_INCLUDE_DIRECTORIES ${ASCEND_CANN_PACKAGE_PATH}/include
                        INTERFACE_COMPILE_FEATURES cxx_std_17)
  set(ASC_OP_BUILD ${ASCEND_CANN_PACKAGE_PATH}/tools/opbuild/op_build)
  add_executable(ascend_sim_write_programs IMPORTED GLOBAL)
  set_target_properties(ascend_sim_write_programs PROPERTIES
                        IMPORTED_LOCATION ${ASCEND_CANN_PACKAGE_PATH}/tools/fusion/write_programs)
endif()

# What every host library of an operator package is compiled with.
add_library(intf_pub INTERFACE)
target_compile_options(intf_pub INTERFACE
                       -O2 -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -ffp-contract=off)
target_include_directories(intf_pub INTERFACE ${ASCEND_CANN_PACKAGE_PATH}/include)
target_link_libraries(intf_pub INTERFACE ascend_simulator)

# CANN's libraries that a project may link by name: the simulator is all of them.
foreach(_library ascendcl nnopbase opapi exe_graph register tiling_api graph graph_base metadef platform)
  if(NOT TARGET ${_library})
    add_library(${_library} INTERFACE)
    target_link_libraries(${_library} INTERFACE ascend_simulator)
  endif()
endforeach()
unset(_library)

include(${CMAKE_CURRENT_LIST_DIR}/npu_op.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/fuse_calls.cmake)
