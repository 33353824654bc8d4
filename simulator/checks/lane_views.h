// SPDX-License-Identifier: Apache-2.0
// Which lane of one operand meets which lane of another.
#pragma once

#include <cstdint>
#include <vector>

#include "../core/instruction.h"

namespace ascend_sim {

// Elements that lie side by side.
struct Run {
    uintptr_t address = 0;
    size_t elements = 0;

    bool operator==(const Run& other) const { return address == other.address && elements == other.elements; }
};

// One tensor of a vector instruction: its lanes in the order in which the instruction takes them.
struct LaneView {
    const Operand* operand = nullptr;  // the first that belongs to it
    std::vector<Run> runs;
    std::vector<size_t> repeats;  // index of the first run of every repeat
};

// The tensors of an instruction that computes lane i of its destination from lane i of each source;
// destination first. Empty for any other instruction. `count` is how many of its operands to look at.
std::vector<LaneView> MakeLaneViews(const Instruction& instruction, size_t count);

}  // namespace ascend_sim
