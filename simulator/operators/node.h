// SPDX-License-Identifier: Apache-2.0
// A call of an operator in op_api code, laid out as tiling and inference want to see it.
#pragma once

#include "exe_graph/runtime/extended_kernel_context.h"
#include "op_info.h"
#include "opdev/fast_vector.h"
#include "opdev/op_arg_def.h"

namespace ascend_sim {

class Node {
public:
    // `args` must outlive the node. Throws std::invalid_argument, saying which argument is wrong, if they do
    // not fit the operator.
    Node(const OpInfo& info, const op::OpArgs& args);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    const NodeView* view() const { return &view_; }
    // The tensors by position in the operator definition; null for absent optional inputs.
    const op::FVector<const aclTensor*, 16>& inputs() const { return inputs_; }
    const op::FVector<const aclTensor*, 16>& outputs() const { return outputs_; }

private:
    void AddInputs(const OpInfo& info, const op::OpArgSpan& args);
    void AddOutputs(const OpInfo& info, const op::OpArgSpan& args);
    void AddAttrs(const OpInfo& info, const op::OpArgSpan& args);

    static constexpr size_t kMaxAttrs = 64;
    union AttrValue {
        bool boolean;
        int64_t integer;
        float number;
        gert::TypedContinuousVector<int64_t> integers;
        gert::TypedContinuousVector<float> numbers;
        gert::TypedContinuousVector<bool> booleans;
        AttrValue() : integer(0) {}
    };

    op::FVector<const aclTensor*, 16> inputs_;
    op::FVector<const aclTensor*, 16> outputs_;
    op::FVector<const gert::Tensor*, 16> present_inputs_;
    op::FVector<gert::Tensor*, 16> present_outputs_;
    op::FVector<gert::AnchorInstanceInfo, 16> input_instances_;
    AttrValue attr_values_[kMaxAttrs];
    const void* attr_pointers_[kMaxAttrs];
    gert::RuntimeAttrs attrs_;
    NodeView view_;
};

}  // namespace ascend_sim
