// SPDX-License-Identifier: Apache-2.0
#include "describe.h"

#include <cstring>

#include "../core/launch_state.h"

namespace ascend_sim {

std::string DescribeTensor(const Core& core, const Operand& operand)
{
    const Extent& extent = operand.extent;
    if (operand.space == Space::kUnifiedBuffer) {
        return "UB tensor of " + std::to_string(extent.bytes) + " bytes (buffer " +
               std::to_string(extent.buffer) + ", made at " + DescribeWhere(extent.allocated) + ")";
    }
    for (const KernelArgument& argument : core.launch().arguments()) {
        if (argument.data != nullptr && reinterpret_cast<uintptr_t>(argument.data) == extent.begin) {
            return "GM tensor `" + argument.name + "` (" + std::to_string(argument.bytes) + " bytes)";
        }
    }
    return "global memory outside every argument of the launch";
}

const char* DescribeAccess(Access access)
{
    switch (access) {
        case Access::kRead:
            return "reads";
        case Access::kWrite:
            return "writes";
        default:
            return "accesses";
    }
}

std::string DescribeWhere(Where where)
{
    const char* slash = std::strrchr(where.file, '/');
    return std::string(slash != nullptr ? slash + 1 : where.file) + ":" + std::to_string(where.line);
}

}  // namespace ascend_sim
