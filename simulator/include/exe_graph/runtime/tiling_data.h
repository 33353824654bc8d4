// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "graph/ge_error_codes.h"
#include "securec.h"  // as CANN's: host code relies on it

namespace gert {

// The bytes that tiling hands to the kernel.
class TilingData {
public:
    TilingData(void* data, size_t capacity) : data_(data), capacity_(capacity) {}
    TilingData(const TilingData&) = delete;
    TilingData& operator=(const TilingData&) = delete;

    size_t GetCapacity() const { return capacity_; }
    size_t GetDataSize() const { return size_; }
    void SetDataSize(size_t size) { size_ = size; }
    void* GetData() { return data_; }
    const void* GetData() const { return data_; }

    // Claims that many bytes behind those in use; null if they do not fit.
    void* Expand(size_t bytes)
    {
        if (bytes > capacity_ - size_) {
            return nullptr;
        }
        void* begin = static_cast<uint8_t*>(data_) + size_;
        size_ += bytes;
        return begin;
    }
    template <class T>
    ge::graphStatus Append(const T& value)
    {
        return Append(&value, 1);
    }
    template <class T>
    ge::graphStatus Append(const T* values, size_t count)
    {
        static_assert(std::is_standard_layout<T>::value, "tiling data is copied to the device byte by byte");
        if (count > capacity_ / sizeof(T)) {
            return ge::GRAPH_MUL_OVERFLOW;
        }
        void* begin = Expand(count * sizeof(T));
        if (begin == nullptr) {
            return ge::GRAPH_ADD_OVERFLOW;
        }
        std::memcpy(begin, values, count * sizeof(T));
        return ge::GRAPH_SUCCESS;
    }

private:
    void* data_;
    size_t capacity_;
    size_t size_ = 0;
};

template <class T>
TilingData& operator<<(TilingData& out, const T& value)
{
    (void)out.Append(value);
    return out;
}

}  // namespace gert
