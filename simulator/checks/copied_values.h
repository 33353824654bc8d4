// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>

#include "../core/core.h"

namespace ascend_sim {

// Whether a copy that is about to be executed writes the values into [begin, end), a part of its destination,
// that are there already. Where instructions may take effect later, those before it in its pipe do now.
inline bool CopiesWhatIsThere(const Core& core, const Instruction& instruction, uintptr_t begin,
                              uintptr_t end)
{
    const std::vector<Operand>& operands = instruction.operands;
    const bool copies = instruction.pipe == Pipe::kMte2 || instruction.pipe == Pipe::kMte3;
    if (!copies || operands.size() != 2 || operands[0].block_bytes != operands[1].block_bytes) {
        return false;
    }
    core.Settle(instruction.pipe);
    for (uint32_t block = 0; block < operands[0].blocks; ++block) {
        const auto at = [block](const Operand& operand) {
            return operand.address + static_cast<uintptr_t>(block * operand.block_stride);
        };
        const uintptr_t target = at(operands[0]);
        const uintptr_t from = std::max(begin, target);
        const uintptr_t to = std::min(end, target + operands[0].block_bytes);
        const uintptr_t source = at(operands[1]) + (from - target);
        if (from < to && std::memcmp(reinterpret_cast<const void*>(from),
                                     reinterpret_cast<const void*>(source), to - from) != 0) {
            return false;
        }
    }
    return true;
}

}  // namespace ascend_sim
