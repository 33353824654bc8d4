// SPDX-License-Identifier: Apache-2.0
// An operator definition made explicit for one compute unit: what its configuration overrides is applied,
// lists of types are multiplied out, and every parameter has one type and one format a column.
#pragma once

#include <string>
#include <vector>

#include "register/op_def.h"

namespace ascend_sim {

struct Definition {
    std::string type;
    std::vector<ops::OpParamDef> inputs;
    std::vector<ops::OpParamDef> outputs;
    std::vector<ops::OpAttrDef> attrs;
    std::vector<std::pair<std::string, std::string>> entries;  // of the compute unit's configuration

    size_t ColumnCount() const
    {
        return inputs.empty() ? outputs.front().types_.size() : inputs.front().types_.size();
    }
};

// Throws std::runtime_error, naming operator and parameter, if the definition contradicts itself or wants
// something that is not simulated.
Definition MakeDefinition(const ops::OpDef& op, const std::string& compute_unit);

// AddCustom -> add_custom: the name of the kernel's source and function.
std::string SnakeCase(const std::string& op_type);

}  // namespace ascend_sim
