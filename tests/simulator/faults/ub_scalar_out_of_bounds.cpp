// SPDX-License-Identifier: Apache-2.0
// A scalar write one element past a tensor.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void count(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<> buffer;
    pipe.InitBuffer(buffer, 32);
    AscendC::LocalTensor<int32_t> tile = buffer.Get<int32_t>();
#ifdef FAULTY
    constexpr uint32_t kCount = 9;
#else
    constexpr uint32_t kCount = 8;
#endif
    for (uint32_t i = 0; i < kCount; ++i) {
        tile.SetValue(i, i);  // FINDING
    }
    AscendC::DataCopy(output, tile, 8);
}
