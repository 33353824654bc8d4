# SPDX-License-Identifier: Apache-2.0
# What loops over elements are compiled for: the simulator's own (lanes/) and the fused programs of a package.

# ascend_sim_instruction_sets(<variable>): their names, the ones that every processor has first.
function(ascend_sim_instruction_sets variable)
  set(names baseline)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND names avx2 avx512)
  endif()
  set(${variable} ${names} PARENT_SCOPE)
endfunction()

# ascend_sim_compile_for(<target> <instruction set>): the same source for each, with -DASCEND_SIM_ISA=<name>.
#
# -ffp-contract=off keeps the bits the same on each; the other two flags change no result, they let the
# compiler vectorise square roots and selections although those could set errno or raise a flag that nobody
# reads.
function(ascend_sim_compile_for target isa)
  set(flags_avx2 -mavx2 -mfma -mf16c)
  set(flags_avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -mf16c -mprefer-vector-width=512)
  target_compile_features(${target} PRIVATE cxx_std_17)
  target_compile_options(${target} PRIVATE
                         -O3 -fPIC -fvisibility=hidden -ffp-contract=off -fno-math-errno -fno-trapping-math
                         ${flags_${isa}})
  target_compile_definitions(${target} PRIVATE ASCEND_SIM_ISA=${isa})
endfunction()
