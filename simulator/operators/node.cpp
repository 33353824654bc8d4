// SPDX-License-Identifier: Apache-2.0
#include "node.h"

#include <new>
#include <stdexcept>

#include "opdev/common_types.h"

namespace ascend_sim {

namespace {

std::string Count(size_t count, const char* what)
{
    return std::to_string(count) + " " + what;
}

void CheckCount(const OpInfo& info, size_t given, size_t expected, const char* what)
{
    if (given != expected) {
        throw std::invalid_argument(info.type + " has " + Count(expected, what) + ", but " +
                                    std::to_string(given) + " were passed");
    }
}

const aclTensor* TensorOf(const OpInfo& info, const ParamInfo& param, const op::OpArg& arg)
{
    if (arg.kind != op::OpArg::Kind::kTensor) {
        throw std::invalid_argument(info.type + ": argument " + param.name +
                                    " must be one tensor; lists of tensors are not simulated");
    }
    return static_cast<const aclTensor*>(arg.pointer);
}

template <class T, class Array>
gert::TypedContinuousVector<T> ViewOf(const void* array)
{
    auto* values = static_cast<const Array*>(array);
    return values == nullptr ? gert::TypedContinuousVector<T>()
                             : gert::TypedContinuousVector<T>(const_cast<T*>(values->GetData()),
                                                              values->Size(), values->Size());
}

}  // namespace

Node::Node(const OpInfo& info, const op::OpArgs& args) : attrs_(attr_pointers_, args.attrs.count)
{
    AddInputs(info, args.inputs);
    AddOutputs(info, args.outputs);
    AddAttrs(info, args.attrs);
    view_.type = info.type.c_str();
    view_.name = info.type.c_str();
    view_.inputs = present_inputs_.data();
    view_.input_count = present_inputs_.size();
    view_.outputs = present_outputs_.data();
    view_.output_count = present_outputs_.size();
    view_.input_instances = input_instances_.data();
    view_.definition_input_count = input_instances_.size();
    view_.attrs = &attrs_;
}

void Node::AddInputs(const OpInfo& info, const op::OpArgSpan& args)
{
    CheckCount(info, args.count, info.inputs.size(), "inputs");
    for (size_t i = 0; i < args.count; ++i) {
        const aclTensor* tensor = TensorOf(info, info.inputs[i], args.args[i]);
        if (tensor == nullptr && info.inputs[i].kind != ParamKind::kOptional) {
            throw std::invalid_argument(info.type + ": input " + info.inputs[i].name +
                                        " is null but not optional");
        }
        inputs_.push_back(tensor);
        const auto start = static_cast<uint32_t>(present_inputs_.size());
        input_instances_.push_back(gert::AnchorInstanceInfo(start, tensor == nullptr ? 0 : 1));
        if (tensor != nullptr) {
            present_inputs_.push_back(tensor->GetTensor());
        }
    }
}

void Node::AddOutputs(const OpInfo& info, const op::OpArgSpan& args)
{
    CheckCount(info, args.count, info.outputs.size(), "outputs");
    for (size_t i = 0; i < args.count; ++i) {
        const aclTensor* tensor = TensorOf(info, info.outputs[i], args.args[i]);
        if (tensor == nullptr) {
            throw std::invalid_argument(info.type + ": output " + info.outputs[i].name + " is null");
        }
        outputs_.push_back(tensor);
        present_outputs_.push_back(tensor->GetTensor());
    }
}

void Node::AddAttrs(const OpInfo& info, const op::OpArgSpan& args)
{
    CheckCount(info, args.count, info.attrs.size(), "attributes");
    if (args.count > kMaxAttrs) {
        throw std::invalid_argument(info.type + " has more than " + Count(kMaxAttrs, "attributes"));
    }
    using Kind = op::OpArg::Kind;
    for (size_t i = 0; i < args.count; ++i) {
        const op::OpArg& arg = args.args[i];
        AttrValue& value = attr_values_[i];
        const auto expect = [&](std::initializer_list<Kind> kinds) {
            for (const Kind kind : kinds) {
                if (arg.kind == kind) {
                    return;
                }
            }
            throw std::invalid_argument(info.type + ": attribute " + info.attrs[i].name +
                                        " has the wrong type");
        };
        attr_pointers_[i] = &value;
        switch (info.attrs[i].type) {
            case AttrType::kBool:
                expect({Kind::kBool, Kind::kInt});
                value.boolean = arg.integer != 0;
                break;
            case AttrType::kInt:
                expect({Kind::kInt, Kind::kBool});
                value.integer = arg.integer;
                break;
            case AttrType::kFloat:
                expect({Kind::kFloat, Kind::kInt});
                value.number = arg.kind == Kind::kFloat ? static_cast<float>(arg.number)
                                                        : static_cast<float>(arg.integer);
                break;
            case AttrType::kString:
                expect({Kind::kString});
                attr_pointers_[i] = arg.pointer;
                break;
            case AttrType::kListInt:
                expect({Kind::kIntArray});
                new (&value.integers) auto(ViewOf<int64_t, aclIntArray>(arg.pointer));
                break;
            case AttrType::kListFloat:
                expect({Kind::kFloatArray});
                new (&value.numbers) auto(ViewOf<float, aclFloatArray>(arg.pointer));
                break;
            case AttrType::kListBool:
                expect({Kind::kBoolArray});
                new (&value.booleans) auto(ViewOf<bool, aclBoolArray>(arg.pointer));
                break;
        }
    }
}

}  // namespace ascend_sim
