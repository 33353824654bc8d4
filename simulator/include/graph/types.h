// SPDX-License-Identifier: Apache-2.0
// Data types and formats of tensors, numbered as in CANN.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "../../core/export.h"

namespace ge {

using char_t = char;
using float32_t = float;
using float64_t = double;

constexpr int64_t UNKNOWN_DIM = -1;
constexpr int64_t UNKNOWN_DIM_NUM = -2;

enum DataType {
    DT_FLOAT = 0,
    DT_FLOAT16 = 1,
    DT_INT8 = 2,
    DT_INT32 = 3,
    DT_UINT8 = 4,
    DT_INT16 = 6,
    DT_UINT16 = 7,
    DT_UINT32 = 8,
    DT_INT64 = 9,
    DT_UINT64 = 10,
    DT_DOUBLE = 11,
    DT_BOOL = 12,
    DT_STRING = 13,
    DT_DUAL_SUB_INT8 = 14,
    DT_DUAL_SUB_UINT8 = 15,
    DT_COMPLEX64 = 16,
    DT_COMPLEX128 = 17,
    DT_QINT8 = 18,
    DT_QINT16 = 19,
    DT_QINT32 = 20,
    DT_QUINT8 = 21,
    DT_QUINT16 = 22,
    DT_RESOURCE = 23,
    DT_STRING_REF = 24,
    DT_DUAL = 25,
    DT_VARIANT = 26,
    DT_BF16 = 27,
    DT_UNDEFINED = 28,
    DT_INT4 = 29,
    DT_UINT1 = 30,
    DT_INT2 = 31,
    DT_UINT2 = 32,
    DT_COMPLEX32 = 33,
    DT_HIFLOAT8 = 34,
    DT_FLOAT8_E5M2 = 35,
    DT_FLOAT8_E4M3FN = 36,
    DT_FLOAT8_E8M0 = 37,
    DT_FLOAT6_E3M2 = 38,
    DT_FLOAT6_E2M3 = 39,
    DT_FLOAT4_E2M1 = 40,
    DT_FLOAT4_E1M2 = 41,
    DT_MAX
};

enum Format {
    FORMAT_NCHW = 0,
    FORMAT_NHWC = 1,
    FORMAT_ND = 2,
    FORMAT_NC1HWC0 = 3,
    FORMAT_FRACTAL_Z = 4,
    FORMAT_NC1HWC0_C04 = 12,
    FORMAT_HWCN = 16,
    FORMAT_NDHWC = 27,
    FORMAT_FRACTAL_NZ = 29,
    FORMAT_NCDHW = 30,
    FORMAT_DHWCN = 31,
    FORMAT_NDC1HWC0 = 32,
    FORMAT_FRACTAL_Z_3D = 33,
    FORMAT_NC = 35,
    FORMAT_RESERVED = 40,
    FORMAT_ALL = 41,
    FORMAT_NULL = 42,
    FORMAT_NCL = 47,
    FORMAT_END = 50,
    FORMAT_MAX = 0xff
};

// The `Format` in a format that may carry a sub-format in its higher bytes.
inline int32_t GetPrimaryFormat(int32_t format)
{
    return format & 0xff;
}
inline int32_t GetSubFormat(int32_t format)
{
    return (format & 0xffff00) >> 8;
}
inline bool HasSubFormat(int32_t format)
{
    return GetSubFormat(format) > 0;
}

// Bytes of one element; -1 for types without a fixed size. Types of less than a byte give 1000 + their bits.
ASCEND_SIM_EXPORT int GetSizeByDataType(DataType data_type);

// Bytes of that many elements; negative if the type has no size or the product overflows.
ASCEND_SIM_EXPORT int64_t GetSizeInBytes(int64_t element_count, DataType data_type);

// "ND", "NCHW", ...
ASCEND_SIM_EXPORT const char_t* GetFormatName(Format format);

// A set of data types in an operator prototype.
struct TensorType {
    explicit TensorType(DataType type) : types{type} {}
    TensorType(std::initializer_list<DataType> list) : types(list) {}
    static TensorType ALL()
    {
        return TensorType(std::initializer_list<DataType>{});
    }  // empty: no restriction

    std::vector<DataType> types;
};

}  // namespace ge
