// SPDX-License-Identifier: Apache-2.0
// A block's part of the output begins far behind its end.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void number(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
#ifdef FAULTY
    constexpr uint32_t kBlocksPerElement = 1024;
#else
    constexpr uint32_t kBlocksPerElement = 1;
#endif
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y) + AscendC::GetBlockIdx() * kBlocksPerElement);
    output.SetValue(0, 1);  // FINDING
}
