// SPDX-License-Identifier: Apache-2.0
// A block without work returns before SyncAll, and the others wait for it for ever.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void meet(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
#ifdef FAULTY
    if (AscendC::GetBlockIdx() == AscendC::GetBlockNum() - 1) {
        return;
    }
#endif
    AscendC::SyncAll();  // FINDING
    if (AscendC::GetBlockIdx() == 0) {
        output.SetValue(0, 1);
    }
}
