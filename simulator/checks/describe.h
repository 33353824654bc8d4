// SPDX-License-Identifier: Apache-2.0
// Words for findings.
#pragma once

#include <string>

#include "../core/observer.h"
#include "../core/pipe_names.h"

namespace ascend_sim {

// "GM tensor `x` (40 bytes)" or "UB tensor of 256 bytes (buffer 3, made at add.cpp:31)".
std::string DescribeTensor(const Core& core, const Operand& operand);

// "reads" or "writes" or "accesses".
const char* DescribeAccess(Access access);

}  // namespace ascend_sim
