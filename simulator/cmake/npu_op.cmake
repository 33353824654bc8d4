# SPDX-License-Identifier: Apache-2.0
# CANN's functions for operator packages, with CANN's arguments, for the simulator.
#
# A package is laid out in ${CMAKE_BINARY_DIR}/vendors/<vendor> by the build, installed as vendors/<vendor>,
# and packed into custom_opp_<os>_<arch>.run by the target `package`.

include(${CMAKE_CURRENT_LIST_DIR}/headers.cmake)

# _asc_set(<name> <value>...) and _asc_get(<variable> <name>): what the functions below remember of each
# other.
function(_asc_set name)
  set_property(GLOBAL PROPERTY _ASC_${name} ${ARGN})
endfunction()

function(_asc_append name)
  set_property(GLOBAL APPEND PROPERTY _ASC_${name} ${ARGN})
endfunction()

macro(_asc_get variable name)
  get_property(${variable} GLOBAL PROPERTY _ASC_${name})
endmacro()

# Installs files into the package and copies them to where the build lays it out.
function(_asc_package_files package folder)
  _asc_get(vendor PACKAGE_${package}_VENDOR)
  set(destination vendors/${vendor})
  if(folder)
    string(APPEND destination /${folder})
  endif()
  file(COPY ${ARGN} DESTINATION ${CMAKE_BINARY_DIR}/${destination})
  install(FILES ${ARGN} DESTINATION ${destination} COMPONENT ${vendor})
endfunction()

# Installs a library into the package and builds it where the build lays the package out.
function(_asc_package_library package folder target)
  _asc_get(vendor PACKAGE_${package}_VENDOR)
  # From vendors/<vendor>/<folder> up to where simulator/ lies beside vendors/ in an installation.
  string(REGEX REPLACE "[^/]+" ".." up ${folder})
  set_target_properties(${target} PROPERTIES
                        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/vendors/${vendor}/${folder}
                        INSTALL_RPATH "$ORIGIN/${up}/../../simulator/lib")
  install(TARGETS ${target} LIBRARY DESTINATION vendors/${vendor}/${folder} COMPONENT ${vendor})
  add_dependencies(${vendor}_package_contents ${target})
endfunction()

# npu_op_package(<package> TYPE RUN [CONFIG <key> <value>...])
function(npu_op_package package)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TYPE" "CONFIG")
  if(NOT ARG_TYPE STREQUAL "RUN")
    message(FATAL_ERROR "npu_op_package(${package} TYPE ${ARG_TYPE}): only TYPE RUN is simulated")
  endif()
  set(config_VENDOR_NAME ${package})
  set(config_INSTALL_PATH ${CMAKE_BINARY_DIR})
  set(config_ENABLE_SOURCE_PACKAGE True)
  set(config_ENABLE_DEFAULT_PACKAGE_NAME_RULE True)
  while(ARG_CONFIG)
    list(POP_FRONT ARG_CONFIG key value)
    set(config_${key} ${value})
  endwhile()
  set(vendor ${config_VENDOR_NAME})
  _asc_set(PACKAGE_${package}_VENDOR ${vendor})
  _asc_set(PACKAGE_${package}_SOURCES ${config_ENABLE_SOURCE_PACKAGE})
  add_custom_target(${vendor}_package_contents ALL)

  file(WRITE ${CMAKE_BINARY_DIR}/${vendor}/version.info "custom_opp_compiler_version=simulator\n")
  _asc_package_files(${package} "" ${CMAKE_BINARY_DIR}/${vendor}/version.info)
  if(config_ENABLE_DEFAULT_PACKAGE_NAME_RULE)
    _asc_system_name(system)
    set(run custom_opp_${system}.run)
  else()
    set(run ${package}.run)
  endif()
  _asc_package_target(${vendor} ${config_INSTALL_PATH}/${run})
endfunction()

# <os>_<arch>, e.g. ubuntu_x86_64
function(_asc_system_name variable)
  set(os ${CMAKE_SYSTEM_NAME})
  if(EXISTS /etc/os-release)
    file(STRINGS /etc/os-release os REGEX "^ID=")
    string(REGEX REPLACE "^ID=|\"" "" os "${os}")
  endif()
  set(${variable} ${os}_${CMAKE_SYSTEM_PROCESSOR} PARENT_SCOPE)
endfunction()

# The target `package`: installs the package's component aside and packs it.
function(_asc_package_target vendor run)
  set(staged ${CMAKE_BINARY_DIR}/${vendor}/staged)
  set(pack ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/run_package/pack.sh)
  add_custom_target(
    package
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${staged}
    COMMAND ${CMAKE_COMMAND} --install ${CMAKE_BINARY_DIR} --prefix ${staged} --component ${vendor}
    COMMAND sh ${pack} ${vendor} ${staged} ${run}
    COMMENT "Packing ${run}"
    VERBATIM)
  add_dependencies(package ${vendor}_package_contents)
