// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exe_graph/runtime/extended_kernel_context.h"

namespace gert {

class InferShapeContext : public ExtendedKernelContext {
public:
    explicit InferShapeContext(const ascend_sim::NodeView* node) : ExtendedKernelContext(node) {}

    const Shape* GetInputShape(size_t index) const { return ShapeOf(Input(index)); }
    const Shape* GetRequiredInputShape(size_t ir_index) const { return ShapeOf(Input(ir_index, 0)); }
    const Shape* GetOptionalInputShape(size_t ir_index) const { return ShapeOf(Input(ir_index, 0)); }
    const Shape* GetDynamicInputShape(size_t ir_index, size_t relative_index) const
    {
        return ShapeOf(Input(ir_index, relative_index));
    }
    const Tensor* GetInputTensor(size_t index) const { return Input(index); }
    const Tensor* GetRequiredInputTensor(size_t ir_index) const { return Input(ir_index, 0); }
    const Tensor* GetOptionalInputTensor(size_t ir_index) const { return Input(ir_index, 0); }
    const Tensor* GetDynamicInputTensor(size_t ir_index, size_t relative_index) const
    {
        return Input(ir_index, relative_index);
    }

    Shape* GetOutputShape(size_t index)
    {
        Tensor* tensor = Output(index);
        return tensor == nullptr ? nullptr : &tensor->MutableOriginShape();
    }

private:
    static const Shape* ShapeOf(const Tensor* tensor)
    {
        return tensor == nullptr ? nullptr : &tensor->GetOriginShape();
    }
};

}  // namespace gert
