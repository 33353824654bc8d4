// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "exe_graph/runtime/storage_format.h"
#include "exe_graph/runtime/storage_shape.h"
#include "graph/ge_error_codes.h"
#include "graph/types.h"

namespace gert {

using TensorAddress = void*;

enum TensorPlacement : int32_t { kOnDeviceHbm, kOnHost, kFollowing, kOnDeviceP2p, kTensorPlacementEnd };

// What is known about a tensor without its shape and data.
class CompileTimeTensorDesc {
public:
    ge::DataType GetDataType() const { return data_type_; }
    const StorageFormat& GetFormat() const { return format_; }
    ge::Format GetOriginFormat() const { return format_.GetOriginFormat(); }
    ge::Format GetStorageFormat() const { return format_.GetStorageFormat(); }
    void SetDataType(ge::DataType data_type) { data_type_ = data_type; }
    void SetOriginFormat(ge::Format format) { format_.SetOriginFormat(format); }
    void SetStorageFormat(ge::Format format) { format_.SetStorageFormat(format); }

private:
    ge::DataType data_type_ = ge::DT_UNDEFINED;
    StorageFormat format_;
};

// A tensor as tiling and inference see it. GetData() is null unless the tensor's value lies on the host.
class Tensor {
public:
    Tensor() = default;
    Tensor(const StorageShape& shape, const StorageFormat& format, TensorPlacement placement,
           ge::DataType data_type, TensorAddress address)
        : shape_(shape), placement_(placement), address_(address)
    {
        desc_.SetDataType(data_type);
        desc_.SetOriginFormat(format.GetOriginFormat());
        desc_.SetStorageFormat(format.GetStorageFormat());
    }

    int64_t GetShapeSize() const { return shape_.GetStorageShape().GetShapeSize(); }
    size_t GetSize() const { return static_cast<size_t>(ge::GetSizeInBytes(GetShapeSize(), GetDataType())); }
    template <class T>
    const T* GetData() const
    {
        return static_cast<const T*>(address_);
    }
    template <class T>
    T* GetData()
    {
        return static_cast<T*>(address_);
    }
    const void* GetAddr() const { return address_; }
    void* GetAddr() { return address_; }
    void SetAddr(TensorAddress address) { address_ = address; }

    const StorageShape& GetShape() const { return shape_; }
    StorageShape& GetShape() { return shape_; }
    const Shape& GetOriginShape() const { return shape_.GetOriginShape(); }
    const Shape& GetStorageShape() const { return shape_.GetStorageShape(); }
    Shape& MutableOriginShape() { return shape_.MutableOriginShape(); }
    Shape& MutableStorageShape() { return shape_.MutableStorageShape(); }

    const CompileTimeTensorDesc& GetDesc() const { return desc_; }
    CompileTimeTensorDesc& MutableDesc() { return desc_; }
    ge::DataType GetDataType() const { return desc_.GetDataType(); }
    void SetDataType(ge::DataType data_type) { desc_.SetDataType(data_type); }
    const StorageFormat& GetFormat() const { return desc_.GetFormat(); }
    ge::Format GetOriginFormat() const { return desc_.GetOriginFormat(); }
    ge::Format GetStorageFormat() const { return desc_.GetStorageFormat(); }
    void SetOriginFormat(ge::Format format) { desc_.SetOriginFormat(format); }
    void SetStorageFormat(ge::Format format) { desc_.SetStorageFormat(format); }
    TensorPlacement GetPlacement() const { return placement_; }
    void SetPlacement(TensorPlacement placement) { placement_ = placement; }

private:
    StorageShape shape_;
    CompileTimeTensorDesc desc_;
    TensorPlacement placement_ = kTensorPlacementEnd;
    TensorAddress address_ = nullptr;
};

}  // namespace gert
