// SPDX-License-Identifier: Apache-2.0
// A TPipe has at most 64 buffers.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void claim(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    AscendC::TPipe pipe;
#ifdef FAULTY
    constexpr uint32_t kBuffers = 65;
#else
    constexpr uint32_t kBuffers = 64;
#endif
    AscendC::TBuf<> buffers[kBuffers];
    for (auto& buffer : buffers) {
        pipe.InitBuffer(buffer, 32);  // FINDING
    }
    output.SetValue(0, 1);
}
