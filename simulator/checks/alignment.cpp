// SPDX-License-Identifier: Apache-2.0
// misaligned: an address or a size that the instruction cannot take.
#include <string>

#include "checks.h"
#include "describe.h"

namespace ascend_sim {

namespace {

constexpr uint32_t kUnifiedBufferBlock = 32;

uint32_t RequiredAlignment(const Instruction& instruction, const Operand& operand)
{
    if (operand.alignment != 0) {
        return operand.alignment;
    }
    const bool block_wise = operand.space == Space::kUnifiedBuffer && instruction.pipe != Pipe::kScalar;
    return block_wise ? kUnifiedBufferBlock : 1;
}

class AlignmentCheck : public Observer {
    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        for (const Operand& operand : instruction.operands) {
            const uint32_t alignment = RequiredAlignment(instruction, operand);
            if (operand.address % alignment != 0) {
                return ReportAddress(core, instruction, operand, alignment);
            }
            if (operand.block_bytes % operand.block_multiple != 0) {
                return core.Report(
                    "misaligned",
                    std::string(instruction.name) + " takes whole multiples of " +
                        std::to_string(operand.block_multiple) + " bytes, but was asked for " +
                        std::to_string(operand.block_bytes) + " of " + DescribeTensor(core, operand),
                    instruction.where, &operand,
                    "round up the count where the tensor has room, or use a call that takes any size");
            }
        }
    }

    static void ReportAddress(const Core& core, const Instruction& instruction, const Operand& operand,
                              uint32_t alignment)
    {
        const std::string message =
            std::string(instruction.name) + " " + DescribeAccess(operand.access) + " at byte " +
            std::to_string(static_cast<ptrdiff_t>(operand.address - operand.extent.begin)) + " of " +
            DescribeTensor(core, operand) + ", which is not a multiple of " + std::to_string(alignment) +
            " bytes";
        if (operand.address % operand.element_bytes == 0) {
            core.Report("misaligned", message, instruction.where, &operand);
        } else {  // nor can the host load such an element
            core.ReportAndSkip("misaligned", message, instruction, &operand);
        }
    }
};

}  // namespace

std::unique_ptr<Observer> MakeAlignmentCheck()
{
    return std::make_unique<AlignmentCheck>();
}

}  // namespace ascend_sim
