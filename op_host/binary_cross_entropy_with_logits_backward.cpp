// SPDX-License-Identifier: Apache-2.0
// BinaryCrossEntropyWithLogitsBackward on the host: tiling, inference, definition.
#include "binary_cross_entropy_tiling.h"
#include "register/op_def_registry.h"
#include "tiling/platform/platform_ascendc.h"

namespace optiling {
namespace {

enum Input : size_t { GRAD_OUTPUT, SELF, TARGET, WEIGHT, POS_WEIGHT };
enum Reduction : int64_t { NONE, MEAN, SUM };

ge::graphStatus TilingBinaryCrossEntropyWithLogitsBackward(gert::TilingContext* context)
{
    const gert::Shape& shape = context->GetInputShape(SELF)->GetStorageShape();
    const ge::DataType logits = context->GetInputDesc(SELF)->GetDataType();
    const ge::DataType target = context->GetInputDesc(TARGET)->GetDataType();
    auto* tiling = context->GetTilingData<BceGradientTilingData>();
    size_t* workspace = context->GetWorkspaceSizes(1);
    if (tiling == nullptr || workspace == nullptr) {
        return ge::GRAPH_FAILED;
    }
    workspace[0] = platform_ascendc::PlatformAscendC(context->GetPlatformInfo()).GetLibApiWorkSpaceSize();

    tiling->elements = static_cast<uint64_t>(shape.GetShapeSize());
    tiling->divisor = *context->GetAttrs()->GetInt(0) == MEAN ? static_cast<float>(tiling->elements) : 1.0f;
    if (MakeOperand(context->GetInputShape(GRAD_OUTPUT), shape, tiling->gradOutput) != ge::GRAPH_SUCCESS ||
        MakeOperand(context->GetOptionalInputShape(WEIGHT), shape, tiling->weight) != ge::GRAPH_SUCCESS ||
        MakeOperand(context->GetOptionalInputShape(POS_WEIGHT), shape, tiling->posWeight) !=
            ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }

    const BceOperand whole{tiling->elements, {}, {}, 1, 0};
    const uint64_t bytes = ReaderBytes(target, tiling->gradOutput) + ReaderBytes(logits, whole) +
                           ReaderBytes(target, whole) + ReaderBytes(ge::DT_FLOAT, tiling->weight) +
                           ReaderBytes(ge::DT_FLOAT, tiling->posWeight) + WriterBytes(logits) +
                           ScratchBytes();
    if (TileLength(context, 0, bytes, {&tiling->gradOutput, &tiling->weight, &tiling->posWeight},
                   tiling->tileLength) != ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }
    context->SetTilingKey(BCE_TILING_KEY_ELEMENTWISE);
    return SetBlocks(context, tiling->elements);
}

}  // namespace
}  // namespace optiling

namespace ge {

static graphStatus InferShapeBinaryCrossEntropyWithLogitsBackward(gert::InferShapeContext* context)
{
    const gert::Shape* self = context->GetInputShape(optiling::SELF);
    gert::Shape* out = context->GetOutputShape(0);
    if (self == nullptr || out == nullptr) {
        return GRAPH_FAILED;
    }
    *out = *self;
    return GRAPH_SUCCESS;
}

static graphStatus InferDataTypeBinaryCrossEntropyWithLogitsBackward(gert::InferDataTypeContext* context)
{
    return context->SetOutputDataType(0, context->GetInputDataType(optiling::SELF));
}

}  // namespace ge

namespace ops {

class BinaryCrossEntropyWithLogitsBackward : public OpDef {
public:
    explicit BinaryCrossEntropyWithLogitsBackward(const char* name) : OpDef(name)
    {
        const std::vector<ge::DataType> self{ge::DT_FLOAT,   ge::DT_FLOAT,   ge::DT_FLOAT,
                                             ge::DT_FLOAT16, ge::DT_FLOAT16, ge::DT_FLOAT16,
                                             ge::DT_BF16,    ge::DT_BF16,    ge::DT_BF16};
        const std::vector<ge::DataType> target{ge::DT_FLOAT, ge::DT_FLOAT16, ge::DT_BF16,
                                               ge::DT_FLOAT, ge::DT_FLOAT16, ge::DT_BF16,
                                               ge::DT_FLOAT, ge::DT_FLOAT16, ge::DT_BF16};
        const std::vector<ge::DataType> float32(self.size(), ge::DT_FLOAT);
        const std::vector<ge::Format> nd(self.size(), ge::FORMAT_ND);

        this->Input("grad_output").ParamType(REQUIRED).DataType(target).Format(nd).UnknownShapeFormat(nd);
        this->Input("self").ParamType(REQUIRED).DataType(self).Format(nd).UnknownShapeFormat(nd);
        this->Input("target").ParamType(REQUIRED).DataType(target).Format(nd).UnknownShapeFormat(nd);
        this->Input("weight").ParamType(OPTIONAL).DataType(float32).Format(nd).UnknownShapeFormat(nd);
        this->Input("pos_weight").ParamType(OPTIONAL).DataType(float32).Format(nd).UnknownShapeFormat(nd);
        this->Output("out").ParamType(REQUIRED).DataType(self).Format(nd).UnknownShapeFormat(nd);
        this->Attr("reduction").AttrType(REQUIRED).Int();

        this->SetInferShape(ge::InferShapeBinaryCrossEntropyWithLogitsBackward)
            .SetInferDataType(ge::InferDataTypeBinaryCrossEntropyWithLogitsBackward);
        this->AICore()
            .SetTiling(optiling::TilingBinaryCrossEntropyWithLogitsBackward)
            .AddConfig("ascend910b")
            .AddConfig("ascend910_93");
    }
};
OP_ADD(BinaryCrossEntropyWithLogitsBackward);

}  // namespace ops
