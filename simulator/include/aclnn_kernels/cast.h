// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/make_op_executor.h"
#include "opdev/op_executor.h"

namespace l0op {

// `self` in another data type, correctly rounded to nearest even; `self` itself if it has that type. Null on
// failure.
ASCEND_SIM_EXPORT const aclTensor* Cast(const aclTensor* self, op::DataType dst_dtype,
                                        aclOpExecutor* executor);

}  // namespace l0op
