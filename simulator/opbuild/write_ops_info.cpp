// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <utility>

#include "../operators/data_types.h"
#include "writers.h"

namespace ascend_sim {

namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

template <class Values, class Name>
std::string Join(const Values& values, const Name& name)
{
    std::string text;
    for (const auto& value : values) {
        text += (text.empty() ? "" : ",") + std::string(name(value));
    }
    return text;
}

const char* OptionName(ops::Option option)
{
    return option == ops::REQUIRED ? "required" : option == ops::IGNORE ? "ignore" : "optional";
}

void AddParams(Lines& lines, const std::vector<ops::OpParamDef>& params, const std::string& kind)
{
    for (size_t i = 0; i < params.size(); ++i) {
        const ops::OpParamDef& param = params[i];
        const std::string prefix = kind + std::to_string(i) + ".";
        lines.emplace_back(prefix + "name", param.name_);
        lines.emplace_back(prefix + "dtype", Join(param.types_, [](ge::DataType type) {
                               return FindDataType(type)->config_name;
                           }));
        lines.emplace_back(prefix + "format", Join(param.formats_, ge::GetFormatName));
        if (!param.unknown_shape_formats_.empty()) {
            lines.emplace_back(prefix + "unknownshape_format",
                               Join(param.unknown_shape_formats_, ge::GetFormatName));
        }
        lines.emplace_back(prefix + "shape", "all");
        lines.emplace_back(prefix + "paramType", OptionName(param.option_));
        if (param.value_depend_ != ops::IGNORE) {
            lines.emplace_back(prefix + "valueDepend", OptionName(param.value_depend_));
        }
        if (param.has_init_value_) {
            lines.emplace_back(prefix + "initValue", std::to_string(param.init_value_));
        }
    }
}

const char* AttrTypeName(ops::AttrKind kind)
{
    static const std::map<ops::AttrKind, const char*> kNames = {
        {ops::AttrKind::kBool, "bool"},           {ops::AttrKind::kInt, "int"},
        {ops::AttrKind::kFloat, "float"},         {ops::AttrKind::kString, "str"},
        {ops::AttrKind::kListBool, "listBool"},   {ops::AttrKind::kListInt, "listInt"},
        {ops::AttrKind::kListFloat, "listFloat"},
    };
    return kNames.at(kind);
}

void AddAttrs(Lines& lines, const std::vector<ops::OpAttrDef>& attrs)
{
    if (attrs.empty()) {
        return;
    }
    lines.emplace_back("attr.list", Join(attrs, [](const ops::OpAttrDef& attr) { return attr.name_; }));
    for (const ops::OpAttrDef& attr : attrs) {
        const std::string prefix = "attr_" + attr.name_ + ".";
        lines.emplace_back(prefix + "type", AttrTypeName(attr.kind_));
        lines.emplace_back(prefix + "value", "all");
        lines.emplace_back(prefix + "paramType", OptionName(attr.option_));
        if (attr.option_ != ops::REQUIRED) {
            lines.emplace_back(prefix + "defaultValue", attr.default_);
        }
    }
}

Lines OpLines(const Definition& definition)
{
    Lines lines;
    AddParams(lines, definition.inputs, "input");
    AddParams(lines, definition.outputs, "output");
    AddAttrs(lines, definition.attrs);
    lines.insert(lines.end(), definition.entries.begin(), definition.entries.end());
    const auto add_default = [&lines](const std::string& key, const std::string& value) {
        for (const auto& line : lines) {
            if (line.first == key) {
                return;
            }
        }
        lines.emplace_back(key, value);
    };
    add_default("prebuildPattern.value", "Opaque");
    add_default("coreType.value", "AiCore");
    add_default("opFile.value", SnakeCase(definition.type));
    add_default("opInterface.value", SnakeCase(definition.type));
    return lines;
}

std::string Quoted(const std::string& text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' || c == '\\' ? "\\" : "";
        quoted += c;
    }
    return quoted + "\"";
}

// The lines "a.b=c" of an operator as {"a": {"b": "c"}}, in their order.
std::string JsonOfOp(const Lines& lines)
{
    std::vector<std::pair<std::string, std::string>> groups;
    for (const auto& [key, value] : lines) {
        const size_t dot = key.find('.');
        const std::string group = key.substr(0, dot);
        const std::string entry = Quoted(key.substr(dot + 1)) + ": " + Quoted(value);
        auto found = groups.begin();
        while (found != groups.end() && found->first != group) {
            ++found;
        }
        if (found == groups.end()) {
            groups.emplace_back(group, entry);
        } else {
            found->second += ", " + entry;
        }
    }
    std::string text;
    for (const auto& [group, entries] : groups) {
        text += (text.empty() ? "" : ",\n") + std::string("        ") + Quoted(group) + ": {" + entries + "}";
    }
    return "{\n" + text + "\n    }";
}

}  // namespace

void WriteOpsInfo(const std::string& folder, const std::string& compute_unit,
                  const std::vector<Definition>& definitions)
{
    std::string ini;
    std::string json;
    for (const Definition& definition : definitions) {
        const Lines lines = OpLines(definition);
        ini += "[" + definition.type + "]\n";
        for (const auto& [key, value] : lines) {
            ini += key + "=" + value + "\n";
        }
        json += (json.empty() ? "" : ",\n") + std::string("    ") + Quoted(definition.type) + ": " +
                JsonOfOp(lines);
    }
    const std::string path = folder + "/aic-" + compute_unit + "-ops-info";
    WriteFile(path + ".ini", ini);
    WriteFile(path + ".json", "{\n" + json + "\n}\n");
}

}  // namespace ascend_sim
