// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "../op_kernel/scaled_add_tiling.h"
#include "register/op_def_registry.h"
#include "tiling/platform/platform_ascendc.h"

namespace optiling {

static ge::graphStatus Tiling(gert::TilingContext* context)
{
    const platform_ascendc::PlatformAscendC platform(context->GetPlatformInfo());
    auto* tiling = context->GetTilingData<ScaledAddTiling>();
    tiling->elements = static_cast<uint64_t>(context->GetInputShape(0)->GetStorageShape().GetShapeSize());
    tiling->tileLength = 256;
    tiling->alpha = *context->GetAttrs()->GetFloat(0);
    const uint64_t tiles = (tiling->elements + tiling->tileLength - 1) / tiling->tileLength;
    context->SetBlockDim(static_cast<uint32_t>(std::min<uint64_t>(tiles, platform.GetCoreNumAiv())));
    context->SetTilingKey(context->GetOptionalInputShape(1) == nullptr ? 1 : 0);
    context->GetWorkspaceSizes(1)[0] = platform.GetLibApiWorkSpaceSize();
    return ge::GRAPH_SUCCESS;
}

}  // namespace optiling

namespace ops {

class ScaledAdd : public OpDef {
public:
    explicit ScaledAdd(const char* name) : OpDef(name)
    {
        Param(Input("x"), REQUIRED);
        Param(Input("y"), OPTIONAL);
        Param(Output("z"), REQUIRED);
        Attr("alpha_value").AttrType(OPTIONAL).Float(1.0f);
        SetInferShape([](gert::InferShapeContext* context) -> ge::graphStatus {
            *context->GetOutputShape(0) = *context->GetInputShape(0);
            return ge::GRAPH_SUCCESS;
        });
        AICore().SetTiling(optiling::Tiling).AddConfig("ascend910b").AddConfig("ascend910_93");
    }

private:
    static void Param(OpParamDef& param, Option option)
    {
        param.ParamType(option).DataType({ge::DT_FLOAT, ge::DT_FLOAT16}).AutoContiguous();
        param.Format({ge::FORMAT_ND, ge::FORMAT_ND}).UnknownShapeFormat({ge::FORMAT_ND, ge::FORMAT_ND});
    }
};

OP_ADD(ScaledAdd);

}  // namespace ops
