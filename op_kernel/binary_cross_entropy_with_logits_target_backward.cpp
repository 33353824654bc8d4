// SPDX-License-Identifier: Apache-2.0
// The gradient of the loss on logits x with respect to the target: p softplus(-x) - softplus(x), with
// pos_weight p.
#include "elementary_functions.h"
#include "gradient_pipeline.h"
#include "kernel_operator.h"

namespace bce {

struct LogitsTargetGradient {
    static constexpr float GRADIENT_SIGN = 1.0f;
    static constexpr bool READS_TARGET = false;

    static __aicore__ inline void Gradient(const Tile& gradient, const Tile& x, const Tile&, const Tile* p,
                                           const Scratch& scratch, int32_t count)
    {
        if (p == nullptr) {  // softplus(-x) - softplus(x) is exactly -x
            AscendC::Muls(gradient, x, -1.0f, count);
            return;
        }
        const Tile negative = scratch[0];
        Softplus(x, negative, scratch.Alongside(1), scratch[2], scratch[3], count);
        AscendC::Mul(negative, negative, *p, count);
        AscendC::Sub(gradient, negative, x, count);
    }
};

}  // namespace bce

extern "C" __global__ __aicore__ void binary_cross_entropy_with_logits_target_backward(
    GM_ADDR grad_output, GM_ADDR self, GM_ADDR target, GM_ADDR weight, GM_ADDR pos_weight, GM_ADDR out,
    GM_ADDR workspace, GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceGradientTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceGradientTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::GradientPipeline<bce::LogitsTargetGradient, DTYPE_GRAD_OUTPUT, DTYPE_SELF, DTYPE_TARGET,
                              DTYPE_OUT>
            op;
        op.Init(pipe, grad_output, self, target, weight, pos_weight, out, tilingData);
        op.Process();
    }
}
