// SPDX-License-Identifier: Apache-2.0
// The functions of logits and probabilities that losses and gradients are made of, on float32 tiles, each
// within a few ULP. Nothing here relies on a multiply-add that rounds once, and every exp has an argument of
// at most 0.
#pragma once

#include "kernel_operator.h"
#include "tile_io.h"

namespace bce {

// e <- ln(1 + e) for e >= 0, given u = 1 + e rounded. ln(u) misses what the rounding of u lost. That is
// (e - (u - 1)) / u, whose numerator float32 computes exactly. For e <= 1 the divisor is too fine to see; for
// e <= 255 it is worth 3e-6 of the result. Overwrites u.
template <bool DIVIDES = false>
__aicore__ inline void LogOfRoundedSum(const Tile& e, const Tile& u, const Tile& rounded, int32_t count)
{
    AscendC::Adds(rounded, u, -1.0f, count);
    AscendC::Sub(e, e, rounded, count);
    if constexpr (DIVIDES) {
        AscendC::Div(e, e, u, count);
    }
    AscendC::Ln(u, u, count);
    AscendC::Add(e, e, u, count);
}

// e <- ln(1 + e) for e >= 0, likewise.
template <bool DIVIDES = false>
__aicore__ inline void LogOnePlus(const Tile& e, const Tile& u, const Tile& rounded, int32_t count)
{
    AscendC::Adds(u, e, 1.0f, count);
    LogOfRoundedSum<DIVIDES>(e, u, rounded, count);
}

// log <- ln(1 - x) for x in [0, 1]. As above: with u = 1 - x rounded, (u - 1) + x is exactly what the
// rounding added.
__aicore__ inline void LogOneMinus(const Tile& log, const Tile& x, const Tile& rounded, int32_t count)
{
    AscendC::Muls(log, x, -1.0f, count);
    AscendC::Adds(log, log, 1.0f, count);
    AscendC::Adds(rounded, log, -1.0f, count);
    AscendC::Add(rounded, rounded, x, count);
    AscendC::Ln(log, log, count);
    AscendC::Sub(log, log, rounded, count);
}

// x <- softplus(x) = L + max(x, 0) and negative <- softplus(-x) = L - min(x, 0), with L = ln(1 + exp(-|x|)).
// logTerm should be alongside x, the others not.
__aicore__ inline void Softplus(const Tile& x, const Tile& negative, const Tile& logTerm, const Tile& u,
                                const Tile& rounded, int32_t count)
{
    AscendC::Mins(negative, x, 0.0f, count);
    AscendC::Relu(x, x, count);
    AscendC::Sub(logTerm, negative, x, count);  // -|x|
    AscendC::Exp(logTerm, logTerm, count);
    LogOnePlus(logTerm, u, rounded, count);
    AscendC::Sub(negative, logTerm, negative, count);
    AscendC::Add(x, x, logTerm, count);
}

// Halves `repeats` pairs of 64 values: pair r of `values` becomes the 64 values r of `result`.
__aicore__ inline void AddPairs(const Tile& result, const Tile& values, uint8_t repeats)
{
    AscendC::Add(result, values, values[64], static_cast<uint64_t>(64), repeats, {1, 1, 1, 8, 16, 16});
}

// The same with 1 + result = (1 + e) (1 + f) for a pair of e and f, which keeps the accuracy of the smallest.
// PRECISE takes a slower instruction, for which pairs of equal values are rounded but once.
template <bool PRECISE>
__aicore__ inline void MultiplyPairs(const Tile& result, const Tile& values, uint8_t repeats)
{
    constexpr uint64_t ALL = 64;
    if constexpr (PRECISE) {
        AddPairs(result, values, repeats);
        AscendC::MulAddDst(result, values, values[64], ALL, repeats, {1, 1, 1, 8, 16, 16});
    } else {
        AscendC::Adds(result, values, 1.0f, ALL, repeats, {1, 1, 8, 16});
        AscendC::FusedMulAdd(result, values[64], values, ALL, repeats, {1, 1, 1, 8, 16, 16});
    }
}

}  // namespace bce
