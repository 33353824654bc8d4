// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "opdev/data_type_utils.h"
#include "writers.h"

namespace ascend_sim {

namespace {

std::string TypeSet(const ops::OpParamDef& param)
{
    std::string text;
    for (const ge::DataType type : std::set<ge::DataType>(param.types_.begin(), param.types_.end())) {
        text += (text.empty() ? "" : ", ") + std::string(op::ToString(type).GetString());
    }
    return "ge::TensorType({" + text + "})";
}

std::string Braced(const std::string& list)
{
    return "{" + list.substr(1, list.size() - 2) + "}";
}

std::string AttrLine(const ops::OpAttrDef& attr)
{
    static const std::map<ops::AttrKind, const char*> kTypes = {
        {ops::AttrKind::kBool, "Bool"},           {ops::AttrKind::kInt, "Int"},
        {ops::AttrKind::kFloat, "Float"},         {ops::AttrKind::kString, "String"},
        {ops::AttrKind::kListBool, "ListBool"},   {ops::AttrKind::kListInt, "ListInt"},
        {ops::AttrKind::kListFloat, "ListFloat"},
    };
    const std::string type = kTypes.at(attr.kind_);
    if (attr.option_ == ops::REQUIRED) {
        return "    .REQUIRED_ATTR(" + attr.name_ + ", " + type + ")\n";
    }
    const std::string value = attr.kind_ == ops::AttrKind::kString ? "\"" + attr.default_ + "\""
                              : attr.default_.front() == '['       ? Braced(attr.default_)
                                                                   : attr.default_;
    return "    .ATTR(" + attr.name_ + ", " + type + ", " + value + ")\n";
}

std::string Prototype(const Definition& definition)
{
    std::string text = "REG_OP(" + definition.type + ")\n";
    for (const ops::OpParamDef& input : definition.inputs) {
        text += input.option_ == ops::REQUIRED ? "    .INPUT(" : "    .OPTIONAL_INPUT(";
        text += input.name_ + ", " + TypeSet(input) + ")\n";
    }
    for (const ops::OpParamDef& output : definition.outputs) {
        text += "    .OUTPUT(" + output.name_ + ", " + TypeSet(output) + ")\n";
    }
    for (const ops::OpAttrDef& attr : definition.attrs) {
        text += AttrLine(attr);
    }
    return text + "    .OP_END_FACTORY_REG(" + definition.type + ");\n\n";
}

}  // namespace

void WritePrototypes(const std::string& folder, const std::vector<Definition>& definitions)
{
    std::string header =
        "// Written by op_build from the operator definitions.\n"
        "#ifndef OP_PROTO_H_\n#define OP_PROTO_H_\n\n"
        "#include \"graph/operator_reg.h\"\n#include \"register/op_impl_registry.h\"\n\nnamespace ge {\n\n";
    for (const Definition& definition : definitions) {
        header += Prototype(definition);
    }
    WriteFile(folder + "/op_proto.h", header + "}  // namespace ge\n\n#endif\n");
    WriteFile(folder + "/op_proto.cc",
              "// Written by op_build from the operator definitions.\n#include \"op_proto.h\"\n");
}

}  // namespace ascend_sim
