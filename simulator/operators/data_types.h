// SPDX-License-Identifier: Apache-2.0
// What the simulator knows of each data type.
#pragma once

#include <string>

#include "graph/types.h"

namespace ascend_sim {

struct DataTypeInfo {
    ge::DataType type;
    int size;                 // ge::GetSizeByDataType
    const char* name;         // "DT_FLOAT"
    const char* config_name;  // as in ops-info files: "float32"
    const char* kernel_type;  // what DTYPE_X stands for in a kernel: "float"; null: kernels cannot name it
};

// Null for a number that is no data type.
const DataTypeInfo* FindDataType(ge::DataType type);
// Null for a name that is no data type's in ops-info files.
const DataTypeInfo* FindDataTypeByConfigName(const std::string& name);
// FORMAT_MAX for a name that is no format's.
ge::Format FindFormat(const std::string& name);

}  // namespace ascend_sim
