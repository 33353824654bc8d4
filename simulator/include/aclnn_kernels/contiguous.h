// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/common_types.h"
#include "opdev/op_def.h"
#include "opdev/op_executor.h"

namespace l0op {

// `x` with its elements one behind the other; `x` itself if they are. Null on failure.
ASCEND_SIM_EXPORT const aclTensor* Contiguous(const aclTensor* x, aclOpExecutor* executor);

// Writes `x` to the view `y`, which may be strided. Gives `y`, null on failure.
ASCEND_SIM_EXPORT const aclTensor* ViewCopy(const aclTensor* x, const aclTensor* y, aclOpExecutor* executor);

}  // namespace l0op
