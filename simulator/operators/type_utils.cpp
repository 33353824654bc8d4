// SPDX-License-Identifier: Apache-2.0
#include "graph/utils/type_utils.h"

#include "data_types.h"

namespace ge {

std::string TypeUtils::DataTypeToSerialString(DataType data_type)
{
    const ascend_sim::DataTypeInfo* info = ascend_sim::FindDataType(data_type);
    return info == nullptr ? "UNDEFINED" : info->name;
}

DataType TypeUtils::SerialStringToDataType(const std::string& name)
{
    for (int type = 0; type < DT_MAX; ++type) {
        const ascend_sim::DataTypeInfo* info = ascend_sim::FindDataType(static_cast<DataType>(type));
        if (info != nullptr && name == info->name) {
            return info->type;
        }
    }
    return DT_UNDEFINED;
}

std::string TypeUtils::FormatToSerialString(Format format)
{
    const std::string name = GetFormatName(format);
    return ascend_sim::FindFormat(name) == format ? name : "RESERVED";
}

Format TypeUtils::SerialStringToFormat(const std::string& name)
{
    const Format format = ascend_sim::FindFormat(name);
    return format == FORMAT_MAX ? FORMAT_RESERVED : format;
}

bool TypeUtils::GetDataTypeLength(DataType data_type, uint32_t& length)
{
    const int size = GetSizeByDataType(data_type);
    if (size <= 0) {
        return false;
    }
    length = static_cast<uint32_t>(size);
    return true;
}

AscendString TypeUtils::DataTypeToAscendString(const DataType& data_type)
{
    return AscendString(DataTypeToSerialString(data_type).c_str());
}

DataType TypeUtils::AscendStringToDataType(const AscendString& name)
{
    return SerialStringToDataType(name.GetString());
}

AscendString TypeUtils::FormatToAscendString(const Format& format)
{
    return AscendString(FormatToSerialString(format).c_str());
}

Format TypeUtils::AscendStringToFormat(const AscendString& name)
{
    return SerialStringToFormat(name.GetString());
}

}  // namespace ge
