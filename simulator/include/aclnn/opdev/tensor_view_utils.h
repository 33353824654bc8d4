// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/common_types.h"

namespace op {

// Whether the elements of the view lie one behind the other, in order. True of empty tensors and single
// elements.
ASCEND_SIM_EXPORT bool IsContiguous(const aclTensor* tensor);

}  // namespace op