endfunction()

# npu_op_code_gen(SRC <file>... OUT_DIR <folder> PACKAGE <package> [COMPILE_OPTIONS <option>...]
#                 [OPTIONS <key> <value>...] [JOIN_OP_DEF True])
# Compiles the operator definitions and runs op_build on them, now: its output is what there is to build.
function(npu_op_code_gen)
  cmake_parse_arguments(PARSE_ARGV 0 ARG "" "OUT_DIR;PACKAGE;JOIN_OP_DEF;JOBS"
                        "SRC;COMPILE_OPTIONS;LINK_OPTIONS;OPTIONS")
  foreach(argument SRC OUT_DIR PACKAGE)
    if(NOT ARG_${argument})
      message(FATAL_ERROR "npu_op_code_gen needs ${argument}")
    endif()
  endforeach()
  message(STATUS "Generating code from operator definitions")
  file(MAKE_DIRECTORY ${ARG_OUT_DIR})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARG_SRC})
  set(definitions ${ARG_OUT_DIR}/libascend_all_ops.so)
  # Bound lazily, because op_build has no tiling: the functions that tiling calls are never reached.
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -std=c++17 -O0 -fPIC -shared -Wl,-z,lazy
                          -I${ASCEND_CANN_PACKAGE_PATH}/include ${ARG_COMPILE_OPTIONS} ${ARG_SRC}
                          ${ARG_LINK_OPTIONS} -o ${definitions}
                  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
                  ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "The operator definitions do not compile:\n${error}")
  endif()
  set(environment)
  while(ARG_OPTIONS)
    list(POP_FRONT ARG_OPTIONS key value)
    list(APPEND environment ${key}=${value})
  endwhile()
  set(compute_units --compute_unit=${ASCEND_COMPUTE_UNIT})
  if(ARG_JOIN_OP_DEF)
    set(compute_units)
  endif()
  execute_process(COMMAND ${CMAKE_COMMAND} -E env ${environment}
                          ${ASC_OP_BUILD} ${definitions} ${ARG_OUT_DIR} "${compute_units}"
                  ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${error}")
  endif()
  _asc_append(PACKAGE_${ARG_PACKAGE}_GENERATED ${ARG_OUT_DIR})
endfunction()

# npu_op_library(<target> ACLNN|TILING|GRAPH <file>...)
function(npu_op_library target type)
  set(definitions_TILING OP_TILING_LIB)
  set(definitions_GRAPH OP_PROTO_LIB)
  if(NOT type MATCHES "^(ACLNN|TILING|GRAPH)$")
    message(FATAL_ERROR "npu_op_library(${target} ${type}): only ACLNN, TILING and GRAPH are simulated")
  endif()
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "" "CONFIG")
  add_library(${target} OBJECT ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${target} PRIVATE intf_pub)
  target_compile_definitions(${target} PRIVATE ${definitions_${type}})
  if(type STREQUAL "ACLNN")  # what op_build writes is op_api code
    target_include_directories(${target} PRIVATE ${ASCEND_CANN_PACKAGE_PATH}/include/aclnn)
  endif()
  _asc_set(LIBRARY_${target}_TYPE ${type})
endfunction()

# npu_op_kernel_sources(<target> [OP_TYPE <type> KERNEL_FILE <file>] [KERNEL_DIR <folder>]
#                       [COMPUTE_UNIT <unit>...])
function(npu_op_kernel_sources target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "OP_TYPE;KERNEL_FILE;KERNEL_DIR" "COMPUTE_UNIT")
  if((ARG_OP_TYPE AND NOT ARG_KERNEL_FILE) OR (ARG_KERNEL_FILE AND NOT ARG_OP_TYPE))
    message(FATAL_ERROR "npu_op_kernel_sources(${target}): OP_TYPE and KERNEL_FILE go together")
  endif()
  # A file for other compute units than the first, which the simulator builds kernels for, is of no concern.
  list(GET ASCEND_COMPUTE_UNIT 0 built)
  if(ARG_COMPUTE_UNIT AND NOT built IN_LIST ARG_COMPUTE_UNIT)
    return()
  endif()
  if(NOT DEFINED ARG_OP_TYPE)
    set(ARG_OP_TYPE ALL)
  endif()
  _asc_set(KERNELS_${target}_FILE_${ARG_OP_TYPE} ${ARG_KERNEL_FILE})
  _asc_set(KERNELS_${target}_FOLDER_${ARG_OP_TYPE} ${ARG_KERNEL_DIR})
endfunction()

