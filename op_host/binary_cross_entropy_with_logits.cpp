// SPDX-License-Identifier: Apache-2.0
// BinaryCrossEntropyWithLogits on the host: tiling, inference, definition.
#include "binary_cross_entropy_tiling.h"
#include "register/op_def_registry.h"
#include "tiling/platform/platform_ascendc.h"

namespace optiling {
namespace {

enum Input : size_t { SELF, TARGET, WEIGHT, POS_WEIGHT };
enum Reduction : int64_t { NONE, MEAN, SUM };

// UB that the reduction takes besides tiles: the waiting rows, a row and a batch of chunk sums, and the one
// result.
constexpr uint64_t REDUCTION_BYTES =
    (BCE_REDUCTION_LEVELS * BCE_LANES + BCE_LANES + BCE_SUMS_PER_WRITE) * sizeof(float) + 4 * 32;

// Floats in the workspace: the sum of every chunk, of every chunk of these, and so on to the last one.
uint64_t ChunkSums(uint64_t elements)
{
    uint64_t sums = 0;
    uint64_t level = elements;
    do {
        level = (level + BCE_CHUNK - 1) / BCE_CHUNK;
        sums += level;
    } while (level > 1);
    return sums;
}

ge::graphStatus TilingBinaryCrossEntropyWithLogits(gert::TilingContext* context)
{
    const gert::Shape& shape = context->GetInputShape(SELF)->GetStorageShape();
    const ge::DataType logits = context->GetInputDesc(SELF)->GetDataType();
    const ge::DataType target = context->GetInputDesc(TARGET)->GetDataType();
    const int64_t reduction = *context->GetAttrs()->GetInt(0);
    auto* tiling = context->GetTilingData<BceLossTilingData>();
    size_t* workspace = context->GetWorkspaceSizes(1);
    if (tiling == nullptr || workspace == nullptr) {
        return ge::GRAPH_FAILED;
    }

    tiling->elements = static_cast<uint64_t>(shape.GetShapeSize());
    tiling->divisor = reduction == MEAN ? static_cast<float>(tiling->elements) : 1.0f;
    if (MakeOperand(context->GetOptionalInputShape(WEIGHT), shape, tiling->weight) != ge::GRAPH_SUCCESS ||
        MakeOperand(context->GetOptionalInputShape(POS_WEIGHT), shape, tiling->posWeight) !=
            ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }

    const BceOperand whole{tiling->elements, {}, {}, 1, 0};
    uint64_t bytes = ReaderBytes(logits, whole) + ReaderBytes(target, whole) + ScratchBytes() +
                     ReaderBytes(ge::DT_FLOAT, tiling->weight) + ReaderBytes(ge::DT_FLOAT, tiling->posWeight);
    uint64_t fixedBytes = 0;
    workspace[0] = platform_ascendc::PlatformAscendC(context->GetPlatformInfo()).GetLibApiWorkSpaceSize();
    if (reduction == NONE) {
        bytes += WriterBytes(target) + sizeof(float);
        context->SetTilingKey(BCE_TILING_KEY_ELEMENTWISE);
    } else {
        fixedBytes = REDUCTION_BYTES;
        workspace[0] += ChunkSums(tiling->elements) * sizeof(float);
        context->SetTilingKey(BCE_TILING_KEY_REDUCE);
        context->SetScheduleMode(1);  // all blocks start together, or SyncAll waits for ever
    }
    if (TileLength(context, fixedBytes, bytes, {&tiling->weight, &tiling->posWeight}, tiling->tileLength) !=
        ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }
    return SetBlocks(context, tiling->elements);
}

}  // namespace
}  // namespace optiling

namespace ge {

static graphStatus InferShapeBinaryCrossEntropyWithLogits(gert::InferShapeContext* context)
{
    const gert::Shape* self = context->GetInputShape(optiling::SELF);
    gert::Shape* out = context->GetOutputShape(0);
    if (self == nullptr || out == nullptr || context->GetAttrs() == nullptr) {
        return GRAPH_FAILED;
    }
    if (*context->GetAttrs()->GetInt(0) == optiling::NONE) {
        *out = *self;
    } else {
        out->SetDimNum(0);
    }
    return GRAPH_SUCCESS;
}

static graphStatus InferDataTypeBinaryCrossEntropyWithLogits(gert::InferDataTypeContext* context)
{
    return context->SetOutputDataType(0, context->GetInputDataType(optiling::TARGET));
}

}  // namespace ge

namespace ops {

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

        this->SetInferShape(ge::InferShapeBinaryCrossEntropyWithLogits)
            .SetInferDataType(ge::InferDataTypeBinaryCrossEntropyWithLogits);
        this->AICore()
            .SetTiling(optiling::TilingBinaryCrossEntropyWithLogits)
            .AddConfig("ascend910b")
            .AddConfig("ascend910_93");
    }
};
OP_ADD(BinaryCrossEntropyWithLogits);

}  // namespace ops
