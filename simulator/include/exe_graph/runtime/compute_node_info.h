// SPDX-License-Identifier: Apache-2.0
// One node of a graph: its operator, its tensors' types and formats, its attributes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "exe_graph/runtime/runtime_attrs.h"
#include "exe_graph/runtime/tensor.h"

namespace gert {

// The tensors that belong to one input or output of the operator definition: none for an absent optional one.
class AnchorInstanceInfo {
public:
    AnchorInstanceInfo() = default;
    AnchorInstanceInfo(uint32_t start, uint32_t count) : start_(start), count_(count) {}
    size_t GetInstanceStart() const { return start_; }
    size_t GetInstanceNum() const { return count_; }

private:
    uint32_t start_ = 0;
    uint32_t count_ = 0;
};

}  // namespace gert

namespace ascend_sim {

// A node as the runtime lays it out for the contexts. Tensors are those that are present, in order;
// `input_instances` maps the inputs of the operator definition to them.
struct NodeView {
    const char* type = "";
    const char* name = "";
    const gert::Tensor* const* inputs = nullptr;
    size_t input_count = 0;
    gert::Tensor* const* outputs = nullptr;
    size_t output_count = 0;
    const gert::AnchorInstanceInfo* input_instances = nullptr;
    size_t definition_input_count = 0;
    const gert::RuntimeAttrs* attrs = nullptr;
};

}  // namespace ascend_sim

namespace gert {

class ComputeNodeInfo {
public:
    explicit ComputeNodeInfo(const ascend_sim::NodeView* node) : node_(node) {}

    const ge::char_t* GetNodeType() const { return node_->type; }
    const ge::char_t* GetNodeName() const { return node_->name; }
    const RuntimeAttrs* GetAttrs() const { return node_->attrs; }

    // Tensors that are present, and the types and formats of each.
    size_t GetInputsNum() const { return node_->input_count; }
    size_t GetOutputsNum() const { return node_->output_count; }
    const CompileTimeTensorDesc* GetInputTdInfo(size_t index) const
    {
        const Tensor* tensor = Input(index);
        return tensor == nullptr ? nullptr : &tensor->GetDesc();
    }
    const CompileTimeTensorDesc* GetOutputTdInfo(size_t index) const
    {
        const Tensor* tensor = Output(index);
        return tensor == nullptr ? nullptr : &tensor->GetDesc();
    }

    // Inputs of the operator definition, and which tensors belong to each.
    size_t GetIrInputsNum() const { return node_->definition_input_count; }
    const AnchorInstanceInfo* GetInputInstanceInfo(size_t ir_index) const
    {
        return ir_index < node_->definition_input_count ? &node_->input_instances[ir_index] : nullptr;
    }

private:
    friend class ExtendedKernelContext;  // whose tensors these are
    const Tensor* Input(size_t index) const
    {
        return index < node_->input_count ? node_->inputs[index] : nullptr;
    }
    Tensor* Output(size_t index) const
    {
        return index < node_->output_count ? node_->outputs[index] : nullptr;
    }

    const ascend_sim::NodeView* node_;
};

}  // namespace gert
