// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>

namespace gert {

// The dimensions of a tensor. No dimensions: a scalar.
struct Shape {
    static constexpr size_t kMaxDimNum = 25;
    static constexpr int64_t kInvalidDimValue = std::numeric_limits<int64_t>::min();

    Shape() = default;
    Shape(std::initializer_list<int64_t> dims)
    {
        for (const int64_t dim : dims) {
            AppendDim(dim);
        }
    }
    // Copies the dimensions in use, not all 25.
    Shape(const Shape& other) { *this = other; }
    Shape& operator=(const Shape& other)
    {
        dim_num_ = other.dim_num_;
        for (size_t i = 0; i < dim_num_; ++i) {
            dims_[i] = other.dims_[i];
        }
        return *this;
    }

    bool operator==(const Shape& other) const
    {
        if (dim_num_ != other.dim_num_) {
            return false;
        }
        for (size_t i = 0; i < dim_num_; ++i) {
            if (dims_[i] != other.dims_[i]) {
                return false;
            }
        }
        return true;
    }
    bool operator!=(const Shape& other) const { return !(*this == other); }

    // The number of elements; kInvalidDimValue if it does not fit 64 bits.
    int64_t GetShapeSize() const
    {
        int64_t size = 1;
        for (size_t i = 0; i < dim_num_; ++i) {
            if (__builtin_mul_overflow(size, dims_[i], &size)) {
                return kInvalidDimValue;
            }
        }
        return size;
    }

    bool IsScalar() const { return dim_num_ == 0; }
    void SetScalar() { dim_num_ = 0; }
    size_t GetDimNum() const { return dim_num_; }
    void SetDimNum(size_t dim_num) { dim_num_ = dim_num < kMaxDimNum ? dim_num : kMaxDimNum; }
    int64_t GetDim(size_t index) const { return index < kMaxDimNum ? dims_[index] : kInvalidDimValue; }
    void SetDim(size_t index, int64_t value)
    {
        if (index < kMaxDimNum) {
            dims_[index] = value;
        }
    }
    const int64_t& operator[](size_t index) const { return dims_[index]; }
    int64_t& operator[](size_t index) { return dims_[index]; }

    // Dimensions past kMaxDimNum are dropped.
    Shape& AppendDim(int64_t value)
    {
        if (dim_num_ < kMaxDimNum) {
            dims_[dim_num_++] = value;
        }
        return *this;
    }

private:
    size_t dim_num_ = 0;
    int64_t dims_[kMaxDimNum];
};

}  // namespace gert
