// SPDX-License-Identifier: Apache-2.0
// Shapes, data types and formats as text, and the rules of broadcasting and promotion.
#include <algorithm>
#include <string>

#include "data_types.h"
#include "opdev/data_type_utils.h"
#include "opdev/format_utils.h"
#include "opdev/shape_utils.h"
#include "opdev/tensor_view_utils.h"

namespace op {

namespace {

template <class Sequence>
ge::AscendString ListText(const Sequence& values, size_t count)
{
    std::string text = "[";
    for (size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "" : ",") + std::to_string(values[i]);
    }
    return ge::AscendString((text + "]").c_str());
}

}  // namespace

ge::AscendString ToString(DataType type)
{
    const ascend_sim::DataTypeInfo* info = ascend_sim::FindDataType(type);
    return info == nullptr ? "DT_UNKNOWN" : info->name;
}

ge::AscendString ToString(const std::initializer_list<DataType>& types)
{
    std::string text = "[";
    for (const DataType type : types) {
        text += text.size() == 1 ? "" : ",";
        text += ToString(type).GetString();
    }
    return ge::AscendString((text + "]").c_str());
}

ge::AscendString ToString(Format format)
{
    return ge::GetFormatName(format);
}

ge::AscendString ToString(const Shape& shape)
{
    return ListText(shape, shape.GetDimNum());
}

ge::AscendString ToString(const Strides& strides)
{
    return ListText(strides, strides.size());
}

void ToShape(const int64_t* dims, uint64_t count, Shape& shape)
{
    shape.SetDimNum(0);
    for (uint64_t i = 0; i < count; ++i) {
        shape.AppendDim(dims[i]);
    }
}

void ToShape(const ShapeVector& dims, Shape& shape)
{
    ToShape(dims.data(), dims.size(), shape);
}

ShapeVector ToShapeVector(const Shape& shape)
{
    ShapeVector dims;
    for (size_t i = 0; i < shape.GetDimNum(); ++i) {
        dims.push_back(shape[i]);
    }
    return dims;
}

void ToContiguousStrides(const Shape& shape, Strides& strides)
{
    strides.resize(shape.GetDimNum());
    int64_t stride = 1;
    for (size_t i = shape.GetDimNum(); i-- > 0;) {
        strides[i] = stride;
        stride *= shape[i];
    }
}

bool BroadcastInferShape(const Shape& a, const Shape& b, Shape& result)
{
    const size_t rank = std::max(a.GetDimNum(), b.GetDimNum());
    Shape broadcast;
    broadcast.SetDimNum(rank);
    for (size_t i = 0; i < rank; ++i) {  // from the last dimension
        const int64_t dim_a = i < a.GetDimNum() ? a[a.GetDimNum() - 1 - i] : 1;
        const int64_t dim_b = i < b.GetDimNum() ? b[b.GetDimNum() - 1 - i] : 1;
        if (dim_a != dim_b && dim_a != 1 && dim_b != 1) {
            return false;
        }
        broadcast[rank - 1 - i] = dim_a == 1 ? dim_b : dim_a;
    }
    result = broadcast;
    return true;
}

bool CheckBroadcastShape(const Shape& a, const Shape& b)
{
    Shape result;
    return BroadcastInferShape(a, b, result);
}

bool IsContiguous(const aclTensor* tensor)
{
    const Shape& shape = tensor->GetViewShape();
    const Strides& strides = tensor->GetViewStrides();
    if (shape.GetShapeSize() == 0) {
        return true;
    }
    int64_t expected = 1;
    for (size_t i = shape.GetDimNum(); i-- > 0;) {
        if (shape[i] != 1 && strides[i] != expected) {
            return false;
        }
        expected *= shape[i];
    }
    return true;
}

bool IsPrivateFormat(Format format)
{
    switch (format) {
        case Format::FORMAT_ND:
        case Format::FORMAT_NCHW:
        case Format::FORMAT_NHWC:
        case Format::FORMAT_HWCN:
        case Format::FORMAT_NDHWC:
        case Format::FORMAT_NCDHW:
        case Format::FORMAT_DHWCN:
        case Format::FORMAT_NC:
        case Format::FORMAT_NCL:
            return false;
        default:
            return true;
    }
}

bool IsFloatingType(DataType type)
{
    return CheckType(type,
                     {DataType::DT_FLOAT, DataType::DT_FLOAT16, DataType::DT_BF16, DataType::DT_DOUBLE});
}

bool IsIntegralType(DataType type)
{
    return CheckType(type,
                     {DataType::DT_INT8, DataType::DT_INT16, DataType::DT_INT32, DataType::DT_INT64,
                      DataType::DT_UINT8, DataType::DT_UINT16, DataType::DT_UINT32, DataType::DT_UINT64});
}

bool IsIntegralType(DataType type, bool include_bool)
{
    return IsIntegralType(type) || (include_bool && type == DataType::DT_BOOL);
}

bool IsComplexType(DataType type)
{
    return CheckType(type, {DataType::DT_COMPLEX32, DataType::DT_COMPLEX64, DataType::DT_COMPLEX128});
}

size_t TypeSize(DataType type)
{
    const int size = ge::GetSizeByDataType(type);
    return size > 0 && size < 1000 ? static_cast<size_t>(size) : 0;
}

namespace {

// bool < integer < floating point < complex; -1 for what does not promote.
int Category(DataType type)
{
    if (type == DataType::DT_BOOL) {
        return 0;
    }
    if (IsIntegralType(type)) {
        return 1;
    }
    if (IsFloatingType(type)) {
        return 2;
    }
    return IsComplexType(type) ? 3 : -1;
}

bool IsUnsigned(DataType type)
{
    return CheckType(type,
                     {DataType::DT_UINT8, DataType::DT_UINT16, DataType::DT_UINT32, DataType::DT_UINT64});
}

DataType PromoteIntegers(DataType a, DataType b)
{
    if (IsUnsigned(a) == IsUnsigned(b)) {
        return TypeSize(a) >= TypeSize(b) ? a : b;
    }
    const DataType wide_signed = IsUnsigned(a) ? b : a;
    const size_t unsigned_bytes = TypeSize(IsUnsigned(a) ? a : b);
    if (TypeSize(wide_signed) > unsigned_bytes) {
        return wide_signed;
    }
    switch (unsigned_bytes) {  // the signed type that holds both
        case 1:
            return DataType::DT_INT16;
        case 2:
            return DataType::DT_INT32;
        case 4:
            return DataType::DT_INT64;
        default:
            return DataType::DT_UNDEFINED;
    }
}

}  // namespace

DataType PromoteType(DataType a, DataType b)
{
    if (a == b) {
        return a;
    }
    if (Category(a) < 0 || Category(b) < 0) {
        return DataType::DT_UNDEFINED;
    }
    if (Category(a) != Category(b)) {
        return Category(a) > Category(b) ? a : b;
    }
    if (Category(a) == 1) {
        return PromoteIntegers(a, b);
    }
    if (TypeSize(a) == TypeSize(b)) {  // float16 with bfloat16
        return DataType::DT_FLOAT;
    }
    return TypeSize(a) > TypeSize(b) ? a : b;
}

bool CanCast(DataType from, DataType to)
{
    if (Category(from) < 0 || Category(to) < 0) {
        return false;
    }
    return Category(from) <= Category(to) || (Category(from) == 1 && Category(to) == 1);
}

}  // namespace op
