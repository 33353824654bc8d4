// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/common_types.h"
#include "opdev/data_type_utils.h"

namespace op {

// "[2,3]"
ASCEND_SIM_EXPORT ge::AscendString ToString(const Shape& shape);
ASCEND_SIM_EXPORT ge::AscendString ToString(const Strides& strides);
ASCEND_SIM_EXPORT void ToShape(const int64_t* dims, uint64_t count, Shape& shape);
ASCEND_SIM_EXPORT void ToShape(const ShapeVector& dims, Shape& shape);
ASCEND_SIM_EXPORT ShapeVector ToShapeVector(const Shape& shape);

// Whether two shapes broadcast to one, which BroadcastInferShape gives.
ASCEND_SIM_EXPORT bool CheckBroadcastShape(const Shape& a, const Shape& b);
ASCEND_SIM_EXPORT bool BroadcastInferShape(const Shape& a, const Shape& b, Shape& result);

}  // namespace op
