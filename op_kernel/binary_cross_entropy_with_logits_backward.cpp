// SPDX-License-Identifier: Apache-2.0
// The gradient of the loss on logits with respect to them (logits.h).
#include "gradient_pipeline.h"
#include "kernel_operator.h"
#include "logits.h"

extern "C" __global__ __aicore__ void binary_cross_entropy_with_logits_backward(
    GM_ADDR grad_output, GM_ADDR self, GM_ADDR target, GM_ADDR weight, GM_ADDR pos_weight, GM_ADDR out,
    GM_ADDR workspace, GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceGradientTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceGradientTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::GradientPipeline<bce::Logits, DTYPE_GRAD_OUTPUT, DTYPE_SELF, DTYPE_TARGET, DTYPE_OUT> op;
        op.Init(pipe, grad_output, self, target, weight, pos_weight, out, tilingData);
        op.Process();
    }
}
