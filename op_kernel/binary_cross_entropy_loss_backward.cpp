// SPDX-License-Identifier: Apache-2.0
// The gradient of the loss on probabilities x with respect to x: (x - t) / max(x (1 - x), 1e-12), with target
// t.
#include "gradient_pipeline.h"
#include "kernel_operator.h"

namespace bce {

struct ProbabilityGradient {
    static constexpr float GRADIENT_SIGN = 1.0f;
    static constexpr bool READS_TARGET = true;

    static __aicore__ inline void Gradient(const Tile& gradient, const Tile& x, const Tile& t, const Tile*,
                                           const Scratch& scratch, int32_t count)
    {
        constexpr float LEAST_DENOMINATOR = 1e-12f;
        const Tile denominator = scratch[0];
        AscendC::Muls(denominator, x, -1.0f, count);
        AscendC::Adds(denominator, denominator, 1.0f, count);
        AscendC::Mul(denominator, denominator, x, count);
        AscendC::Maxs(denominator, denominator, LEAST_DENOMINATOR, count);
        AscendC::Sub(x, x, t, count);
        AscendC::Div(gradient, x, denominator, count);
    }
};

}  // namespace bce

extern "C" __global__ __aicore__ void binary_cross_entropy_loss_backward(GM_ADDR grad_output, GM_ADDR self,
                                                                         GM_ADDR target, GM_ADDR weight,
                                                                         GM_ADDR out, GM_ADDR workspace,
                                                                         GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceGradientTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceGradientTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::GradientPipeline<bce::ProbabilityGradient, DTYPE_GRAD_OUTPUT, DTYPE_SELF, DTYPE_TARGET,
                              DTYPE_OUT>
            op;
        op.Init(pipe, grad_output, self, target, weight, nullptr, out, tilingData);
        op.Process();
    }
}
