// SPDX-License-Identifier: Apache-2.0
#include "register/op_def_registry.h"
#include "register/tilingdata_base.h"

namespace optiling {

BEGIN_TILING_DATA_DEF(ReluInPlaceTiling)
TILING_DATA_FIELD_DEF(uint8_t, faulty);
TILING_DATA_FIELD_DEF(uint64_t, elements);
TILING_DATA_FIELD_DEF_ARR(float, 3, floors);
TILING_DATA_FIELD_DEF(uint32_t, tileLength);
END_TILING_DATA_DEF;

REGISTER_TILING_DATA_CLASS(ReluInPlace, ReluInPlaceTiling)

static ge::graphStatus Tiling(gert::TilingContext* context)
{
    const auto* floors = context->GetAttrs()->GetListFloat(0);
    const char* mode = context->GetAttrs()->GetStr(1);
    if (floors->GetSize() != 1) {
        return ge::GRAPH_FAILED;
    }
    ReluInPlaceTiling tiling;
    float values[3] = {-1.0f, floors->GetData()[0], -1.0f};
    tiling.set_faulty(mode[0] == 'f');
    tiling.set_elements(static_cast<uint64_t>(context->GetInputShape(0)->GetOriginShape().GetShapeSize()));
    tiling.set_floors(values);
    tiling.set_tileLength(512);
    tiling.SaveToBuffer(context->GetRawTilingData()->GetData(), context->GetRawTilingData()->GetCapacity());
    context->GetRawTilingData()->SetDataSize(tiling.GetDataSize());
    context->SetBlockDim(1);
    return ge::GRAPH_SUCCESS;
}

}  // namespace optiling

namespace ops {

class ReluInPlace : public OpDef {
public:
    explicit ReluInPlace(const char* name) : OpDef(name)
    {
        Input("x").ParamType(REQUIRED).DataType({ge::DT_FLOAT}).Format({ge::FORMAT_ND}).AutoContiguous();
        Output("x").ParamType(REQUIRED).DataType({ge::DT_FLOAT}).Format({ge::FORMAT_ND});
        Attr("floors").AttrType(OPTIONAL).ListFloat({0.0f});
        Attr("mode").AttrType(OPTIONAL).String("right");
        AICore().SetTiling(optiling::Tiling).AddConfig("ascend910b");
    }
};

OP_ADD(ReluInPlace);

}  // namespace ops
