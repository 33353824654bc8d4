// SPDX-License-Identifier: Apache-2.0
// What tiling, shape inference and type inference have in common: a view of one node.
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

class ExtendedKernelContext {
public:
    const ge::char_t* GetNodeType() const { return node_->type; }
    const ge::char_t* GetNodeName() const { return node_->name; }
    const RuntimeAttrs* GetAttrs() const { return node_->attrs; }
    size_t GetComputeNodeInputNum() const { return node_->input_count; }
    size_t GetComputeNodeOutputNum() const { return node_->output_count; }

    // By position among the inputs that are present.
    const CompileTimeTensorDesc* GetInputDesc(size_t index) const { return Desc(Input(index)); }
    const CompileTimeTensorDesc* GetOutputDesc(size_t index) const { return Desc(Output(index)); }

    // By position in the operator definition; null for an absent optional input.
    const CompileTimeTensorDesc* GetRequiredInputDesc(size_t ir_index) const
    {
        return GetDynamicInputDesc(ir_index, 0);
    }
    const CompileTimeTensorDesc* GetOptionalInputDesc(size_t ir_index) const
    {
        return GetDynamicInputDesc(ir_index, 0);
    }
    const CompileTimeTensorDesc* GetDynamicInputDesc(size_t ir_index, size_t relative_index) const
    {
        return Desc(Input(ir_index, relative_index));
    }
    const AnchorInstanceInfo* GetIrInputInstanceInfo(size_t ir_index) const
    {
        return ir_index < node_->definition_input_count ? &node_->input_instances[ir_index] : nullptr;
    }

protected:
    explicit ExtendedKernelContext(const ascend_sim::NodeView* node) : node_(node) {}

    const Tensor* Input(size_t index) const
    {
        return index < node_->input_count ? node_->inputs[index] : nullptr;
    }
    const Tensor* Input(size_t ir_index, size_t relative_index) const
    {
        const AnchorInstanceInfo* instances = GetIrInputInstanceInfo(ir_index);
        if (instances == nullptr || relative_index >= instances->GetInstanceNum()) {
            return nullptr;
        }
        return Input(instances->GetInstanceStart() + relative_index);
    }
    Tensor* Output(size_t index) const
    {
        return index < node_->output_count ? node_->outputs[index] : nullptr;
    }

private:
    static const CompileTimeTensorDesc* Desc(const Tensor* tensor)
    {
        return tensor == nullptr ? nullptr : &tensor->GetDesc();
    }

    const ascend_sim::NodeView* node_;
};

}  // namespace gert
