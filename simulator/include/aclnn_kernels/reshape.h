// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/op_def.h"
#include "opdev/op_executor.h"
#include "opdev/shape_utils.h"

namespace l0op {

// A contiguous tensor under another shape with as many elements. Null on failure.
ASCEND_SIM_EXPORT const aclTensor* Reshape(const aclTensor* x, const op::Shape& shape,
                                           aclOpExecutor* executor);
ASCEND_SIM_EXPORT const aclTensor* Reshape(const aclTensor* x, const aclIntArray* shape,
                                           aclOpExecutor* executor);

}  // namespace l0op