# npu_op_kernel_options(<target> ALL|<op type> [COMPUTE_UNIT <unit>...] OPTIONS <option>...)
# Options for the device's compiler that mean nothing to the host's are left out.
function(npu_op_kernel_options target op_type)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "" "COMPUTE_UNIT;OPTIONS")
  list(FILTER ARG_OPTIONS INCLUDE REGEX "^-(D|U|I|O|W|g|std=)")
  _asc_append(KERNELS_${target}_OPTIONS_${op_type} ${ARG_OPTIONS})
endfunction()

# npu_op_kernel_library(<target> SRC_BASE <folder> TILING_LIBRARY <target>)
function(npu_op_kernel_library target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "SRC_BASE;TILING_LIBRARY" "")
  foreach(argument SRC_BASE TILING_LIBRARY)
    if(NOT ARG_${argument})
      message(FATAL_ERROR "npu_op_kernel_library(${target}) needs ${argument}")
    endif()
  endforeach()
  _asc_set(LIBRARY_${target}_TYPE KERNEL)
  _asc_set(KERNELS_${target}_SRC_BASE ${ARG_SRC_BASE})
endfunction()

function(npu_op_device_tiling_library target)
  message(FATAL_ERROR "npu_op_device_tiling_library(${target}): tiling on the device is not simulated; build "
                      "the tiling into the package's TILING library only")
endfunction()

# npu_op_package_add(<package> LIBRARY <target>...)
# npu_op_package_add(<package> FILES <file>... [TYPE ACLNN|GRAPH] [PACKAGE_PATH <folder>])
function(npu_op_package_add package)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "PACKAGE_PATH;TYPE" "LIBRARY;FILES")
  _asc_get(vendor PACKAGE_${package}_VENDOR)
  if(NOT vendor)
    message(FATAL_ERROR "npu_op_package_add(${package}): call npu_op_package(${package} ...) first")
  endif()
  if(ARG_FILES)
    set(folder_ACLNN op_api/include)
    set(folder_GRAPH op_proto/inc)
    if(ARG_TYPE)
      set(ARG_PACKAGE_PATH ${folder_${ARG_TYPE}})
    endif()
    if(NOT ARG_PACKAGE_PATH)
      message(FATAL_ERROR "npu_op_package_add(${package} FILES ...): say where with TYPE ACLNN, TYPE GRAPH or "
                          "PACKAGE_PATH")
    endif()
    _asc_package_files(${package} ${ARG_PACKAGE_PATH} ${ARG_FILES})
  endif()
  foreach(library ${ARG_LIBRARY})
    _asc_get(type LIBRARY_${library}_TYPE)
    if(NOT type)
      message(FATAL_ERROR "npu_op_package_add(${package} LIBRARY ${library}): ${library} was not made by "
                          "npu_op_library or npu_op_kernel_library")
    endif()
    cmake_language(CALL _asc_package_add_${type} ${package} ${library})
  endforeach()
endfunction()

# A shared library of the package out of the objects of `library`.
function(_asc_package_objects package library name folder)
  set(target ${package}_${name})
  add_library(${target} SHARED $<TARGET_OBJECTS:${library}> ${ARGN})
  target_link_libraries(${target} PRIVATE intf_pub)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name})
  _asc_package_library(${package} ${folder} ${target})
endfunction()

function(_asc_package_add_ACLNN package library)
  _asc_get(generated PACKAGE_${package}_GENERATED)
  foreach(folder ${generated})
    file(GLOB headers ${folder}/aclnn*.h)
    if(headers)
      _asc_package_files(${package} op_api/include ${headers})
    endif()
  endforeach()
  set(register ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/register_package.cpp)
  ascend_sim_headers(headers ${ASCEND_CANN_PACKAGE_PATH})
  set_source_files_properties(${register} PROPERTIES COMPILE_DEFINITIONS ASCEND_SIM_HEADERS="${headers}")
  _asc_package_objects(${package} ${library} cust_opapi op_api/lib ${register})
endfunction()

function(_asc_package_add_TILING package library)
  _asc_package_objects(${package} ${library} cust_opmaster_rt2.0
                       op_impl/ai_core/tbe/op_tiling/lib/linux/${CMAKE_SYSTEM_PROCESSOR})
endfunction()

function(_asc_package_add_GRAPH package library)
  _asc_get(generated PACKAGE_${package}_GENERATED)
  foreach(folder ${generated})
    _asc_package_files(${package} op_proto/inc ${folder}/op_proto.h)
  endforeach()
  _asc_package_objects(${package} ${library} cust_opsproto_rt2.0 op_proto/lib/linux/${CMAKE_SYSTEM_PROCESSOR})
endfunction()

