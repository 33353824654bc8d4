// SPDX-License-Identifier: Apache-2.0
// Names of data types and formats.
#pragma once

#include <cstdint>
#include <string>

#include "graph/ascend_string.h"
#include "graph/types.h"

namespace ge {

// Unknown names give DT_UNDEFINED and FORMAT_RESERVED, unknown values "UNDEFINED" and "RESERVED".
class ASCEND_SIM_EXPORT TypeUtils {
public:
    static std::string DataTypeToSerialString(DataType data_type);  // "DT_FLOAT"
    static DataType SerialStringToDataType(const std::string& name);
    static std::string FormatToSerialString(Format format);  // "ND"
    static Format SerialStringToFormat(const std::string& name);
    static bool GetDataTypeLength(DataType data_type, uint32_t& length);  // in bytes

    static AscendString DataTypeToAscendString(const DataType& data_type);
    static DataType AscendStringToDataType(const AscendString& name);
    static AscendString FormatToAscendString(const Format& format);
    static Format AscendStringToFormat(const AscendString& name);
};

}  // namespace ge
