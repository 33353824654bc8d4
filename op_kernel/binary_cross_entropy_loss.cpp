// SPDX-License-Identifier: Apache-2.0
// The loss on probabilities x: -t ln(x) - (1 - t) ln(1 - x), with target t and both logarithms held above
// -100.
#include "elementary_functions.h"
#include "kernel_operator.h"
#include "loss_pipeline.h"

namespace bce {

struct LossOfProbabilities {
    static constexpr bool SPLITS = false;

    // No limits to take: the logarithms are finite, so 0 times one of them is 0.
    template <bool LIMITS, typename Input, typename Target>
    static __aicore__ inline void Loss(const Tile& loss, const Tile& x, const Tile& t, const Tile*,
                                       const Scratch& scratch, int32_t count)
    {
        constexpr float LEAST_LOGARITHM = -100.0f;
        const Tile complement = scratch[0], v = scratch[1];
        LogOneMinus(complement, x, v, count);
        AscendC::Maxs(complement, complement, LEAST_LOGARITHM, count);
        AscendC::Ln(x, x, count);
        AscendC::Maxs(x, x, LEAST_LOGARITHM, count);
        AscendC::Adds(v, t, -1.0f, count);
        AscendC::Mul(complement, complement, v, count);
        AscendC::Mul(x, x, t, count);
        AscendC::Sub(loss, complement, x, count);
    }

    static __aicore__ inline void RestoreLimits(const Tile&, const Scratch&, int32_t) {}
};

}  // namespace bce

extern "C" __global__ __aicore__ void binary_cross_entropy_loss(GM_ADDR self, GM_ADDR target, GM_ADDR weight,
                                                                GM_ADDR out, GM_ADDR workspace,
                                                                GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceLossTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceLossTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::LossPipeline<bce::LossOfProbabilities, DTYPE_SELF, DTYPE_TARGET, bce::Result::LOSS> op;
        op.Init(pipe, self, target, weight, nullptr, out, nullptr, workspace, tilingData);
        op.Process();
    } else if (TILING_KEY_IS(BCE_TILING_KEY_REDUCE)) {
        KERNEL_TASK_TYPE(BCE_TILING_KEY_REDUCE, KERNEL_TYPE_MIX_AIV_1_0);  // SyncAll needs it
        bce::LossPipeline<bce::LossOfProbabilities, DTYPE_SELF, DTYPE_TARGET, bce::Result::SUM> op;
        op.Init(pipe, self, target, weight, nullptr, out, nullptr, AscendC::GetUserWorkspace(workspace),
                tilingData);
        op.Process();
    }
}
