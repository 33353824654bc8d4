// SPDX-License-Identifier: Apache-2.0
// Copies between strided views and conversions between data types, in host loops.
#pragma once

#include <cstddef>

#include "opdev/common_types.h"

namespace ascend_sim {

// Whether Convert knows both types.
bool CanConvert(op::DataType from, op::DataType to);

// Converts `count` contiguous elements, rounding to nearest even. Floating point to integers truncates and
// saturates; NaN gives 0. The arrays may be the same if the types are.
void Convert(void* to, op::DataType to_type, const void* from, op::DataType from_type, size_t count);

// Copies the elements of a view to another of the same shape and element size, both with memory that must not
// overlap.
void CopyView(const aclTensor& to, const aclTensor& from);

}  // namespace ascend_sim
