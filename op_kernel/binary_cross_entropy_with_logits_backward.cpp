// SPDX-License-Identifier: Apache-2.0
// The gradient of the loss on logits x with respect to x: (1 - t) sigmoid(x) - p t sigmoid(-x), with target t
// and pos_weight p.
#include "gradient_pipeline.h"
#include "kernel_operator.h"

namespace bce {

struct LogitsGradient {
    static constexpr float SIGN = -1.0f;
    static constexpr bool READS_TARGET = true;

    // ((t - 1) a + p t b) / (a + b) with a = exp(min(x, 0)) and b = exp(min(-x, 0)): neither sigmoid is
    // rounded to 0 before its time, and no exp overflows.
    static __aicore__ inline void Gradient(const Tile& gradient, const Tile& x, const Tile& t, const Tile* p,
                                           Scratch& scratch, int32_t count)
    {
        const Tile a = scratch[0], v = scratch[1];
        AscendC::Mins(a, x, 0.0f, count);
        AscendC::Muls(x, x, -1.0f, count);
        AscendC::Mins(x, x, 0.0f, count);
        AscendC::Exp(a, a, count);
        AscendC::Exp(x, x, count);
        AscendC::Adds(v, t, -1.0f, count);
        AscendC::Mul(v, v, a, count);
        if (p != nullptr) {
            AscendC::Mul(t, t, *p, count);
        }
        AscendC::Mul(t, t, x, count);
        AscendC::Add(v, v, t, count);
        AscendC::Add(a, a, x, count);
        AscendC::Div(gradient, v, a, count);
    }
};

}  // namespace bce

extern "C" __global__ __aicore__ void binary_cross_entropy_with_logits_backward(
    GM_ADDR grad_output, GM_ADDR self, GM_ADDR target, GM_ADDR weight, GM_ADDR pos_weight, GM_ADDR out,
    GM_ADDR workspace, GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceGradientTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceGradientTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::GradientPipeline<bce::LogitsGradient, DTYPE_GRAD_OUTPUT, DTYPE_SELF, DTYPE_TARGET, DTYPE_OUT> op;
        op.Init(pipe, grad_output, self, target, weight, pos_weight, out, tilingData);
        op.Process();
    }
}
