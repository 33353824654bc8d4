// SPDX-License-Identifier: Apache-2.0
// BinaryCrossEntropyWithLogits on the host: definition and inference.
#include "binary_cross_entropy_tiling.h"
#include "register/op_def_registry.h"

namespace ops {

static ge::graphStatus InferDataTypeBinaryCrossEntropyWithLogits(gert::InferDataTypeContext* context)
{
    return context->SetOutputDataType(0, context->GetInputDataType(1));
}

class BinaryCrossEntropyWithLogits : public OpDef {
public:
    explicit BinaryCrossEntropyWithLogits(const char* name) : OpDef(name)
    {
        const std::vector<ge::DataType> self{ge::DT_FLOAT,   ge::DT_FLOAT,   ge::DT_FLOAT,
                                             ge::DT_FLOAT16, ge::DT_FLOAT16, ge::DT_FLOAT16,
                                             ge::DT_BF16,    ge::DT_BF16,    ge::DT_BF16};
        const std::vector<ge::DataType> target{ge::DT_FLOAT, ge::DT_FLOAT16, ge::DT_BF16,
                                               ge::DT_FLOAT, ge::DT_FLOAT16, ge::DT_BF16,
                                               ge::DT_FLOAT, ge::DT_FLOAT16, ge::DT_BF16};
        const std::vector<ge::DataType> float32(self.size(), ge::DT_FLOAT);
        const std::vector<ge::Format> nd(self.size(), ge::FORMAT_ND);

        this->Input("self").ParamType(REQUIRED).DataType(self).Format(nd).UnknownShapeFormat(nd);
        this->Input("target").ParamType(REQUIRED).DataType(target).Format(nd).UnknownShapeFormat(nd);
        this->Input("weight").ParamType(OPTIONAL).DataType(float32).Format(nd).UnknownShapeFormat(nd);
        this->Input("pos_weight").ParamType(OPTIONAL).DataType(float32).Format(nd).UnknownShapeFormat(nd);
        this->Output("out").ParamType(REQUIRED).DataType(target).Format(nd).UnknownShapeFormat(nd);
        this->Attr("reduction").AttrType(REQUIRED).Int();

        this->SetInferShape(optiling::InferLossShape)
            .SetInferDataType(InferDataTypeBinaryCrossEntropyWithLogits);
        this->AICore()
            .SetTiling(optiling::TilingLossWithLogits)
            .AddConfig("ascend910b")
            .AddConfig("ascend910_93");
    }
};
OP_ADD(BinaryCrossEntropyWithLogits);

}  // namespace ops
