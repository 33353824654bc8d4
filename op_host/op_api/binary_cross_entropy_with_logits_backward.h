// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/common_types.h"
#include "opdev/op_executor.h"

namespace l0op {

// Adds the launch of BinaryCrossEntropyWithLogitsBackward to the executor. Inputs are contiguous, gradOutput
// of target's dtype, weights float32 or null. Writes to `out` (of self's dtype) if it is not null, else to a
// tensor of its own; null is the error.
const aclTensor* BinaryCrossEntropyWithLogitsBackward(const aclTensor* gradOutput, const aclTensor* self,
                                                      const aclTensor* target, const aclTensor* weight,
                                                      const aclTensor* posWeight, int64_t reduction,
                                                      const aclTensor* out, aclOpExecutor* executor);

}  // namespace l0op
