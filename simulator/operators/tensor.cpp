// SPDX-License-Identifier: Apache-2.0
// Tensors, scalars and arrays, and the C functions that make and read them.
#include <cstring>
#include <new>

#include "../runtime/errors.h"
#include "opdev/common_types.h"
#include "opdev/data_type_utils.h"
#include "opdev/format_utils.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"
#include "opdev/shape_utils.h"

aclTensor::aclTensor(const op::Shape& view_shape, op::DataType data_type, op::Format format, void* address)
    : address_(address)
{
    tensor_.SetDataType(data_type);
    tensor_.SetOriginFormat(format);
    tensor_.SetStorageFormat(format);
    SetViewShape(view_shape);
}

void aclTensor::SetViewShape(const op::Shape& shape)
{
    tensor_.MutableOriginShape() = shape;
    tensor_.MutableStorageShape() = shape;
    storage_shape_ = shape;
    op::ToContiguousStrides(shape, strides_);
}

void* aclTensor::GetData() const
{
    void* address = GetStorageAddr();
    if (address == nullptr) {
        return nullptr;
    }
    return static_cast<char*>(address) + offset_ * static_cast<int64_t>(op::TypeSize(GetDataType()));
}

ge::AscendString aclTensor::ToString() const
{
    std::string text = op::ToString(GetDataType()).GetString();
    text += op::ToString(GetViewShape()).GetString();
    return ge::AscendString(text.c_str());
}

aclTensorList::aclTensorList(const aclTensor* const* tensors, uint64_t size)
{
    tensors_.reserve(size);
    for (uint64_t i = 0; i < size; ++i) {
        tensors_.push_back(const_cast<aclTensor*>(tensors[i]));
    }
}

aclScalar::aclScalar(const void* data, op::DataType data_type) : data_type_(data_type)
{
    std::memcpy(bits_, data, op::TypeSize(data_type));
}

uint64_t aclScalar::Size() const
{
    return op::TypeSize(data_type_);
}

namespace {

template <class To, class From>
To Read(const uint64_t* bits)
{
    From value;
    std::memcpy(&value, bits, sizeof(value));
    return static_cast<To>(value);
}

template <class To>
To ReadScalar(const uint64_t* bits, op::DataType data_type)
{
    switch (data_type) {
        case op::DataType::DT_FLOAT:
            return Read<To, float>(bits);
        case op::DataType::DT_DOUBLE:
            return Read<To, double>(bits);
        case op::DataType::DT_FLOAT16:
            return static_cast<To>(aclFloat16ToFloat(Read<aclFloat16, aclFloat16>(bits)));
        case op::DataType::DT_BF16: {
            const uint32_t wide = static_cast<uint32_t>(Read<uint16_t, uint16_t>(bits)) << 16;
            float value;
            std::memcpy(&value, &wide, sizeof(value));
            return static_cast<To>(value);
        }
        case op::DataType::DT_INT8:
            return Read<To, int8_t>(bits);
        case op::DataType::DT_INT16:
            return Read<To, int16_t>(bits);
        case op::DataType::DT_INT32:
            return Read<To, int32_t>(bits);
        case op::DataType::DT_INT64:
            return Read<To, int64_t>(bits);
        case op::DataType::DT_UINT8:
        case op::DataType::DT_BOOL:
            return Read<To, uint8_t>(bits);
        case op::DataType::DT_UINT16:
            return Read<To, uint16_t>(bits);
        case op::DataType::DT_UINT32:
            return Read<To, uint32_t>(bits);
        case op::DataType::DT_UINT64:
            return Read<To, uint64_t>(bits);
        default:
            return To{};
    }
}

}  // namespace

double aclScalar::ToDouble() const
{
    return ReadScalar<double>(bits_, data_type_);
}

int64_t aclScalar::ToInt64() const
{
    return ReadScalar<int64_t>(bits_, data_type_);
}

