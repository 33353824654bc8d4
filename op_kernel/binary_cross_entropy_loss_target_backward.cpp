// SPDX-License-Identifier: Apache-2.0
// The gradient of the loss on probabilities x with respect to the target: ln(1 - x) - ln(x), not held above
// -100 as the logarithms of the loss are (which is what PyTorch does).
#include "elementary_functions.h"
#include "gradient_pipeline.h"
#include "kernel_operator.h"

namespace bce {

struct ProbabilityTargetGradient {
    static constexpr float GRADIENT_SIGN = 1.0f;
    static constexpr bool READS_TARGET = false;

    static __aicore__ inline void Gradient(const Tile& gradient, const Tile& x, const Tile&, const Tile*,
                                           const Scratch& scratch, int32_t count)
    {
        const Tile complement = scratch[0];
        LogOneMinus(complement, x, scratch[1], count);
        AscendC::Ln(x, x, count);
        AscendC::Sub(gradient, complement, x, count);
    }
};

}  // namespace bce

extern "C" __global__ __aicore__ void binary_cross_entropy_loss_target_backward(GM_ADDR grad_output,
                                                                                GM_ADDR self, GM_ADDR target,
                                                                                GM_ADDR weight, GM_ADDR out,
                                                                                GM_ADDR workspace,
                                                                                GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceGradientTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceGradientTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::GradientPipeline<bce::ProbabilityTargetGradient, DTYPE_GRAD_OUTPUT, DTYPE_SELF, DTYPE_TARGET,
                              DTYPE_OUT>
            op;
        op.Init(pipe, grad_output, self, target, weight, nullptr, out, tilingData);
        op.Process();
    }
}
