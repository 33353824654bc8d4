// SPDX-License-Identifier: Apache-2.0
#include "../op_kernel/template_scale_tiling_key.h"
#include "register/op_def_registry.h"

namespace optiling {

static ge::graphStatus Tiling(gert::TilingContext* context)
{
    *context->GetTilingData<uint32_t>() =
        static_cast<uint32_t>(context->GetInputShape(0)->GetStorageShape().GetShapeSize());
    const auto type = static_cast<uint32_t>(context->GetInputDesc(0)->GetDataType());
    const auto factor = static_cast<uint32_t>(*context->GetAttrs()->GetInt(0));
    const uint32_t negate = *context->GetAttrs()->GetBool(1) ? 1 : 0;
    ASCENDC_TPL_SEL_PARAM(context, type, factor, negate);
    context->SetBlockDim(1);
    return ge::GRAPH_SUCCESS;
}

}  // namespace optiling

namespace ops {

class TemplateScale : public OpDef {
public:
    explicit TemplateScale(const char* name) : OpDef(name)
    {
        Input("x").ParamType(REQUIRED).DataType({ge::DT_FLOAT16, ge::DT_FLOAT}).FormatList({ge::FORMAT_ND});
        Output("y").ParamType(REQUIRED).DataType({ge::DT_FLOAT16, ge::DT_FLOAT}).FormatList({ge::FORMAT_ND});
        Attr("factor").AttrType(REQUIRED).Int();
        Attr("negate").AttrType(REQUIRED).Bool();
        AICore().SetTiling(optiling::Tiling).AddConfig("ascend910b");
    }
};

OP_ADD(TemplateScale);

}  // namespace ops
