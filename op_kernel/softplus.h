// SPDX-License-Identifier: Apache-2.0
// The functions of logits that losses and gradients are made of, on float32 tiles, each within a few ULP.
//
// Nothing here relies on a multiply-add that rounds once, and every exp has an argument of at most 0.
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

}  // namespace bce
