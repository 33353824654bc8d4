// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "exe_graph/runtime/continuous_vector.h"

namespace gert {

// The attributes of a node in the order of the operator definition. Getters return null for an index that is
// not there; that the type is right is the caller's business, as on CANN.
class RuntimeAttrs {
public:
    RuntimeAttrs(const void* const* values, size_t count) : values_(values), count_(count) {}

    size_t GetAttrNum() const { return count_; }
    template <class T>
    const T* GetAttrPointer(size_t index) const
    {
        return index < count_ ? static_cast<const T*>(values_[index]) : nullptr;
    }
    const int64_t* GetInt(size_t index) const { return GetAttrPointer<int64_t>(index); }
    const float* GetFloat(size_t index) const { return GetAttrPointer<float>(index); }
    const bool* GetBool(size_t index) const { return GetAttrPointer<bool>(index); }
    const char* GetStr(size_t index) const { return GetAttrPointer<char>(index); }
    const TypedContinuousVector<int64_t>* GetListInt(size_t index) const
    {
        return GetAttrPointer<TypedContinuousVector<int64_t>>(index);
    }
    const TypedContinuousVector<float>* GetListFloat(size_t index) const
    {
        return GetAttrPointer<TypedContinuousVector<float>>(index);
    }

private:
    const void* const* values_;
    size_t count_;
};

}  // namespace gert
