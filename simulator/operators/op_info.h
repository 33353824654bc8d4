// SPDX-License-Identifier: Apache-2.0
// Operator definitions as op_build writes them for the runtime: aic-<soc>-ops-info.ini.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graph/types.h"

namespace ascend_sim {

enum class ParamKind { kRequired, kOptional, kDynamic };

struct ParamInfo {
    std::string name;
    ParamKind kind = ParamKind::kRequired;
    std::vector<ge::DataType> types;  // one a column
    std::vector<ge::Format> formats;  // one a column
    bool has_init_value = false;      // outputs that start out with every byte init_value
    uint8_t init_value = 0;
};

enum class AttrType { kBool, kInt, kFloat, kString, kListBool, kListInt, kListFloat };

struct AttrInfo {
    std::string name;
    AttrType type = AttrType::kInt;
};

struct OpInfo {
    std::string type;
    std::string file;       // kernel source and objects: <file>.cpp, <file>/<file>_<column>.so
    std::string interface;  // the kernel's function
    std::vector<ParamInfo> inputs;
    std::vector<ParamInfo> outputs;
    std::vector<AttrInfo> attrs;

    size_t ColumnCount() const;
    // "self=DT_FLOAT, target=DT_FLOAT, out=DT_FLOAT"
    std::string ColumnText(size_t column) const;
};

// Throws std::runtime_error, naming file and entry, if it cannot be read.
std::map<std::string, OpInfo> ReadOpInfos(const std::string& path);

}  // namespace ascend_sim
