// SPDX-License-Identifier: Apache-2.0
// What tiling, shape inference and type inference have in common: a view of one node.
#pragma once

#include "exe_graph/runtime/compute_node_info.h"

namespace gert {

class ExtendedKernelContext {
public:
    const ComputeNodeInfo* GetComputeNodeInfo() const { return &info_; }
    const ge::char_t* GetNodeType() const { return info_.GetNodeType(); }
    const ge::char_t* GetNodeName() const { return info_.GetNodeName(); }
    const RuntimeAttrs* GetAttrs() const { return info_.GetAttrs(); }
    size_t GetComputeNodeInputNum() const { return info_.GetInputsNum(); }
    size_t GetComputeNodeOutputNum() const { return info_.GetOutputsNum(); }

    // By position among the inputs that are present.
    const CompileTimeTensorDesc* GetInputDesc(size_t index) const { return info_.GetInputTdInfo(index); }
    const CompileTimeTensorDesc* GetOutputDesc(size_t index) const { return info_.GetOutputTdInfo(index); }

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
        const Tensor* tensor = Input(ir_index, relative_index);
        return tensor == nullptr ? nullptr : &tensor->GetDesc();
    }
    const AnchorInstanceInfo* GetIrInputInstanceInfo(size_t ir_index) const
    {
        return info_.GetInputInstanceInfo(ir_index);
    }

protected:
    explicit ExtendedKernelContext(const ascend_sim::NodeView* node) : info_(node) {}

    const Tensor* Input(size_t index) const { return info_.Input(index); }
    const Tensor* Input(size_t ir_index, size_t relative_index) const
    {
        const AnchorInstanceInfo* instances = GetIrInputInstanceInfo(ir_index);
        if (instances == nullptr || relative_index >= instances->GetInstanceNum()) {
            return nullptr;
        }
        return Input(instances->GetInstanceStart() + relative_index);
    }
    Tensor* Output(size_t index) const { return info_.Output(index); }

private:
    ComputeNodeInfo info_;
};

}  // namespace gert
