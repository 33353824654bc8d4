// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "graph/ge_error_codes.h"

namespace gert {

// A sequence of fixed capacity whose elements belong to the runtime.
template <class T>
class TypedContinuousVector {
public:
    TypedContinuousVector() = default;
    TypedContinuousVector(T* data, size_t size, size_t capacity)
        : data_(data), size_(size), capacity_(capacity)
    {
    }

    size_t GetSize() const { return size_; }
    size_t GetCapacity() const { return capacity_; }
    const T* GetData() const { return data_; }
    T* MutableData() { return data_; }
    ge::graphStatus SetSize(size_t size)
    {
        if (size > capacity_) {
            return ge::GRAPH_PARAM_OUT_OF_RANGE;
        }
        size_ = size;
        return ge::GRAPH_SUCCESS;
    }

private:
    T* data_ = nullptr;
    size_t size_ = 0;
    size_t capacity_ = 0;
};

}  // namespace gert
