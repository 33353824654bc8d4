// SPDX-License-Identifier: Apache-2.0
// All 192 KB of unified buffer are claimed, of which the system keeps 256 bytes.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void claim(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> queue;
    AscendC::TBuf<> buffer;
#ifdef FAULTY
    constexpr uint32_t kBytes = 96 * 1024;
#else
    constexpr uint32_t kBytes = 96 * 1024 - 256;
#endif
    pipe.InitBuffer(queue, 1, 96 * 1024);
    pipe.InitBuffer(buffer, kBytes);  // FINDING
    output.SetValue(0, 1);
}
