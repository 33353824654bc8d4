// SPDX-License-Identifier: Apache-2.0
// BinaryCrossEntropyLoss on the host: definition and inference. (BinaryCrossEntropy is an operator of
// CANN's.)
#include "binary_cross_entropy_tiling.h"
#include "register/op_def_registry.h"

namespace ops {

static ge::graphStatus InferDataTypeBinaryCrossEntropyLoss(gert::InferDataTypeContext* context)
{
    return context->SetOutputDataType(0, context->GetInputDataType(1));
}

class BinaryCrossEntropyLoss : public OpDef {
public:
    explicit BinaryCrossEntropyLoss(const char* name) : OpDef(name)
    {
        const std::vector<ge::DataType> dtype{ge::DT_FLOAT, ge::DT_FLOAT16, ge::DT_BF16};
        const std::vector<ge::DataType> float32(dtype.size(), ge::DT_FLOAT);
        const std::vector<ge::Format> nd(dtype.size(), ge::FORMAT_ND);

        this->Input("self").ParamType(REQUIRED).DataType(dtype).Format(nd).UnknownShapeFormat(nd);
        this->Input("target").ParamType(REQUIRED).DataType(dtype).Format(nd).UnknownShapeFormat(nd);
        this->Input("weight").ParamType(OPTIONAL).DataType(float32).Format(nd).UnknownShapeFormat(nd);
        this->Output("out").ParamType(REQUIRED).DataType(dtype).Format(nd).UnknownShapeFormat(nd);
        this->Attr("reduction").AttrType(REQUIRED).Int();

        this->SetInferShape(optiling::InferLossShape).SetInferDataType(InferDataTypeBinaryCrossEntropyLoss);
        this->AICore().SetTiling(optiling::TilingLoss).AddConfig("ascend910b").AddConfig("ascend910_93");
    }
};
OP_ADD(BinaryCrossEntropyLoss);

}  // namespace ops