namespace {

// Whether the view's elements lie at offsets that 64 bits can count and not before the memory's begin.
bool OffsetsAreValid(const aclTensor& tensor)
{
    int64_t lowest = tensor.GetViewOffset();
    int64_t highest = tensor.GetViewOffset();
    const op::Shape& shape = tensor.GetViewShape();
    for (size_t i = 0; i < shape.GetDimNum(); ++i) {
        int64_t span = 0;
        if (shape[i] == 0) {
            return true;
        }
        if (__builtin_mul_overflow(shape[i] - 1, tensor.GetViewStrides()[i], &span) ||
            __builtin_add_overflow(span < 0 ? lowest : highest, span, span < 0 ? &lowest : &highest)) {
            return false;
        }
    }
    return lowest >= 0;
}

bool DimensionsAreValid(const int64_t* dims, uint64_t count, const char* name)
{
    if (count > op::MAX_DIM_NUM || (count > 0 && dims == nullptr)) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s: %llu dimensions; pass an array of at most %llu.", name,
                static_cast<unsigned long long>(count), static_cast<unsigned long long>(op::MAX_DIM_NUM));
        return false;
    }
    for (uint64_t i = 0; i < count; ++i) {
        if (dims[i] < 0) {
            OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s: dimension %llu is %lld; dimensions must not be negative.",
                    name, static_cast<unsigned long long>(i), static_cast<long long>(dims[i]));
            return false;
        }
    }
    return true;
}

aclnnStatus NullArgument(const char* function)
{
    OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "%s: an argument is null.", function);
    return ACLNN_ERR_PARAM_NULLPTR;
}

template <class Sequence>
aclnnStatus CopyOut(const Sequence& values, size_t count, int64_t** array, uint64_t* size)
{
    *array = new int64_t[count];
    for (size_t i = 0; i < count; ++i) {
        (*array)[i] = values[i];
    }
    *size = count;
    return ACLNN_SUCCESS;
}

template <class Array>
aclnnStatus SizeOf(const Array* array, uint64_t* size, const char* function)
{
    if (array == nullptr || size == nullptr) {
        return NullArgument(function);
    }
    *size = array->Size();
    return ACLNN_SUCCESS;
}

template <class Object>
aclnnStatus Destroy(const Object* object)
{
    delete object;
    return ACLNN_SUCCESS;
}

template <class Array, class T>
Array* CreateArray(const T* values, uint64_t size, const char* function)
{
    op::internal::EnterApi(function);
    if (values == nullptr && size > 0) {
        NullArgument(function);
        return nullptr;
    }
    return new Array(values, size);
}

}  // namespace

extern "C" {

aclTensor* aclCreateTensor(const int64_t* viewDims, uint64_t viewDimsNum, aclDataType dataType,
                           const int64_t* stride, int64_t offset, aclFormat format,
                           const int64_t* storageDims, uint64_t storageDimsNum, void* tensorData)
{
    op::internal::EnterApi("aclCreateTensor");
    const op::DataType type = op::ToOpDataType(dataType);
    if (!DimensionsAreValid(viewDims, viewDimsNum, "viewDims") ||
        !DimensionsAreValid(storageDims, storageDimsNum, "storageDims")) {
        return nullptr;
    }
    if (op::TypeSize(type) == 0) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "data type %s has no elements of whole bytes.",
                op::ToString(type).GetString());
        return nullptr;
    }
    op::Shape view_shape;
    op::ToShape(viewDims, viewDimsNum, view_shape);
    if (view_shape.GetShapeSize() < 0) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "viewDims %s: more elements than 64 bits can count.",
                op::ToString(view_shape).GetString());
        return nullptr;
    }
    auto* tensor = new aclTensor(view_shape, type, op::ToOpFormat(format), tensorData);
    tensor->SetViewOffset(offset);
    if (stride != nullptr) {
        tensor->SetViewStrides(op::Strides(stride, stride + viewDimsNum));
    }
    op::Shape storage_shape;
    op::ToShape(storageDims, storageDimsNum, storage_shape);
    tensor->SetStorageShape(storage_shape);
    if (!OffsetsAreValid(*tensor)) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID,
                "viewDims %s, stride %s, offset %lld: elements before the memory's begin.",
                op::ToString(view_shape).GetString(), op::ToString(tensor->GetViewStrides()).GetString(),
                static_cast<long long>(offset));
        delete tensor;
        return nullptr;
    }
    return tensor;
}

aclScalar* aclCreateScalar(void* value, aclDataType dataType)
{
    op::internal::EnterApi("aclCreateScalar");
    const op::DataType type = op::ToOpDataType(dataType);
    if (value == nullptr || op::TypeSize(type) == 0) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "a scalar needs a value and a data type of whole bytes, not %s.",
                op::ToString(type).GetString());
        return nullptr;
    }
    return new aclScalar(value, type);
}

aclIntArray* aclCreateIntArray(const int64_t* value, uint64_t size)
{
    return CreateArray<aclIntArray>(value, size, "aclCreateIntArray");
}

aclFloatArray* aclCreateFloatArray(const float* value, uint64_t size)
{
    return CreateArray<aclFloatArray>(value, size, "aclCreateFloatArray");
}

