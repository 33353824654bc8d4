// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exe_graph/runtime/extended_kernel_context.h"

namespace gert {

class InferDataTypeContext : public ExtendedKernelContext {
public:
    explicit InferDataTypeContext(const ascend_sim::NodeView* node) : ExtendedKernelContext(node) {}

    ge::DataType GetInputDataType(size_t index) const { return TypeOf(Input(index)); }
    ge::DataType GetRequiredInputDataType(size_t ir_index) const { return TypeOf(Input(ir_index, 0)); }
    ge::DataType GetOptionalInputDataType(size_t ir_index) const { return TypeOf(Input(ir_index, 0)); }
    ge::DataType GetDynamicInputDataType(size_t ir_index, size_t relative_index) const
    {
        return TypeOf(Input(ir_index, relative_index));
    }
    ge::DataType GetOutputDataType(size_t index) const { return TypeOf(Output(index)); }
    ge::graphStatus SetOutputDataType(size_t index, ge::DataType data_type)
    {
        Tensor* tensor = Output(index);
        if (tensor == nullptr) {
            return ge::GRAPH_FAILED;
        }
        tensor->SetDataType(data_type);
        return ge::GRAPH_SUCCESS;
    }

private:
    static ge::DataType TypeOf(const Tensor* tensor)
    {
        return tensor == nullptr ? ge::DT_UNDEFINED : tensor->GetDataType();
    }
};

}  // namespace gert
