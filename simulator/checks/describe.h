// SPDX-License-Identifier: Apache-2.0
// Words for findings.
#pragma once

#include <string>

#include "../core/finding.h"
#include "../core/observer.h"
#include "../core/pipe_names.h"

namespace ascend_sim {

// "GM tensor `x` (40 bytes)" or "UB tensor of 256 bytes (buffer 3, made at add.cpp:31)".
std::string DescribeTensor(const Core& core, const Operand& operand);

// "reads" or "writes" or "accesses".
const char* DescribeAccess(Access access);

// "bytes [0, 32) of GM tensor `x` (40 bytes)"
std::string DescribeBytes(const LaunchState& launch, uintptr_t begin, uintptr_t end);

// A finding on the argument that `address` lies in, made when all blocks have ended.
Finding FindingAfterwards(const LaunchState& launch, const char* code, const std::string& message,
                          Where where, uint32_t block, uintptr_t address, const std::string& mend = "");

}  // namespace ascend_sim
