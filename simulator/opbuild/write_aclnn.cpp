// SPDX-License-Identifier: Apache-2.0
// The aclnn functions of an operator, with the names and the order of arguments that CANN's op_build gives
// them.
#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "opdev/data_type_utils.h"
#include "writers.h"

namespace ascend_sim {

namespace {

// An argument of the generated function.
struct Argument {
    const ops::OpParamDef* param = nullptr;  // an input or output
    const ops::OpAttrDef* attr = nullptr;    // or an attribute
    std::string type;
    std::string name;
    bool optional = false;
};

// pos_weight -> posWeight
std::string CamelCase(const std::string& name)
{
    std::string camel;
    for (size_t i = 0; i < name.size(); ++i) {
        if (i == 0) {
            camel += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
        } else if (name[i] == '_' && i + 1 < name.size()) {
            camel += static_cast<char>(std::toupper(static_cast<unsigned char>(name[++i])));
        } else {
            camel += name[i];
        }
    }
    return camel;
}

bool IsOptional(const ops::OpParamDef& param)
{
    return param.option_ == ops::OPTIONAL || param.option_ == ops::VIRTUAL;
}

bool Contains(const std::vector<ops::OpParamDef>& params, const std::string& name)
{
    return std::any_of(params.begin(), params.end(),
                       [&name](const ops::OpParamDef& p) { return p.name_ == name; });
}

// Inputs whose values tiling reads are passed as arrays on the host.
std::string ValueArrayType(const ops::OpParamDef& input)
{
    const ge::DataType type = input.types_.front();
    return type == ge::DT_FLOAT  ? "const aclFloatArray *"
           : type == ge::DT_BOOL ? "const aclBoolArray *"
                                 : "const aclIntArray *";
}

Argument InputArgument(const Definition& definition, const ops::OpParamDef& input)
{
    Argument argument{&input, nullptr, "const aclTensor *", CamelCase(input.name_), IsOptional(input)};
    if (input.value_depend_ != ops::IGNORE) {
        argument.type = ValueArrayType(input);
    } else if (Contains(definition.outputs, input.name_)) {
        argument.name += "Ref";
        argument.type = argument.optional ? argument.type : "aclTensor *";
    }
    argument.name += argument.optional ? "Optional" : "";
    return argument;
}

Argument OutputArgument(const Definition& definition, const ops::OpParamDef& output)
{
    Argument argument{&output, nullptr, "const aclTensor *", "out", IsOptional(output)};
    if (Contains(definition.inputs, output.name_)) {
        argument.name = CamelCase(output.name_) + "Ref";
    } else if (definition.outputs.size() > 1) {
        argument.name = CamelCase(output.name_) + "Out";
    }
    argument.name += argument.optional ? "Optional" : "";
    return argument;
}

Argument AttrArgument(const ops::OpAttrDef& attr)
{
    Argument argument{nullptr, &attr, "", CamelCase(attr.name_), attr.option_ != ops::REQUIRED};
    switch (attr.kind_) {
        case ops::AttrKind::kBool:
            argument.type = "bool ";
            return argument;
        case ops::AttrKind::kInt:
            argument.type = "int64_t ";
            return argument;
        case ops::AttrKind::kFloat:
            argument.type = "double ";
            return argument;
        case ops::AttrKind::kString:
            argument.type = "char *";
            break;
        case ops::AttrKind::kListBool:
            argument.type = "const aclBoolArray *";
            break;
        case ops::AttrKind::kListInt:
            argument.type = "const aclIntArray *";
            break;
        default:
            argument.type = "const aclFloatArray *";
    }
    argument.name += argument.optional ? "Optional" : "";
    return argument;
}

struct Signature {
    std::vector<Argument> inputs;
    std::vector<Argument> attrs;
    std::vector<Argument> outputs;  // those that are inputs too stand among the inputs of the function
};

Signature MakeSignature(const Definition& definition)
{
    Signature signature;
    for (const ops::OpParamDef& input : definition.inputs) {
        signature.inputs.push_back(InputArgument(definition, input));
    }
    for (const ops::OpAttrDef& attr : definition.attrs) {
        signature.attrs.push_back(AttrArgument(attr));
    }
    for (const ops::OpParamDef& output : definition.outputs) {
        signature.outputs.push_back(OutputArgument(definition, output));
    }
    return signature;
}

bool IsReference(const Definition& definition, const Argument& output)
{
    return Contains(definition.inputs, output.param->name_);
}

std::string Phase1Prototype(const Definition& definition, const Signature& signature,
                            const std::string& function)
{
    std::string text = "aclnnStatus " + function + "GetWorkspaceSize(\n";
    const auto add = [&text](const Argument& argument) {
        text += "    " + argument.type + argument.name + ",\n";
    };
    std::for_each(signature.inputs.begin(), signature.inputs.end(), add);
    std::for_each(signature.attrs.begin(), signature.attrs.end(), add);
    for (const Argument& output : signature.outputs) {
        if (!IsReference(definition, output)) {
            add(output);
        }
    }
    return text + "    uint64_t *workspaceSize,\n    aclOpExecutor **executor)";
}

std::string Phase2Prototype(const std::string& function)
{
    return "aclnnStatus " + function +
           "(\n    void *workspace,\n    uint64_t workspaceSize,\n    aclOpExecutor *executor,\n    "
           "aclrtStream stream)";
}

std::string NullCheck(const std::string& name)
{
    return "    OP_CHECK_NULL(" + name + ", return ACLNN_ERR_PARAM_NULLPTR);\n";
}

// Calls `expression` unless the optional argument is null.
std::string Guarded(const Argument& argument, const std::string& expression)
{
    return argument.optional ? argument.name + " == nullptr ? nullptr : " + expression : expression;
}

std::string InputLine(const Argument& input)
{
    const std::string variable = "    const aclTensor *" + input.name + "Tensor = ";
    if (input.param->value_depend_ != ops::IGNORE) {
        const auto& types = input.param->types_;
        const bool takes_int64 = std::find(types.begin(), types.end(), ge::DT_INT64) != types.end();
        const std::string type = op::ToString(takes_int64 ? ge::DT_INT64 : types.front()).GetString();
        return variable +
               Guarded(input, "tasks->ConvertToTensor(" + input.name + ", op::DataType::" + type + ")") +
               ";\n";
    }
    if (!input.param->auto_contiguous_) {
        return variable + input.name + ";\n";
    }
    return variable + Guarded(input, "l0op::Contiguous(" + input.name + ", tasks)") + ";\n";
}

std::string OutputLine(const Argument& output)
{
    const std::string variable = "    const aclTensor *" + output.name + "Tensor = ";
    if (!output.param->auto_contiguous_) {
        return variable + output.name + ";\n";
    }
    return variable + "op::IsContiguous(" + output.name + ") ? " + output.name +
           "\n        : tasks->AllocTensor(" + output.name + "->GetViewShape(), " + output.name +
           "->GetDataType());\n";
}

std::string ViewCopyLine(const Argument& argument)
{
    return "    l0op::ViewCopy(" + argument.name + "Tensor, " + argument.name + ", tasks);\n";
}

// The value of an attribute, with the definition's default for an optional one that is null.
std::string AttrValue(const ops::OpAttrDef& attr, const std::string& name, std::string& lines)
{
    const bool by_pointer = attr.kind_ == ops::AttrKind::kString || attr.kind_ == ops::AttrKind::kListBool ||
                            attr.kind_ == ops::AttrKind::kListInt || attr.kind_ == ops::AttrKind::kListFloat;
    if (!by_pointer || attr.option_ == ops::REQUIRED) {
        return name;
    }
    if (attr.kind_ == ops::AttrKind::kString) {
        return "(" + name + " == nullptr ? \"" + attr.default_ + "\" : " + name + ")";
    }
    const char* kind = attr.kind_ == ops::AttrKind::kListInt    ? "Int"
                       : attr.kind_ == ops::AttrKind::kListBool ? "Bool"
                                                                : "Float";
    const char* element = attr.kind_ == ops::AttrKind::kListInt    ? "int64_t"
                          : attr.kind_ == ops::AttrKind::kListBool ? "bool"
                                                                   : "float";
    const std::string values = attr.default_.substr(1, attr.default_.size() - 2);
    const std::string count =
        values.empty() ? "0" : std::to_string(1 + std::count(values.begin(), values.end(), ','));
    lines += "    const " + std::string(element) + " " + name + "Default[] = {" +
             (values.empty() ? "0" : values) + "};\n";
    lines += "    if (" + name + " == nullptr) {\n        " + name + " = tasks->Alloc" + kind + "Array(" +
             name + "Default, " + count + ");\n    }\n";
    return name;
}

std::string JoinTensors(const std::vector<Argument>& arguments)
{
    std::string text;
    for (const Argument& argument : arguments) {
        text += (text.empty() ? "" : ", ") + argument.name + "Tensor";
    }
    return text;
}

std::string Phase1Body(const Definition& definition, const Signature& signature, const std::string& function)
{
    std::string text = "    L2_DFX_PHASE_1(" + function + ", DFX_IN(), DFX_OUT());\n";
    for (const Argument& argument : signature.inputs) {
        text += argument.optional ? "" : NullCheck(argument.name);
    }
    for (const Argument& argument : signature.attrs) {
        text += argument.type.back() == '*' && !argument.optional ? NullCheck(argument.name) : "";
    }
    for (const Argument& output : signature.outputs) {
        text += IsReference(definition, output) ? "" : NullCheck(output.name);
    }
    text +=
        "    auto uniqueExecutor = CREATE_EXECUTOR();\n    aclOpExecutor *tasks = uniqueExecutor.get();\n";
    for (const Argument& input : signature.inputs) {
        text += InputLine(input);
    }
    std::string copies;
    for (const Argument& output : signature.outputs) {
        if (!IsReference(definition, output)) {
            text += OutputLine(output);
        }
        copies +=
            output.param->auto_contiguous_ || IsReference(definition, output) ? ViewCopyLine(output) : "";
    }
    std::string attrs;
    for (size_t i = 0; i < signature.attrs.size(); ++i) {
        attrs += (attrs.empty() ? "" : ", ") + AttrValue(definition.attrs[i], signature.attrs[i].name, text);
    }
    text += "    const aclnnStatus status = AddAiCoreLaunch(" + definition.type + "OpTypeId(), tasks,\n" +
            "        op::CollectOpArgs(OP_INPUT(" + JoinTensors(signature.inputs) + "), OP_OUTPUT(" +
            JoinTensors(signature.outputs) + ")" + (attrs.empty() ? "" : ", OP_ATTR(" + attrs + ")") +
            "));\n" + "    if (status != ACLNN_SUCCESS) {\n        return status;\n    }\n" + copies +
            "    *workspaceSize = tasks->GetWorkspaceSize();\n    uniqueExecutor.ReleaseTo(executor);\n"
            "    return ACLNN_SUCCESS;\n";
    return text;
}

std::string IncludeGuard(const std::string& file)
{
    std::string guard;
    for (const char c : file) {
        guard += std::isalnum(static_cast<unsigned char>(c))
                     ? static_cast<char>(std::toupper(static_cast<unsigned char>(c)))
                     : '_';
    }
    return guard + "_H_";
}

constexpr char kExported[] = "__attribute__((visibility(\"default\")))\n";

}  // namespace

void WriteAclnn(const std::string& folder, const std::string& project, const std::string& prefix,
                const Definition& definition)
{
    const Signature signature = MakeSignature(definition);
    const std::string function = prefix + definition.type;
    const std::string file = project + "_" + SnakeCase(definition.type);
    const std::string guard = IncludeGuard(file);
    const std::string phase1 = Phase1Prototype(definition, signature, function);
    const std::string phase2 = Phase2Prototype(function);
    WriteFile(folder + "/" + file + ".h",
              "// Written by op_build from the definition of " + definition.type + ".\n#ifndef " + guard +
                  "\n#define " + guard +
                  "\n\n#include \"aclnn/acl_meta.h\"\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n" +
                  kExported + phase1 + ";\n\n" + kExported + phase2 +
                  ";\n\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
    WriteFile(
        folder + "/" + file + ".cpp",
        "// Written by op_build from the definition of " + definition.type + ".\n#include \"" + file +
            ".h\"\n\n#include \"aclnn_kernels/common/op_error_check.h\"\n#include "
            "\"aclnn_kernels/contiguous.h\"\n"
            "#include \"opdev/make_op_executor.h\"\n#include \"opdev/op_dfx.h\"\n"
            "#include \"opdev/tensor_view_utils.h\"\n\nOP_TYPE_REGISTER(" +
            definition.type + ");\n\nextern \"C\" {\n\n" + phase1 + "\n{\n" +
            Phase1Body(definition, signature, function) + "}\n\n" + phase2 + "\n{\n    L2_DFX_PHASE_2(" +
            function +
            ");\n    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);\n}\n\n}\n");
}

}  // namespace ascend_sim
