// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "../operators/data_types.h"
#include "register/tilingdata_base.h"
#include "tiling/template_argument.h"
#include "writers.h"

namespace ascend_sim {

namespace {

std::string UpperCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

std::string Entry(const Definition& definition, const std::string& key)
{
    for (const auto& [name, value] : definition.entries) {
        if (name == key) {
            return value;
        }
    }
    return SnakeCase(definition.type);
}

// An output that is an input too is known to the kernel as <NAME>_REF.
bool IsInput(const Definition& definition, const ops::OpParamDef& output)
{
    return std::any_of(definition.inputs.begin(), definition.inputs.end(),
                       [&output](const ops::OpParamDef& input) { return input.name_ == output.name_; });
}

std::string ParamDefines(const Definition& definition, const ops::OpParamDef& param, const std::string& name,
                         size_t column)
{
    const DataTypeInfo* type = FindDataType(param.types_[column]);
    if (type->kernel_type == nullptr) {
        throw std::runtime_error("operator " + definition.type + ", parameter " + param.name_ + ": " +
                                 type->name + " is not simulated in kernels");
    }
    return " \"DTYPE_" + name + "=" + type->kernel_type + "\" \"ORIG_DTYPE_" + name + "=" + type->name +
           "\" \"FORMAT_" + name + "=FORMAT_" + ge::GetFormatName(param.formats_[column]) + "\"";
}

std::string Defines(const Definition& definition, size_t column)
{
    std::string text;
    for (const ops::OpParamDef& input : definition.inputs) {
        text += ParamDefines(definition, input, UpperCase(input.name_), column);
    }
    for (const ops::OpParamDef& output : definition.outputs) {
        const std::string suffix = IsInput(definition, output) ? "_REF" : "";
        text += ParamDefines(definition, output, UpperCase(output.name_) + suffix, column);
    }
    return text;
}

std::string TilingStruct(const optiling::TilingDataClass& tiling)
{
    std::string text = "#pragma once\n#include <cstdint>\n\nstruct " + tiling.class_name + " {\n";
    for (const optiling::TilingField& field : tiling.fields()) {
        text += std::string("    ") + field.type + " " + field.name +
                (field.count == 0 ? "" : "[" + std::to_string(field.count) + "]") + ";\n";
    }
    return text + "};\n\nusing AscendSimTilingDefault = " + tiling.class_name + ";\n";
}

// The arguments that `param` of a selection stands for, as a kernel writes them.
std::vector<std::string> ArgumentTexts(const TemplateParam& param)
{
    std::vector<std::string> texts;
    for (const uint64_t value : param.values) {
        const DataTypeInfo* type = FindDataType(static_cast<ge::DataType>(value));
        texts.push_back(param.kind == TemplateParam::Kind::kDataType && type != nullptr &&
                                type->kernel_type != nullptr
                            ? type->kernel_type
                            : std::to_string(value));
    }
    return texts;
}

// Calls visit(arguments, their texts) for each combination of a selection.
template <class Visit>
void ForEachCombination(const TemplateTable& table, const TemplateParams& selection,
                        std::vector<uint64_t>& arguments, const std::string& texts, const Visit& visit)
{
    if (arguments.size() == table.declared.size()) {
        visit(arguments, texts);
        return;
    }
    for (const TemplateParam& param : selection) {
        if (param.name != table.declared[arguments.size()].name) {
            continue;
        }
        const std::vector<std::string> names = ArgumentTexts(param);
        for (size_t i = 0; i < names.size(); ++i) {
            arguments.push_back(param.values[i]);
            ForEachCombination(table, selection, arguments, texts + (texts.empty() ? "" : ", ") + names[i],
                               visit);
            arguments.pop_back();
        }
    }
}

// An entry that picks the instance of a kernel template by the tiling key. The build gives it the kernel's
// source.
std::string TemplateEntry(const Definition& definition, const TemplateTable& table)
{
    const std::string kernel = Entry(definition, "opInterface.value");
    std::string declared;
    std::string passed;
    for (size_t i = 0; i < definition.inputs.size() + definition.outputs.size() + 2; ++i) {
        const std::string name = "argument" + std::to_string(i);
        declared += (i == 0 ? "GM_ADDR " : ", GM_ADDR ") + name;
        passed += (i == 0 ? "" : ", ") + name;
    }
    std::string cases;
    for (const TemplateParams& selection : table.selections) {
        std::vector<uint64_t> arguments;
        ForEachCombination(
            table, selection, arguments, "", [&](const auto& values, const std::string& texts) {
                const uint64_t key = EncodeTilingKey(table.declared, table.selections, values);
                cases += "    if (TILING_KEY_IS(" + std::to_string(key) + "u)) {\n        return " + kernel +
                         "<" + texts + ">(" + passed + ");\n    }\n";
            });
    }
    return "#include ASCEND_SIM_KERNEL_SOURCE\n\nextern \"C\" __global__ void " + kernel + "(" + declared +
           ")\n{\n" + cases + "}\n";
}

}  // namespace

void WriteKernelList(const std::string& folder, const std::vector<Definition>& definitions)
{
    std::string list = "# Written by op_build: kernels to compile, one object a column of data types.\n";
    std::string types;
    for (const Definition& definition : definitions) {
        types += " " + definition.type;
        const std::string prefix = "set(ASCEND_SIM_OP_" + definition.type + "_";
        list += prefix + "FILE " + Entry(definition, "opFile.value") + ")\n";
        list += prefix + "COLUMNS " + std::to_string(definition.ColumnCount()) + ")\n";
        for (size_t column = 0; column < definition.ColumnCount(); ++column) {
            list += prefix + "DEFINES_" + std::to_string(column) + Defines(definition, column) + ")\n";
        }
        for (const TemplateTable& table : GetTemplates()) {
            if (table.name == definition.type) {
                const std::string source = folder + "/" + SnakeCase(definition.type) + "_entry.cpp";
                WriteFile(source, TemplateEntry(definition, table));
                list += prefix + "ENTRY \"" + source + "\")\n";
            }
        }
        for (const optiling::TilingDataClass& tiling : optiling::GetTilingDataClasses()) {
            if (tiling.op_type == definition.type) {
                const std::string header = folder + "/" + SnakeCase(definition.type) + "_tiling_struct.h";
                WriteFile(header, TilingStruct(tiling));
                list += prefix + "TILING_HEADER \"" + header + "\")\n";
            }
        }
    }
    WriteFile(folder + "/simulator_kernels.cmake", list + "set(ASCEND_SIM_OP_TYPES" + types + ")\n");
}

}  // namespace ascend_sim
