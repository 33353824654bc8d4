// SPDX-License-Identifier: Apache-2.0
#include "data_types.h"

#include <cstddef>
#include <iterator>

namespace ascend_sim {

namespace {

constexpr int kBits = 1000;  // sizes below a byte count bits

constexpr DataTypeInfo kDataTypes[] = {
    {ge::DT_FLOAT, 4, "DT_FLOAT", "float32", "float"},
    {ge::DT_FLOAT16, 2, "DT_FLOAT16", "float16", "half"},
    {ge::DT_INT8, 1, "DT_INT8", "int8", "int8_t"},
    {ge::DT_INT32, 4, "DT_INT32", "int32", "int32_t"},
    {ge::DT_UINT8, 1, "DT_UINT8", "uint8", "uint8_t"},
    {ge::DT_INT16, 2, "DT_INT16", "int16", "int16_t"},
    {ge::DT_UINT16, 2, "DT_UINT16", "uint16", "uint16_t"},
    {ge::DT_UINT32, 4, "DT_UINT32", "uint32", "uint32_t"},
    {ge::DT_INT64, 8, "DT_INT64", "int64", "int64_t"},
    {ge::DT_UINT64, 8, "DT_UINT64", "uint64", "uint64_t"},
    {ge::DT_DOUBLE, 8, "DT_DOUBLE", "double", "double"},
    {ge::DT_BOOL, 1, "DT_BOOL", "bool", "bool"},
    {ge::DT_STRING, -1, "DT_STRING", "string", nullptr},
    {ge::DT_DUAL_SUB_INT8, 1, "DT_DUAL_SUB_INT8", "dual_sub_int8", nullptr},
    {ge::DT_DUAL_SUB_UINT8, 1, "DT_DUAL_SUB_UINT8", "dual_sub_uint8", nullptr},
    {ge::DT_COMPLEX64, 8, "DT_COMPLEX64", "complex64", nullptr},
    {ge::DT_COMPLEX128, 16, "DT_COMPLEX128", "complex128", nullptr},
    {ge::DT_QINT8, 1, "DT_QINT8", "qint8", nullptr},
    {ge::DT_QINT16, 2, "DT_QINT16", "qint16", nullptr},
    {ge::DT_QINT32, 4, "DT_QINT32", "qint32", nullptr},
    {ge::DT_QUINT8, 1, "DT_QUINT8", "quint8", nullptr},
    {ge::DT_QUINT16, 2, "DT_QUINT16", "quint16", nullptr},
    {ge::DT_RESOURCE, 8, "DT_RESOURCE", "resource", nullptr},
    {ge::DT_STRING_REF, -1, "DT_STRING_REF", "string_ref", nullptr},
    {ge::DT_DUAL, 5, "DT_DUAL", "dual", nullptr},
    {ge::DT_VARIANT, 8, "DT_VARIANT", "variant", nullptr},
    {ge::DT_BF16, 2, "DT_BF16", "bfloat16", "bfloat16_t"},
    {ge::DT_UNDEFINED, -1, "DT_UNDEFINED", "undefined", nullptr},
    {ge::DT_INT4, kBits + 4, "DT_INT4", "int4", nullptr},
    {ge::DT_UINT1, kBits + 1, "DT_UINT1", "uint1", nullptr},
    {ge::DT_INT2, kBits + 2, "DT_INT2", "int2", nullptr},
    {ge::DT_UINT2, kBits + 2, "DT_UINT2", "uint2", nullptr},
    {ge::DT_COMPLEX32, 4, "DT_COMPLEX32", "complex32", nullptr},
    {ge::DT_HIFLOAT8, 1, "DT_HIFLOAT8", "hifloat8", nullptr},
    {ge::DT_FLOAT8_E5M2, 1, "DT_FLOAT8_E5M2", "float8_e5m2", nullptr},
    {ge::DT_FLOAT8_E4M3FN, 1, "DT_FLOAT8_E4M3FN", "float8_e4m3fn", nullptr},
    {ge::DT_FLOAT8_E8M0, 1, "DT_FLOAT8_E8M0", "float8_e8m0", nullptr},
    {ge::DT_FLOAT6_E3M2, kBits + 6, "DT_FLOAT6_E3M2", "float6_e3m2", nullptr},
    {ge::DT_FLOAT6_E2M3, kBits + 6, "DT_FLOAT6_E2M3", "float6_e2m3", nullptr},
    {ge::DT_FLOAT4_E2M1, kBits + 4, "DT_FLOAT4_E2M1", "float4_e2m1", nullptr},
    {ge::DT_FLOAT4_E1M2, kBits + 4, "DT_FLOAT4_E1M2", "float4_e1m2", nullptr},
};

struct FormatName {
    ge::Format format;
    const char* name;
};

constexpr FormatName kFormats[] = {
    {ge::FORMAT_NCHW, "NCHW"},
    {ge::FORMAT_NHWC, "NHWC"},
    {ge::FORMAT_ND, "ND"},
    {ge::FORMAT_NC1HWC0, "NC1HWC0"},
    {ge::FORMAT_FRACTAL_Z, "FRACTAL_Z"},
    {ge::FORMAT_NC1HWC0_C04, "NC1HWC0_C04"},
    {ge::FORMAT_HWCN, "HWCN"},
    {ge::FORMAT_NDHWC, "NDHWC"},
    {ge::FORMAT_FRACTAL_NZ, "FRACTAL_NZ"},
    {ge::FORMAT_NCDHW, "NCDHW"},
    {ge::FORMAT_DHWCN, "DHWCN"},
    {ge::FORMAT_NDC1HWC0, "NDC1HWC0"},
    {ge::FORMAT_FRACTAL_Z_3D, "FRACTAL_Z_3D"},
    {ge::FORMAT_NC, "NC"},
    {ge::FORMAT_RESERVED, "RESERVED"},
    {ge::FORMAT_ALL, "ALL"},
    {ge::FORMAT_NULL, "NULL"},
    {ge::FORMAT_NCL, "NCL"},
};

}  // namespace

const DataTypeInfo* FindDataType(ge::DataType type)
{
    // In the order of the enumeration, which skips 5.
    const size_t index = static_cast<size_t>(type) - (type > 5 ? 1 : 0);
    return index < std::size(kDataTypes) && kDataTypes[index].type == type ? &kDataTypes[index] : nullptr;
}

const DataTypeInfo* FindDataTypeByConfigName(const std::string& name)
{
    for (const DataTypeInfo& info : kDataTypes) {
        if (name == info.config_name) {
            return &info;
        }
    }
    return nullptr;
}

ge::Format FindFormat(const std::string& name)
{
    for (const FormatName& entry : kFormats) {
        if (name == entry.name) {
            return entry.format;
        }
    }
    return ge::FORMAT_MAX;
}

}  // namespace ascend_sim

namespace ge {

int GetSizeByDataType(DataType data_type)
{
    const ascend_sim::DataTypeInfo* info = ascend_sim::FindDataType(data_type);
    return info == nullptr ? -1 : info->size;
}

int64_t GetSizeInBytes(int64_t element_count, DataType data_type)
{
    const int size = GetSizeByDataType(data_type);
    int64_t bytes = 0;
    if (element_count < 0 || size < 0) {
        return -1;
    }
    if (size > ascend_sim::kBits) {
        if (__builtin_mul_overflow(element_count, static_cast<int64_t>(size - ascend_sim::kBits), &bytes)) {
            return -1;
        }
        return bytes / 8 + (bytes % 8 != 0);
    }
    return __builtin_mul_overflow(element_count, static_cast<int64_t>(size), &bytes) ? -1 : bytes;
}

const char_t* GetFormatName(Format format)
{
    for (const ascend_sim::FormatName& entry : ascend_sim::kFormats) {
        if (entry.format == format) {
            return entry.name;
        }
    }
    return "UNKNOWN";
}

}  // namespace ge
