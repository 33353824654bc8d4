// SPDX-License-Identifier: Apache-2.0
// Loss and gradient on logits x, with target t and pos_weight p:
//     loss      p t softplus(-x) + (1 - t) softplus(x)
//     gradient  (1 - t) sigmoid(x) - p t sigmoid(-x)
//
// L is ln(1 + e) with e = exp(-|x|). Tiles of inputs are overwritten. loss_pipeline.h and gradient_pipeline.h
// say what they call.
#pragma once

#include "elementary_functions.h"
#include "kernel_operator.h"
#include "tile_io.h"

namespace bce {

class Logits {
public:
    static constexpr float GRADIENT_SIGN = -1.0f;
    static constexpr bool READS_TARGET = true;

    static constexpr bool SPLITS = true;

    // Without p the loss is a margin, relu(x) - t x, plus L: for a target in [0, 1] both are at least 0, so
    // their sum cancels nothing. Nor does the margin as max(-t x, (1 - t) x). A product of two half values is
    // exact in float32, so theirs can be had from relu(x) with a single rounding.
    template <bool LIMITS, typename Input, typename Target>
    static __aicore__ inline void Split(const Tile& x, const Tile& t, const Scratch& scratch, int32_t count)
    {
        if constexpr (LIMITS) {
            ClampInfinity(x, scratch, count);
        }
        const Tile y = scratch[0];
        AscendC::Muls(y, x, -1.0f, count);
        if constexpr (PRODUCT_IS_EXACT<Input, Target>) {
            const Tile relu = scratch[1];
            AscendC::Relu(relu, x, count);
            AscendC::FusedMulAdd(t, y, relu, count);
            AscendC::Min(x, x, y, count);
        } else {
            const Tile v = scratch.Alongside(1);
            AscendC::Adds(v, t, -1.0f, count);
            AscendC::Min(x, x, y, count);
            Margin(t, y, v, count);
        }
        AscendC::Exp(x, x, count);
    }

    static __aicore__ inline void Join(const Tile& loss, const Tile& e, const Tile& margin,
                                       const Scratch& scratch, int32_t count)
    {
        LogOnePlus(e, scratch[0], scratch[1], count);
        AscendC::Add(loss, margin, e, count);
    }

    template <bool LIMITS, typename Input, typename Target>
    static __aicore__ inline void Loss(const Tile& loss, const Tile& x, const Tile& t, const Tile* p,
                                       const Scratch& scratch, int32_t count)
    {
        if constexpr (LIMITS) {
            ClampInfinity(x, scratch, count);
        }
        if (p != nullptr) {
            const Tile negative = scratch[0], v = scratch[3];
            Softplus(x, negative, scratch.Alongside(1), scratch[2], v, count);
            AscendC::Adds(v, t, -1.0f, count);
            AscendC::Mul(t, t, *p, count);
            PosWeightedLoss(loss, x, negative, t, v, count);
        } else {
            Split<false, Input, Target>(x, t, scratch, count);
            Join(loss, x, t, scratch, count);
        }
        if constexpr (LIMITS) {
            ClampLoss(loss, scratch, count);
        }
    }