aclBoolArray* aclCreateBoolArray(const bool* value, uint64_t size)
{
    return CreateArray<aclBoolArray>(value, size, "aclCreateBoolArray");
}

aclTensorList* aclCreateTensorList(const aclTensor* const* value, uint64_t size)
{
    return CreateArray<aclTensorList>(value, size, "aclCreateTensorList");
}

aclnnStatus aclDestroyTensor(const aclTensor* tensor)
{
    return Destroy(tensor);
}

aclnnStatus aclDestroyScalar(const aclScalar* scalar)
{
    return Destroy(scalar);
}

aclnnStatus aclDestroyIntArray(const aclIntArray* array)
{
    return Destroy(array);
}

aclnnStatus aclDestroyFloatArray(const aclFloatArray* array)
{
    return Destroy(array);
}

aclnnStatus aclDestroyBoolArray(const aclBoolArray* array)
{
    return Destroy(array);
}

aclnnStatus aclDestroyTensorList(const aclTensorList* array)
{
    for (uint64_t i = 0; array != nullptr && i < array->Size(); ++i) {
        delete (*array)[i];
    }
    return Destroy(array);
}

aclnnStatus aclGetViewShape(const aclTensor* tensor, int64_t** viewDims, uint64_t* viewDimsNum)
{
    if (tensor == nullptr || viewDims == nullptr || viewDimsNum == nullptr) {
        return NullArgument("aclGetViewShape");
    }
    return CopyOut(tensor->GetViewShape(), tensor->GetViewShape().GetDimNum(), viewDims, viewDimsNum);
}

aclnnStatus aclGetStorageShape(const aclTensor* tensor, int64_t** storageDims, uint64_t* storageDimsNum)
{
    if (tensor == nullptr || storageDims == nullptr || storageDimsNum == nullptr) {
        return NullArgument("aclGetStorageShape");
    }
    return CopyOut(tensor->GetStorageShape(), tensor->GetStorageShape().GetDimNum(), storageDims,
                   storageDimsNum);
}

aclnnStatus aclGetViewStrides(const aclTensor* tensor, int64_t** stridesValue, uint64_t* stridesNum)
{
    if (tensor == nullptr || stridesValue == nullptr || stridesNum == nullptr) {
        return NullArgument("aclGetViewStrides");
    }
    return CopyOut(tensor->GetViewStrides(), tensor->GetViewStrides().size(), stridesValue, stridesNum);
}

aclnnStatus aclGetViewOffset(const aclTensor* tensor, int64_t* offset)
{
    if (tensor == nullptr || offset == nullptr) {
        return NullArgument("aclGetViewOffset");
    }
    *offset = tensor->GetViewOffset();
    return ACLNN_SUCCESS;
}

aclnnStatus aclGetFormat(const aclTensor* tensor, aclFormat* format)
{
    if (tensor == nullptr || format == nullptr) {
        return NullArgument("aclGetFormat");
    }
    *format = static_cast<aclFormat>(tensor->GetViewFormat());
    return ACLNN_SUCCESS;
}

aclnnStatus aclGetDataType(const aclTensor* tensor, aclDataType* dataType)
{
    if (tensor == nullptr || dataType == nullptr) {
        return NullArgument("aclGetDataType");
    }
    *dataType = op::ToAclDataType(tensor->GetDataType());
    return ACLNN_SUCCESS;
}

aclnnStatus aclGetIntArraySize(const aclIntArray* array, uint64_t* size)
{
    return SizeOf(array, size, "aclGetIntArraySize");
}

aclnnStatus aclGetFloatArraySize(const aclFloatArray* array, uint64_t* size)
{
    return SizeOf(array, size, "aclGetFloatArraySize");
}

aclnnStatus aclGetBoolArraySize(const aclBoolArray* array, uint64_t* size)
{
    return SizeOf(array, size, "aclGetBoolArraySize");
}

aclnnStatus aclGetTensorListSize(const aclTensorList* tensorList, uint64_t* size)
{
    return SizeOf(tensorList, size, "aclGetTensorListSize");
}

aclnnStatus aclSetRawTensorAddr(aclTensor* tensor, void* addr)
{
    if (tensor == nullptr) {
        return NullArgument("aclSetRawTensorAddr");
    }
    tensor->SetStorageAddr(addr);
    return ACLNN_SUCCESS;
}

aclnnStatus aclGetRawTensorAddr(const aclTensor* tensor, void** addr)
{
    if (tensor == nullptr || addr == nullptr) {
        return NullArgument("aclGetRawTensorAddr");
    }
    *addr = tensor->GetStorageAddr();
    return ACLNN_SUCCESS;
}

}  // extern "C"
