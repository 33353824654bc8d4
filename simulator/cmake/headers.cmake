# SPDX-License-Identifier: Apache-2.0
# ascend_sim_headers(<variable> <simulator folder>): a number for the headers that kernels and operator packages
# are compiled with. The library has it, each package has it, and one that was built with other headers is
# refused by name instead of being read wrongly.
function(ascend_sim_headers variable folder)
  set(all)
  foreach(part include core fusion lanes)
    file(REAL_PATH ${folder}/${part} part_folder)
    file(GLOB_RECURSE headers RELATIVE ${part_folder} CONFIGURE_DEPENDS ${part_folder}/*.h)
    foreach(header ${headers})
      file(SHA256 ${part_folder}/${header} hash)
      string(APPEND all "${part}/${header} ${hash}\n")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${part_folder}/${header})
    endforeach()
  endforeach()
  string(SHA256 all "${all}")
  string(SUBSTRING ${all} 0 16 all)
  set(${variable} ${all} PARENT_SCOPE)
endfunction()
