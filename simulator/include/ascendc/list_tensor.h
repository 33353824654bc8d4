// SPDX-License-Identifier: Apache-2.0
// Inputs and outputs that are lists of tensors. What the kernel gets is the address of a table of 64-bit
// words:
//   word 0: where in the table, in bytes, the data addresses are
//   then for every tensor: its dimensions in the low 32 bits and its number in the high ones, then its sizes
//   (or, where shapes are left out: one word with how many tensors there are in the high bits, and a filler)
//   at word 0's offset: the address of every tensor's data
#pragma once

#include <cstdint>

#include "tensor.h"

namespace AscendC {

template <class T>
class TensorDesc {
public:
    // `shape` has room for as many sizes as the tensor has dimensions.
    void SetShapeAddr(uint64_t* shape) { shape_ = shape; }
    uint64_t GetDim() { return dims_; }
    uint64_t GetIndex() { return index_; }
    uint64_t GetShape(uint32_t dim) { return shape_[dim]; }
    T* GetDataPtr() { return data_; }
    GlobalTensor<T> GetDataObj()
    {
        GlobalTensor<T> tensor;
        tensor.SetGlobalBuffer(data_);
        return tensor;
    }

private:
    friend class ListTensorDesc;

    uint64_t* shape_ = nullptr;
    uint64_t dims_ = 0;
    uint64_t index_ = 0;
    T* data_ = nullptr;
};

class ListTensorDesc {
public:
    ListTensorDesc() = default;
    // `bytes` of the table and how many sizes are read at most need not be known.
    explicit ListTensorDesc(void* table, uint32_t bytes = ~0u, uint32_t max_sizes = ~0u)
    {
        Init(table, bytes, max_sizes);
    }
    void Init(void* table, uint32_t = ~0u, uint32_t = ~0u)
    {
        table_ = static_cast<const uint64_t*>(table);
        addresses_ = table_ + table_[0] / sizeof(uint64_t);
        size_ = Dims(table_ + 1) == 0 ? static_cast<uint32_t>(table_[1] >> 32) : 0;
        for (const uint64_t* entry = table_ + 1; Dims(entry) != 0 && entry < addresses_;
             entry += 1 + Dims(entry)) {
            ++size_;
        }
    }

    uint32_t GetSize() { return size_; }

    template <class T>
    void GetDesc(TensorDesc<T>& description, uint32_t index)
    {
        const uint64_t* entry = table_ + 1;
        for (uint32_t i = 0; i < index; ++i) {
            entry += 1 + Dims(entry);
        }
        description.dims_ = Dims(entry);
        description.index_ = *entry >> 32;
        description.data_ = GetDataPtr<T>(index);
        for (uint64_t d = 0; description.shape_ != nullptr && d < description.dims_; ++d) {
            description.shape_[d] = entry[1 + d];
        }
    }

    template <class T>
    T* GetDataPtr(uint32_t index)
    {
        return reinterpret_cast<T*>(addresses_[index]);
    }

private:
    static uint64_t Dims(const uint64_t* entry) { return *entry & 0xffffffffu; }

    const uint64_t* table_ = nullptr;
    const uint64_t* addresses_ = nullptr;
    uint32_t size_ = 0;
};

}  // namespace AscendC
