// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>

#include "../core/instruction.h"

namespace ascend_sim {

// Calls visit(begin, end) for the bytes of an operand, in as few ranges as lie side by side. What is outside
// its tensor is nobody's, or another's that happens to lie there: it is not executed, and not visited.
template <class Visit>
void ForEachRange(const Operand& operand, Visit&& visit_bytes)
{
    if (operand.block_bytes == 0 || operand.blocks == 0) {
        return;
    }
    const auto visit = [&](uintptr_t begin, uintptr_t end) {
        begin = std::max(begin, operand.extent.begin);
        end = std::min(end, operand.extent.begin + operand.extent.bytes);
        if (begin < end) {
            visit_bytes(begin, end);
        }
    };
    const auto bytes = static_cast<ptrdiff_t>(operand.block_bytes);
    const bool one_row = operand.blocks == 1 || operand.block_stride == bytes;
    const ptrdiff_t row_bytes = bytes * operand.blocks;
    if (one_row && (operand.repeats == 1 || operand.repeat_stride == row_bytes)) {
        visit(operand.address, operand.address + static_cast<uintptr_t>(row_bytes) * operand.repeats);
        return;
    }
    for (uint32_t repeat = 0; repeat < operand.repeats; ++repeat) {
        const uintptr_t row = operand.address + static_cast<uintptr_t>(repeat * operand.repeat_stride);
        if (one_row) {
            visit(row, row + static_cast<uintptr_t>(row_bytes));
            continue;
        }
        for (uint32_t block = 0; block < operand.blocks; ++block) {
            const uintptr_t begin = row + static_cast<uintptr_t>(block * operand.block_stride);
            visit(begin, begin + operand.block_bytes);
        }
    }
}

// Whether an operand is where all blocks signal to each other that they have met, in no certain order.
inline bool IsSignals(const Instruction& instruction, const Operand& operand)
{
    return operand.space == Space::kGlobalMemory && std::strcmp(instruction.name, "SyncAll") == 0;
}

}  // namespace ascend_sim