function(_asc_package_add_KERNEL package library)
  _asc_get(vendor PACKAGE_${package}_VENDOR)
  _asc_get(generated PACKAGE_${package}_GENERATED)
  _asc_get(sources PACKAGE_${package}_SOURCES)
  _asc_get(base KERNELS_${library}_SRC_BASE)
  set(folder op_impl/ai_core/tbe)
  list(GET ASCEND_COMPUTE_UNIT 0 built)
  set(infos)
  foreach(generated_folder ${generated})
    foreach(unit ${ASCEND_COMPUTE_UNIT})
      if(EXISTS ${generated_folder}/aic-${unit}-ops-info.json)
        _asc_package_files(${package} ${folder}/config/${unit} ${generated_folder}/aic-${unit}-ops-info.json)
      endif()
    endforeach()
    file(READ ${generated_folder}/aic-${built}-ops-info.ini info)
    string(APPEND infos "${info}")
    include(${generated_folder}/simulator_kernels.cmake)
    foreach(op_type ${ASCEND_SIM_OP_TYPES})
      _asc_add_operator(${package} ${library} ${op_type})
    endforeach()
  endforeach()
  file(WRITE ${CMAKE_BINARY_DIR}/${vendor}/ops-info.ini "${infos}")
  _asc_package_files(${package} ${folder}/kernel/simulator ${CMAKE_BINARY_DIR}/${vendor}/ops-info.ini)
  if(sources)
    install(DIRECTORY ${base}/ DESTINATION vendors/${vendor}/${folder}/${vendor}_impl/dynamic
            COMPONENT ${vendor} FILES_MATCHING PATTERN "*.cpp" PATTERN "*.h")
  endif()
endfunction()

# The kernels of one operator: for each column of data types a fast and a checked one.
function(_asc_add_operator package library op_type)
  set(file ${ASCEND_SIM_OP_${op_type}_FILE})
  _asc_get(base KERNELS_${library}_SRC_BASE)
  foreach(name ALL ${op_type})
    foreach(what FILE FOLDER)
      _asc_get(value KERNELS_${library}_${what}_${name})
      if(value)
        set(source_${what} ${value})
      endif()
    endforeach()
    _asc_get(value KERNELS_${library}_OPTIONS_${name})
    list(APPEND options ${value})
  endforeach()
  if(NOT source_FILE)
    set(source_FILE ${file}.cpp)
  endif()
  get_filename_component(source "${base}/${source_FOLDER}/${source_FILE}" ABSOLUTE)
  if(NOT EXISTS ${source})
    message(FATAL_ERROR "The kernel of ${op_type} should be in ${source}; npu_op_kernel_sources can say "
                        "otherwise")
  endif()
  if(ASCEND_SIM_OP_${op_type}_TILING_HEADER)
    list(APPEND options -include ${ASCEND_SIM_OP_${op_type}_TILING_HEADER})
  endif()
  if(ASCEND_SIM_OP_${op_type}_ENTRY)
    list(APPEND options "-DASCEND_SIM_KERNEL_SOURCE=\"${source}\"")
    set(source ${ASCEND_SIM_OP_${op_type}_ENTRY})
  endif()
  math(EXPR last "${ASCEND_SIM_OP_${op_type}_COLUMNS} - 1")
  foreach(column RANGE ${last})
    foreach(mode fast checked)
      set(target ${package}_${file}_${column}_${mode})
      set(defines ${ASCEND_SIM_OP_${op_type}_DEFINES_${column}})
      _asc_add_kernel(${target} ${source} ${mode} "${defines}" "${options}")
      set_target_properties(${target} PROPERTIES OUTPUT_NAME ${file}_${column})
      _asc_package_library(${package} op_impl/ai_core/tbe/kernel/simulator/${mode}/${file} ${target})
    endforeach()
  endforeach()
endfunction()

function(_asc_add_kernel target source mode defines options)
  add_library(${target} MODULE ${source})
  target_compile_definitions(${target} PRIVATE
                             ASCENDC_CPU_DEBUG=1 __CCE_KT_TEST__=1 ASCENDC_TPL_KERNEL ${defines}
                             $<$<STREQUAL:${mode},checked>:ASCEND_SIM_CHECKED>)
  # Fast and checked kernels of one name live in one process: nothing of them may be shared.
  target_compile_options(${target} PRIVATE -O2 -fvisibility=hidden -fvisibility-inlines-hidden -fno-gnu-unique
                         -ffp-contract=off ${options})
  target_include_directories(${target} PRIVATE ${ASCEND_CANN_PACKAGE_PATH}/include)
  target_link_libraries(${target} PRIVATE ascend_simulator)
  set_target_properties(${target} PROPERTIES PREFIX "")
endfunction()