    // Lets a weighted loss that is not 0 at an infinite logit grow to its limit.
    static __aicore__ inline void RestoreLimits(const Tile& loss, const Scratch& scratch, int32_t count)
    {
        const Tile excess = scratch.Last(), limit = scratch[0], negated = scratch[1];
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

    // ((t - 1) a + p t b) / (a + b) with a = exp(min(x, 0)) and b = exp(min(-x, 0)): neither sigmoid is
    // rounded to 0 before its time, and no exp overflows.
    static __aicore__ inline void Gradient(const Tile& gradient, const Tile& x, const Tile& t, const Tile* p,
                                           const Scratch& scratch, int32_t count)
    {
        const Tile a = scratch[0], v = scratch.Alongside(1), u = scratch.Alongside(2);
        AscendC::Mins(a, x, 0.0f, count);
        AscendC::Muls(x, x, -1.0f, count);
        AscendC::Mins(x, x, 0.0f, count);
        AscendC::Exp(a, a, count);
        AscendC::Exp(x, x, count);
        AscendC::Add(u, a, x, count);
        AscendC::Adds(v, t, -1.0f, count);
        if (p != nullptr) {
            AscendC::Mul(t, t, *p, count);
        }
        AscendC::Mul(v, v, a, count);
        AscendC::Mul(x, x, t, count);
        AscendC::Add(v, v, x, count);
        AscendC::Div(gradient, v, u, count);
    }

    // The steps of Loss and Gradient in an order that shares both exponentials: exp(-|x|) is the smaller, and
    // 1 + exp(-|x|) their sum. So the results are the same bits. Without p the loss is left split.
    template <typename Input, typename Target>
    static __aicore__ inline void LossAndGradient(const Tile& gradient, const Tile& x, const Tile& t,
                                                  const Tile* p, const Scratch& scratch, int32_t count)
    {
        const Tile a = scratch[0], y = scratch[1], u = scratch[2];
        const Tile v = p != nullptr ? scratch.Alongside(3) : gradient;
        AscendC::Muls(y, x, -1.0f, count);
        AscendC::Mins(a, x, 0.0f, count);
        if (PRODUCT_IS_EXACT<Input, Target> && p == nullptr) {
            AscendC::Relu(scratch[3], x, count);
        }
        AscendC::Mins(x, y, 0.0f, count);
        AscendC::Exp(a, a, count);
        AscendC::Exp(x, x, count);
        AscendC::Adds(v, t, -1.0f, count);
        if (p != nullptr) {
            AscendC::Mul(t, t, *p, count);
        }
        AscendC::Mul(u, t, x, count);
        if (p == nullptr) {
            if constexpr (PRODUCT_IS_EXACT<Input, Target>) {
                AscendC::FusedMulAdd(t, y, scratch[3], count);
            } else {
                Margin(t, y, v, count);
            }
        }
        AscendC::Mul(gradient, v, a, count);
        AscendC::Add(gradient, gradient, u, count);
        AscendC::Add(u, a, x, count);
        AscendC::Min(x, a, x, count);
        AscendC::Div(gradient, gradient, u, count);

        if (p != nullptr) {
            LogOfRoundedSum(x, u, a, count);
            AscendC::Relu(a, y, count);  // -min(x, 0)
            AscendC::Add(a, a, x, count);
            AscendC::Mins(y, y, 0.0f, count);  // -max(x, 0)
            AscendC::Sub(y, x, y, count);
            PosWeightedLoss(t, y, a, t, v, count);
        }
    }

private:
    template <typename Input, typename Target>
    static constexpr bool PRODUCT_IS_EXACT = sizeof(Input) == 2 && sizeof(Target) == 2;

    // t <- max(-t x, (1 - t) x), given y = -x and v = t - 1. Overwrites y.
    static __aicore__ inline void Margin(const Tile& t, const Tile& y, const Tile& v, int32_t count)
    {
        AscendC::Mul(t, y, t, count);
        AscendC::Mul(y, y, v, count);
        AscendC::Max(t, t, y, count);
    }

    // Unlike in 1 + (p - 1) t, no factor of the two softplus terms cancels. Given softplus(x), softplus(-x),
    // p t and v = t - 1.
    static __aicore__ inline void PosWeightedLoss(const Tile& loss, const Tile& positive,
                                                  const Tile& negative, const Tile& pt, const Tile& v,
                                                  int32_t count)
    {
        AscendC::Mul(positive, positive, v, count);
        AscendC::Mul(negative, negative, pt, count);
        AscendC::Sub(loss, negative, positive, count);
    }

    // Infinite logits make 0 x inf in a loss whose limit is 0. So +-inf is replaced by the largest float, and
    // the difference kept in the last scratch tile for RestoreLimits.
    static __aicore__ inline void ClampInfinity(const Tile& x, const Scratch& scratch, int32_t count)
    {
        const Tile excess = scratch.Last();
        Clamp(x, excess, scratch[0], count);
        AscendC::Abs(excess, excess, count);
    }

    // So is the loss, which pos_weight may have brought beyond the largest float: a weight may be 0, too.
    static __aicore__ inline void ClampLoss(const Tile& loss, const Scratch& scratch, int32_t count)
    {
        const Tile excess = scratch[1];
        Clamp(loss, excess, scratch[0], count);
        AscendC::Abs(excess, excess, count);
        AscendC::Add(scratch.Last(), scratch.Last(), excess, count);
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
