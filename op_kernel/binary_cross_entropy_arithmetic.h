// SPDX-License-Identifier: Apache-2.0
// The arithmetic of binary cross-entropy with logits as AscendC instruction sequences on float32 tiles.
//
// Notation: x logits, t target, p pos_weight, L = ln(1 + exp(-|x|)). Nothing here relies on a multiply-add that
// rounds once, and every exp has an argument of at most 0. Functions overwrite x and t; the result may be t.
#pragma once

#include "kernel_operator.h"
#include "tile_io.h"

namespace bce {

// Tiles of intermediate results, side by side in one buffer.
class Scratch {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, uint32_t tileLength)
    {
        tileLength_ = tileLength;
        pipe.InitBuffer(buffer_, BCE_SCRATCH_TILES * tileLength * sizeof(float));
    }
    __aicore__ inline Tile operator[](uint32_t i) { return buffer_.Get<float>()[i * tileLength_]; }

private:
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer_;
    uint32_t tileLength_ = 0;
};

// x <- ln(1 + exp(x)) for x <= 0. With e = exp(x) and u = 1 + e rounded, ln(u) misses what the rounding of u lost.
// That is e - (u - 1), which float32 computes exactly, and 1 / u of it would be too fine a correction to see.
__aicore__ inline void LogOnePlusExp(const Tile& x, const Tile& u, const Tile& rounded, int32_t count)
{
    AscendC::Exp(x, x, count);
    AscendC::Adds(u, x, 1.0f, count);
    AscendC::Adds(rounded, u, -1.0f, count);
    AscendC::Sub(x, x, rounded, count);
    AscendC::Ln(u, u, count);
    AscendC::Add(x, x, u, count);
}

// loss <- max(L - t x, L + (1 - t) x), which is L - t x + max(x, 0) without its cancellation, for every t.
__aicore__ inline void Loss(const Tile& loss, const Tile& x, const Tile& t, Scratch& scratch, int32_t count)
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

// loss <- p t softplus(-x) + (1 - t) softplus(x) with softplus(-x) = L - min(x, 0) and softplus(x) = L + max(x, 0):
// unlike 1 + (p - 1) t, no factor cancels.
__aicore__ inline void LossPosWeight(const Tile& loss, const Tile& x, const Tile& t, const Tile& p, Scratch& scratch,
                                     int32_t count)
{
    const Tile q = scratch[0], logTerm = scratch[1], u = scratch[2], v = scratch[3];
    AscendC::Mins(q, x, 0.0f, count);
    AscendC::Relu(x, x, count);
    AscendC::Sub(logTerm, q, x, count); // -|x|
    LogOnePlusExp(logTerm, u, v, count);
    AscendC::Sub(q, logTerm, q, count);
    AscendC::Add(x, x, logTerm, count);
    AscendC::Adds(v, t, -1.0f, count);
    AscendC::Mul(x, x, v, count);
    AscendC::Mul(t, t, p, count);
    AscendC::Mul(q, q, t, count);
    AscendC::Sub(loss, q, x, count);
}

// Infinite logits make 0 x inf in a loss whose limit is 0. The two functions below stand around the loss in a pass
// that is only taken where a NaN was seen: the first replaces +-inf by the largest float and keeps the difference,
// the second lets a loss that is not 0 there grow to its limit.
__aicore__ inline void ClampInfinity(const Tile& x, Scratch& scratch, int32_t count)
{
    constexpr float LARGEST = 3.402823466e+38f;
    const Tile excess = scratch[4], clamped = scratch[0];
    AscendC::Mins(clamped, x, LARGEST, count);
    AscendC::Maxs(clamped, clamped, -LARGEST, count);
    AscendC::Sub(excess, x, clamped, count); // 0, +-inf or NaN
    AscendC::Muls(x, clamped, 1.0f, count);
}

__aicore__ inline void RestoreInfinity(const Tile& loss, Scratch& scratch, int32_t count)
{
    constexpr float LARGEST = 3.402823466e+38f;
    const Tile excess = scratch[4], limit = scratch[0], negated = scratch[1];
    AscendC::Abs(excess, excess, count);
    AscendC::Muls(negated, excess, -1.0f, count);
    AscendC::Muls(limit, loss, LARGEST, count);
    AscendC::Min(limit, limit, excess, count);
    AscendC::Max(limit, limit, negated, count);
    AscendC::Add(loss, loss, limit, count);
    // NaN logits stay NaN even where Min and Max drop it: exp(-|excess|) is 1, 0 or NaN.
    AscendC::Exp(negated, negated, count);
    AscendC::Muls(negated, negated, 0.0f, count);
    AscendC::Add(loss, loss, negated, count);
}

// gradient <- ((t - 1) a + p t b) / (a + b) with a = exp(min(x, 0)) and b = exp(min(-x, 0)): minus the derivative
// of the loss, (1 - t) sigmoid(x) - p t sigmoid(-x), with neither sigmoid rounded to 0 before its time.
__aicore__ inline void NegatedGradient(const Tile& gradient, const Tile& x, const Tile& t, Scratch& scratch,
                                       int32_t count, bool hasPosWeight, const Tile& p)
{
    const Tile a = scratch[0], v = scratch[1];
    AscendC::Mins(a, x, 0.0f, count);
    AscendC::Muls(x, x, -1.0f, count);
    AscendC::Mins(x, x, 0.0f, count);
    AscendC::Exp(a, a, count);
    AscendC::Exp(x, x, count);
    AscendC::Adds(v, t, -1.0f, count);
    AscendC::Mul(v, v, a, count);
    if (hasPosWeight) {
        AscendC::Mul(t, t, p, count);
    }
    AscendC::Mul(t, t, x, count);
    AscendC::Add(v, v, t, count);
    AscendC::Add(a, a, x, count);
    AscendC::Div(gradient, v, a, count);
}

} // namespace bce
