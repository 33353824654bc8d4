// SPDX-License-Identifier: Apache-2.0
// The functions of logits and probabilities that losses and gradients are made of, on float32 tiles, each
// within a few ULP. Nothing here relies on a multiply-add that rounds once, and every exp has an argument of
// at most 0.
#pragma once

#include "kernel_operator.h"
#include "tile_io.h"

namespace bce {

// x <- ln(1 + exp(x)) for x <= 0. With e = exp(x) and u = 1 + e rounded, ln(u) misses what the rounding of u
// lost. That is e - (u - 1), which float32 computes exactly, and 1 / u of it would be too fine a correction
// to see.
__aicore__ inline void LogOnePlusExp(const Tile& x, const Tile& u, const Tile& rounded, int32_t count)
{
    AscendC::Exp(x, x, count);
    AscendC::Adds(u, x, 1.0f, count);
    AscendC::Adds(rounded, u, -1.0f, count);
    AscendC::Sub(x, x, rounded, count);
    AscendC::Ln(u, u, count);
    AscendC::Add(x, x, u, count);
}

// x <- softplus(x) = L + max(x, 0) and negative <- softplus(-x) = L - min(x, 0), with L = ln(1 + exp(-|x|)).
__aicore__ inline void Softplus(const Tile& x, const Tile& negative, const Tile& logTerm, const Tile& u,
                                const Tile& rounded, int32_t count)
{
    AscendC::Mins(negative, x, 0.0f, count);
    AscendC::Relu(x, x, count);
    AscendC::Sub(logTerm, negative, x, count);  // -|x|
    LogOnePlusExp(logTerm, u, rounded, count);
    AscendC::Sub(negative, logTerm, negative, count);
    AscendC::Add(x, x, logTerm, count);
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

}  // namespace bce
