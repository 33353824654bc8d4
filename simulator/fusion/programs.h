// SPDX-License-Identifier: Apache-2.0
// The programs there are: what write_programs made of the sequences that calls were recorded to be.
//
// ASCEND_SIM_RECORD_CALLS names a file to which the sequences that could have a program are appended, a line
// for each; none is then run by one. ASCEND_SIM_FUSED=0 leaves all calls alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ascend_sim {

struct Sequence;

// Computes `groups` groups. Regions in the order of their numbers; a scalar for each call that has one.
using Program = void (*)(uint8_t* const* regions, const float* scalars, size_t groups);

// What a library of programs has for an instruction set, as ascend_sim_programs_<isa>: up to a null sequence.
struct ProgramEntry {
    const char* sequence;
    Program program;
};

// Adds the programs of a library. Throws std::runtime_error if it cannot be loaded.
void LoadPrograms(const std::string& path);

// The program of a sequence in the direction that is sound for so many groups, ascending if both are, for the
// instruction set of GetLanes(); null if there is none.
Program FindProgram(Sequence sequence, size_t groups);

// Whether ASCEND_SIM_RECORD_CALLS is set.
bool RecordsCalls();

// Changes whenever FindProgram may say something else.
uint32_t ProgramsVersion();

}  // namespace ascend_sim
