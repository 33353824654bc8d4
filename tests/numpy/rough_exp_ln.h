// SPDX-License-Identifier: Apache-2.0
// Included before a kernel: makes its Exp and Ln as rough as those of a device may be. Each result is moved
// by one unit in the last place up, down or not at all, as a hash of it says. With FLUSH, subnormal numbers
// are flushed to zero.
#pragma once

#include <cstdint>

#include "kernel_operator.h"

namespace AscendC {

inline void Roughen(const LocalTensor<float>& results, int32_t count)
{
    auto* bits = reinterpret_cast<uint32_t*>(results.GetPhyAddr());
    for (int32_t i = 0; i < count; ++i) {
        const uint32_t magnitude = bits[i] & 0x7fffffff;
        if (magnitude != 0 && magnitude < 0x7f800000) {
            bits[i] += (bits[i] * 2654435761u >> 16) % 3 - 1;
        }
    }
}

inline void RoughExp(const LocalTensor<float>& results, const LocalTensor<float>& values, int32_t count)
{
    Exp(results, values, count);
    Roughen(results, count);
}

inline void RoughLn(const LocalTensor<float>& results, const LocalTensor<float>& values, int32_t count)
{
    Ln(results, values, count);
    Roughen(results, count);
}

}  // namespace AscendC

#define Exp RoughExp
#define Ln RoughLn

#ifdef FLUSH
#include <immintrin.h>

namespace AscendC {

// Every kernel begins with one, and the simulator restores the environment at its end.
class FlushingPipe : public TPipe {
public:
    FlushingPipe() { _mm_setcsr(_mm_getcsr() | _MM_FLUSH_ZERO_ON | 0x40 /* operands, too */); }
};

}  // namespace AscendC

#define TPipe FlushingPipe
#endif
