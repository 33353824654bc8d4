// SPDX-License-Identifier: Apache-2.0
// Copies between strided views and conversions between data types, in host loops.
#pragma once

#include <cstddef>
#include <cstdint>

#include "opdev/common_types.h"

namespace ascend_sim {

// Whether Convert knows both types.
bool CanConvert(op::DataType from, op::DataType to);

// Converts `count` contiguous elements, rounding to nearest even. Floating point to integers truncates and
// saturates; NaN gives 0. The arrays may be the same if the types are.
void Convert(void* to, op::DataType to_type, const void* from, op::DataType from_type, size_t count);

// A copy of the elements of a view to another of the same shape and element size, both with memory that must
// not overlap. It keeps the addresses and strides of both, not the tensors.
class ViewCopy {
public:
    ViewCopy() = default;
    ViewCopy(const aclTensor& to, const aclTensor& from);

    void Run() const;

private:
    // A dimension: its length and how far, in elements, one step moves on either side.
    struct Dimension {
        int64_t length;
        int64_t to_stride;
        int64_t from_stride;
    };
    using Dimensions = op::FVector<Dimension, op::MAX_DIM_NUM>;

    static Dimensions Collapse(const aclTensor& to, const aclTensor& from);
    template <class T>
    static void CopyLine(T* to, const T* from, const Dimension& line);
    template <class T>
    static void CopyPlane(T* to, const T* from, const Dimension& rows, const Dimension& columns);
    template <class T>
    static void CopyDimensions(T* to, const T* from, const Dimension* dimensions, size_t count);
    template <class T>
    void RunAs() const;

    void* to_ = nullptr;
    const void* from_ = nullptr;
    size_t element_bytes_ = 0;  // 0: nothing to copy
    Dimensions dimensions_;
};

}  // namespace ascend_sim
