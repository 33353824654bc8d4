// SPDX-License-Identifier: Apache-2.0
#include "describe.h"

#include "../core/launch_state.h"

namespace ascend_sim {

namespace {

// " (12 bytes past the end of `x`)": the argument that ends nearest before an address.
std::string DescribePlace(const Core& core, uintptr_t address)
{
    const KernelArgument* nearest = nullptr;
    uintptr_t distance = UINTPTR_MAX;
    for (const KernelArgument& argument : core.launch().arguments()) {
        const uintptr_t end = reinterpret_cast<uintptr_t>(argument.data) + argument.bytes;
        if (argument.data != nullptr && end <= address && address - end < distance) {
            nearest = &argument;
            distance = address - end;
        }
    }
    return nearest == nullptr
               ? ""
               : " (" + std::to_string(distance) + " bytes past the end of `" + nearest->name + "`)";
}

}  // namespace

std::string DescribeTensor(const Core& core, const Operand& operand)
{
    const Extent& extent = operand.extent;
    if (operand.space == Space::kUnifiedBuffer) {
        const std::string buffer =
            extent.buffer == kNoBuffer ? "" : "buffer " + std::to_string(extent.buffer) + ", ";
        return "UB tensor of " + std::to_string(extent.bytes) + " bytes (" + buffer + "made at " +
               DescribeWhere(extent.allocated) + ")";
    }
    for (const KernelArgument& argument : core.launch().arguments()) {
        if (argument.data != nullptr && reinterpret_cast<uintptr_t>(argument.data) == extent.begin) {
            return "GM tensor `" + argument.name + "` (" + std::to_string(argument.bytes) + " bytes)";
        }
    }
    return "global memory outside every argument of the launch" + DescribePlace(core, operand.address);
}

const char* DescribeAccess(Access access)
{
    switch (access) {
        case Access::kRead:
            return "reads";
        case Access::kWrite:
        case Access::kClobber:
            return "writes";
        default:
            return "accesses";
    }
}

std::string DescribeBytes(const LaunchState& launch, uintptr_t begin, uintptr_t end)
{
    const KernelArgument* argument = launch.FindArgument(begin);
    const uintptr_t base = argument == nullptr ? 0 : reinterpret_cast<uintptr_t>(argument->data);
    return "bytes [" + std::to_string(begin - base) + ", " + std::to_string(end - base) + ") of " +
           (argument == nullptr
                ? "global memory outside every argument of the launch"
                : "GM tensor `" + argument->name + "` (" + std::to_string(argument->bytes) + " bytes)");
}

Finding FindingAfterwards(const LaunchState& launch, const char* code, const std::string& message,
                          Where where, uint32_t block, uintptr_t address, const std::string& mend)
{
    Finding finding;
    finding.code = code;
    finding.message = message;
    finding.mend = mend;
    finding.kernel = launch.options().kernel;
    finding.file = where.file;
    finding.line = where.line;
    finding.block = block;
    finding.block_dim = launch.options().block_dim;
    if (const KernelArgument* argument = launch.FindArgument(address)) {
        finding.tensor.space = "GM";
        finding.tensor.name = argument->name;
        finding.tensor.address = reinterpret_cast<uintptr_t>(argument->data);
        finding.tensor.bytes = argument->bytes;
    }
    return finding;
}

}  // namespace ascend_sim
