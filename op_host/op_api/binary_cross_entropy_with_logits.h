// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/common_types.h"
#include "opdev/op_executor.h"

namespace l0op {

// Adds the launch of BinaryCrossEntropyWithLogits to the executor. Inputs are contiguous, weights float32 or
// null. Writes to `out` (of target's dtype) if it is not null, else to a tensor of its own; null is the
// error.
const aclTensor* BinaryCrossEntropyWithLogits(const aclTensor* self, const aclTensor* target,
                                              const aclTensor* weight, const aclTensor* posWeight,
                                              int64_t reduction, const aclTensor* out,
                                              aclOpExecutor* executor);

}  // namespace l0op
