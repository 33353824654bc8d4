// SPDX-License-Identifier: Apache-2.0
// ub-out-of-bounds, gm-out-of-bounds: an instruction touches bytes outside the tensor it was given.
#include <algorithm>
#include <string>

#include "../core/launch_state.h"
#include "checks.h"
#include "describe.h"

namespace ascend_sim {

namespace {

struct Range {
    uintptr_t begin;
    uintptr_t end;
};

// The smallest range that holds every byte of the operand.
Range Touched(const Operand& operand)
{
    const auto span = [](uint32_t count, ptrdiff_t stride) {
        return static_cast<ptrdiff_t>(count - 1) * stride;
    };
    const ptrdiff_t blocks = span(operand.blocks, operand.block_stride);
    const ptrdiff_t repeats = span(operand.repeats, operand.repeat_stride);
    const ptrdiff_t lowest = std::min<ptrdiff_t>(blocks, 0) + std::min<ptrdiff_t>(repeats, 0);
    const ptrdiff_t highest = std::max<ptrdiff_t>(blocks, 0) + std::max<ptrdiff_t>(repeats, 0);
    return {operand.address + static_cast<uintptr_t>(lowest),
            operand.address + static_cast<uintptr_t>(highest) + operand.block_bytes};
}

class BoundsCheck : public Observer {
    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        for (const Operand& operand : instruction.operands) {
            if (operand.block_bytes > 0 && operand.blocks > 0 && operand.repeats > 0) {
                Check(core, instruction, operand);
            }
        }
    }

    static void Check(const Core& core, const Instruction& instruction, const Operand& operand)
    {
        const Range touched = Touched(operand);
        const uintptr_t begin = operand.extent.begin;
        const uintptr_t end = begin + operand.extent.bytes;
        if (touched.begin >= begin && touched.end <= end) {
            return;
        }
        const bool local = operand.space == Space::kUnifiedBuffer;
        std::string mend;
        std::string message = std::string(instruction.name) + " " + DescribeAccess(operand.access) + " ";
        if (begin == 0) {
            message += DescribeTensor(core, operand);
            mend = local ? "allocate the tensor"
                         : "compute the address from a parameter of the kernel, within its size";
        } else {
            // Signed, since a tensor may also be left at its front.
            message += "bytes [" + std::to_string(static_cast<ptrdiff_t>(touched.begin - begin)) + ", " +
                       std::to_string(static_cast<ptrdiff_t>(touched.end - begin)) + ") of " +
                       DescribeTensor(core, operand) + ": ";
            message += touched.end > end ? std::to_string(touched.end - end) + " past its end"
                                         : std::to_string(begin - touched.begin) + " before its begin";
        }
        core.ReportAndSkip(local ? "ub-out-of-bounds" : "gm-out-of-bounds", message, instruction, &operand,
                           mend);
    }
};

}  // namespace

std::unique_ptr<Observer> MakeBoundsCheck()
{
    return std::make_unique<BoundsCheck>();
}

}  // namespace ascend_sim
