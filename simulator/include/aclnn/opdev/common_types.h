// SPDX-License-Identifier: Apache-2.0
// The objects behind the handles of aclnn/acl_meta.h, as op_api code sees them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "../../../core/export.h"
#include "aclnn/acl_meta.h"
#include "exe_graph/runtime/tensor.h"
#include "graph/ascend_string.h"
#include "opdev/fast_vector.h"

namespace op {

constexpr uint64_t MAX_DIM_NUM = 25;

using Shape = gert::Shape;
using StorageShape = gert::StorageShape;
using StorageFormat = gert::StorageFormat;
using Format = ge::Format;
using DataType = ge::DataType;
using Tensor = gert::Tensor;
using Strides = FVector<int64_t, MAX_DIM_NUM>;
using ShapeVector = FVector<int64_t, MAX_DIM_NUM>;

ASCEND_SIM_EXPORT void ToContiguousStrides(const Shape& shape, Strides& strides);

}  // namespace op

// A strided view of memory that is the caller's, another tensor's or, once an executor runs, part of its
// workspace. Offsets and strides count elements. Setters are const where they change where the data lies, not
// what it is.
struct ASCEND_SIM_EXPORT aclTensor {
    aclTensor(const op::Shape& view_shape, op::DataType data_type, op::Format format, void* address);
    aclTensor(const aclTensor&) = delete;
    aclTensor& operator=(const aclTensor&) = delete;

    op::DataType GetDataType() const { return tensor_.GetDataType(); }
    void SetDataType(op::DataType data_type) { tensor_.SetDataType(data_type); }

    // Shape and strides of the view, in elements from GetViewOffset().
    const op::Shape& GetViewShape() const { return tensor_.GetOriginShape(); }
    void SetViewShape(const op::Shape& shape);
    const op::Strides& GetViewStrides() const { return strides_; }
    void SetViewStrides(const op::Strides& strides) { strides_ = strides; }
    int64_t GetViewOffset() const { return offset_; }
    void SetViewOffset(int64_t offset) const { offset_ = offset; }

    // Shape of the memory that the view looks into.
    const op::Shape& GetStorageShape() const { return storage_shape_; }
    void SetStorageShape(const op::Shape& shape) const { storage_shape_ = shape; }
    const op::Shape& GetOriginalShape() const { return tensor_.GetOriginShape(); }

    op::Format GetViewFormat() const { return tensor_.GetOriginFormat(); }
    op::Format GetOriginalFormat() const { return tensor_.GetOriginFormat(); }
    op::Format GetStorageFormat() const { return tensor_.GetStorageFormat(); }

    int64_t Numel() const { return GetViewShape().GetShapeSize(); }
    bool IsEmpty() const { return Numel() == 0; }

    // The first element of the view, and of the memory behind it. Null in phase 1 for tensors of the
    // workspace.
    void* GetData() const;
    void* GetStorageAddr() const { return base_ == nullptr ? address_ : base_->GetStorageAddr(); }
    void SetStorageAddr(void* address) const { address_ = address; }
    // Memory of the workspace, at an offset that the executor chooses at the end of phase 1.
    bool IsFromWorkspace() const { return base_ == nullptr ? from_workspace_ : base_->IsFromWorkspace(); }
    void SetFromWorkspace(bool from_workspace) const { from_workspace_ = from_workspace; }

    // Makes this tensor a view of the memory of `base`, which must live as long.
    void ShareStorage(const aclTensor* base) { base_ = base; }
    const aclTensor* StorageOwner() const { return base_ == nullptr ? this : base_->StorageOwner(); }

    // The tensor as tiling and inference see it.
    op::Tensor* GetTensor() const { return &tensor_; }
    ge::AscendString ToString() const;

private:
    mutable op::Tensor tensor_;
    mutable op::Shape storage_shape_;
    op::Strides strides_;
    mutable int64_t offset_ = 0;
    mutable void* address_ = nullptr;
    const aclTensor* base_ = nullptr;
    mutable bool from_workspace_ = false;
};

template <class T>
class aclArray {
public:
    aclArray(const T* values, uint64_t size) : values_(new T[size]), size_(size)
    {
        for (uint64_t i = 0; i < size; ++i) {
            values_[i] = values[i];
        }
    }

    T& operator[](uint64_t index) { return values_[index]; }
    const T& operator[](uint64_t index) const { return values_[index]; }
    uint64_t Size() const { return size_; }
    const T* GetData() const { return values_.get(); }

private:
    std::unique_ptr<T[]> values_;
    uint64_t size_;
};

struct aclIntArray : aclArray<int64_t> {
    using aclArray::aclArray;
};
struct aclFloatArray : aclArray<float> {
    using aclArray::aclArray;
};
struct aclBoolArray : aclArray<bool> {
    using aclArray::aclArray;
};

struct aclTensorList {
    aclTensorList(const aclTensor* const* tensors, uint64_t size);

    aclTensor* operator[](uint64_t index) { return tensors_[index]; }
    const aclTensor* operator[](uint64_t index) const { return tensors_[index]; }
    uint64_t Size() const { return tensors_.size(); }
    const aclTensor* const* GetData() const { return tensors_.data(); }

private:
    std::vector<aclTensor*> tensors_;
};

struct ASCEND_SIM_EXPORT aclScalar {
    aclScalar(const void* data, op::DataType data_type);

    const void* GetData() const { return &bits_; }
    uint64_t Size() const;
    op::DataType GetDataType() const { return data_type_; }
    double ToDouble() const;
    float ToFloat() const { return static_cast<float>(ToDouble()); }
    int64_t ToInt64() const;
    int32_t ToInt32() const { return static_cast<int32_t>(ToInt64()); }
    bool ToBool() const { return ToDouble() != 0; }

private:
    uint64_t bits_[2] = {};
    op::DataType data_type_;
};
