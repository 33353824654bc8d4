// SPDX-License-Identifier: Apache-2.0
// An assertion of the kernel's own.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void claim(GM_ADDR y)
{
#ifdef FAULTY
    constexpr int kTiles = 0;
#else
    constexpr int kTiles = 1;
#endif
    ascendc_assert(kTiles > 0, "no tiles for block %d", static_cast<int>(AscendC::GetBlockIdx()));  // FINDING
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    output.SetValue(0, 1);
}
