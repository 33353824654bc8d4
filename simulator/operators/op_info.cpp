// SPDX-License-Identifier: Apache-2.0
#include "op_info.h"

#include <fstream>
#include <stdexcept>
#include <utility>

#include "data_types.h"
#include "opdev/data_type_utils.h"

namespace ascend_sim {

namespace {

using Entries = std::map<std::string, std::string>;

std::vector<std::string> Split(const std::string& text)
{
    std::vector<std::string> parts;
    size_t begin = 0;
    while (begin <= text.size() && !text.empty()) {
        const size_t comma = std::min(text.find(',', begin), text.size());
        parts.push_back(text.substr(begin, comma - begin));
        begin = comma + 1;
    }
    return parts;
}

std::string Lookup(const Entries& entries, const std::string& key, const std::string& otherwise = "")
{
    const auto found = entries.find(key);
    return found == entries.end() ? otherwise : found->second;
}

ParamInfo ParseParam(const Entries& entries, const std::string& prefix)
{
    ParamInfo param;
    param.name = entries.at(prefix + ".name");
    const std::string kind = Lookup(entries, prefix + ".paramType", "required");
    param.kind = kind == "optional"  ? ParamKind::kOptional
                 : kind == "dynamic" ? ParamKind::kDynamic
                                     : ParamKind::kRequired;
    for (const std::string& name : Split(Lookup(entries, prefix + ".dtype"))) {
        const DataTypeInfo* type = FindDataTypeByConfigName(name);
        if (type == nullptr) {
            throw std::runtime_error(prefix + ".dtype has the unknown type " + name);
        }
        param.types.push_back(type->type);
    }
    for (const std::string& name : Split(Lookup(entries, prefix + ".format"))) {
        param.formats.push_back(FindFormat(name));
    }
    const std::string init_value = Lookup(entries, prefix + ".initValue");
    if (!init_value.empty()) {
        param.has_init_value = true;
        param.init_value = static_cast<uint8_t>(std::stoull(init_value));
    }
    return param;
}

std::vector<ParamInfo> ParseParams(const Entries& entries, const std::string& kind)
{
    std::vector<ParamInfo> params;
    for (size_t i = 0; entries.count(kind + std::to_string(i) + ".name") != 0; ++i) {
        params.push_back(ParseParam(entries, kind + std::to_string(i)));
    }
    return params;
}

AttrType ParseAttrType(const std::string& name)
{
    static const std::map<std::string, AttrType> kTypes = {
        {"bool", AttrType::kBool},           {"int", AttrType::kInt},
        {"float", AttrType::kFloat},         {"str", AttrType::kString},
        {"listBool", AttrType::kListBool},   {"listInt", AttrType::kListInt},
        {"listFloat", AttrType::kListFloat},
    };
    const auto found = kTypes.find(name);
    if (found == kTypes.end()) {
        throw std::runtime_error("an attribute has the unknown type " + name);
    }
    return found->second;
}

OpInfo ParseOpInfo(const std::string& type, const Entries& entries)
{
    OpInfo info;
    info.type = type;
    info.file = entries.at("opFile.value");
    info.interface = entries.at("opInterface.value");
    info.inputs = ParseParams(entries, "input");
    info.outputs = ParseParams(entries, "output");
    for (const std::string& name : Split(Lookup(entries, "attr.list"))) {
        info.attrs.push_back({name, ParseAttrType(Lookup(entries, "attr_" + name + ".type"))});
    }
    return info;
}

}  // namespace

size_t OpInfo::ColumnCount() const
{
    return !inputs.empty()    ? inputs.front().types.size()
           : !outputs.empty() ? outputs.front().types.size()
                              : 0;
}

std::string OpInfo::ColumnText(size_t column) const
{
    std::string text;
    for (const auto* params : {&inputs, &outputs}) {
        for (const ParamInfo& param : *params) {
            text +=
                (text.empty() ? "" : ", ") + param.name + "=" + op::ToString(param.types[column]).GetString();
        }
    }
    return text;
}

std::map<std::string, OpInfo> ReadOpInfos(const std::string& path)
{
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error(path + " cannot be read: the package is incomplete, install it again");
    }
    std::vector<std::pair<std::string, Entries>> sections;
    std::string line;
    while (std::getline(file, line)) {
        const size_t equals = line.find('=');
        if (line.size() > 2 && line.front() == '[' && line.back() == ']') {
            sections.emplace_back(line.substr(1, line.size() - 2), Entries());
        } else if (equals != std::string::npos && !sections.empty()) {
            sections.back().second[line.substr(0, equals)] = line.substr(equals + 1);
        }
    }
    std::map<std::string, OpInfo> infos;
    for (const auto& [type, entries] : sections) {
        try {
            infos[type] = ParseOpInfo(type, entries);
        } catch (const std::exception& error) {
            throw std::runtime_error(path + ", operator " + type + ": " + error.what());
        }
    }
    return infos;
}

}  // namespace ascend_sim
