// SPDX-License-Identifier: Apache-2.0
// The loss on logits x: p t softplus(-x) + (1 - t) softplus(x), with target t and pos_weight p.
#include "elementary_functions.h"
#include "kernel_operator.h"
#include "loss_pipeline.h"

namespace bce {

struct LossWithLogits {
    template <bool LIMITS>
    static __aicore__ inline void Loss(const Tile& loss, const Tile& x, const Tile& t, const Tile* p,
                                       Scratch& scratch, int32_t count)
    {
        if constexpr (LIMITS) {
            ClampInfinity(x, scratch, count);
        }
        if (p != nullptr) {
            PosWeighted(loss, x, t, *p, scratch, count);
        } else {
            Unweighted(loss, x, t, scratch, count);
        }
        if constexpr (LIMITS) {
            ClampLoss(loss, scratch, count);
        }
    }

    // Lets a weighted loss that is not 0 at an infinite logit grow to its limit.
    static __aicore__ inline void RestoreLimits(const Tile& loss, Scratch& scratch, int32_t count)
    {
        const Tile excess = scratch[4], limit = scratch[0], negated = scratch[1];
        AscendC::Muls(negated, excess, -1.0f, count);
        AscendC::Muls(limit, loss, LARGEST, count);
        AscendC::Min(limit, limit, excess, count);
        AscendC::Max(limit, limit, negated, count);
        AscendC::Add(loss, loss, limit, count);
        // NaN stays NaN even where Min and Max drop it: exp(-|excess|) is 1, 0 or NaN.
        AscendC::Exp(negated, negated, count);
        AscendC::Muls(negated, negated, 0.0f, count);
        AscendC::Add(loss, loss, negated, count);
    }

private:
    // max(L - t x, L + (1 - t) x) with L = ln(1 + exp(-|x|)), which is L - t x + max(x, 0) without its
    // cancellation, for every t.
    static __aicore__ inline void Unweighted(const Tile& loss, const Tile& x, const Tile& t, Scratch& scratch,
                                             int32_t count)
    {
        const Tile y = scratch[0], u = scratch[1], v = scratch[2];
        AscendC::Muls(y, x, -1.0f, count);
        AscendC::Min(x, x, y, count);
        LogOnePlusExp(x, u, v, count);
        AscendC::Adds(v, t, -1.0f, count);
        AscendC::FusedMulAdd(t, y, x, count);
        AscendC::FusedMulAdd(v, y, x, count);
        AscendC::Max(loss, t, v, count);
    }

    // Unlike 1 + (p - 1) t, no factor of the two softplus terms cancels.
    static __aicore__ inline void PosWeighted(const Tile& loss, const Tile& x, const Tile& t, const Tile& p,
                                              Scratch& scratch, int32_t count)
    {
        const Tile negative = scratch[0], logTerm = scratch[1], u = scratch[2], v = scratch[3];
        Softplus(x, negative, logTerm, u, v, count);
        AscendC::Adds(v, t, -1.0f, count);
        AscendC::Mul(x, x, v, count);
        AscendC::Mul(t, t, p, count);
        AscendC::Mul(negative, negative, t, count);
        AscendC::Sub(loss, negative, x, count);
    }

    // Infinite logits make 0 x inf in a loss whose limit is 0. So +-inf is replaced by the largest float, and
    // the difference kept in scratch[4] for RestoreLimits.
    static __aicore__ inline void ClampInfinity(const Tile& x, Scratch& scratch, int32_t count)
    {
        Clamp(x, scratch[4], scratch[0], count);
        AscendC::Abs(scratch[4], scratch[4], count);
    }

    // So is the loss, which pos_weight may have brought beyond the largest float: a weight may be 0, too.
    static __aicore__ inline void ClampLoss(const Tile& loss, Scratch& scratch, int32_t count)
    {
        const Tile excess = scratch[1];
        Clamp(loss, excess, scratch[0], count);
        AscendC::Abs(excess, excess, count);
        AscendC::Add(scratch[4], scratch[4], excess, count);
    }

    // excess: 0, +-inf or NaN.
    static __aicore__ inline void Clamp(const Tile& value, const Tile& excess, const Tile& clamped,
                                        int32_t count)
    {
        AscendC::Mins(clamped, value, LARGEST, count);
        AscendC::Maxs(clamped, clamped, -LARGEST, count);
        AscendC::Sub(excess, value, clamped, count);
        AscendC::Muls(value, clamped, 1.0f, count);
    }

    static constexpr float LARGEST = 3.402823466e+38f;
};

}  // namespace bce

extern "C" __global__ __aicore__ void binary_cross_entropy_with_logits(GM_ADDR self, GM_ADDR target,
                                                                       GM_ADDR weight, GM_ADDR pos_weight,
                                                                       GM_ADDR out, GM_ADDR workspace,
                                                                       GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceLossTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceLossTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::LossPipeline<bce::LossWithLogits, DTYPE_SELF, DTYPE_TARGET, false> op;
        op.Init(pipe, self, target, weight, pos_weight, out, workspace, tilingData);
        op.Process();
    } else if (TILING_KEY_IS(BCE_TILING_KEY_REDUCE)) {
        KERNEL_TASK_TYPE(BCE_TILING_KEY_REDUCE, KERNEL_TYPE_MIX_AIV_1_0);  // SyncAll needs it
        bce::LossPipeline<bce::LossWithLogits, DTYPE_SELF, DTYPE_TARGET, true> op;
        op.Init(pipe, self, target, weight, pos_weight, out, AscendC::GetUserWorkspace(workspace),
                tilingData);
        op.Process();
    }
}
