// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>

#include "opdev/common_types.h"

namespace op {

inline bool CheckType(DataType type, const std::initializer_list<DataType>& valid_types)
{
    return std::find(valid_types.begin(), valid_types.end(), type) != valid_types.end();
}

ASCEND_SIM_EXPORT bool IsFloatingType(DataType type);
ASCEND_SIM_EXPORT bool IsIntegralType(DataType type);
ASCEND_SIM_EXPORT bool IsIntegralType(DataType type, bool include_bool);
ASCEND_SIM_EXPORT bool IsComplexType(DataType type);

// The type of the result of an operation on tensors of two types; DT_UNDEFINED if there is none. float16 and
// bfloat16 together give float32.
ASCEND_SIM_EXPORT DataType PromoteType(DataType a, DataType b);
// Whether a result may be written to an output of that type: not from complex to real, from floating point to
// integers, or from numbers to bool.
ASCEND_SIM_EXPORT bool CanCast(DataType from, DataType to);

// Bytes of one element; 0 for types without a size of whole bytes.
ASCEND_SIM_EXPORT size_t TypeSize(DataType type);

inline DataType ToOpDataType(aclDataType type)
{
    return type == ACL_DT_UNDEFINED ? DataType::DT_UNDEFINED : static_cast<DataType>(type);
}
inline aclDataType ToAclDataType(DataType type)
{
    return type == DataType::DT_UNDEFINED ? ACL_DT_UNDEFINED : static_cast<aclDataType>(type);
}

// "DT_FLOAT", and "[DT_FLOAT,DT_FLOAT16]".
ASCEND_SIM_EXPORT ge::AscendString ToString(DataType type);
ASCEND_SIM_EXPORT ge::AscendString ToString(const std::initializer_list<DataType>& types);

}  // namespace op
