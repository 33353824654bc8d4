// SPDX-License-Identifier: Apache-2.0
// DataCopy moves whole blocks of 32 bytes.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<int16_t> input;
    AscendC::GlobalTensor<int16_t> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ int16_t*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int16_t*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<> buffer;
    pipe.InitBuffer(buffer, 64);
    AscendC::LocalTensor<int16_t> tile = buffer.Get<int16_t>();
    AscendC::DataCopy(tile, input, 32);
#ifdef FAULTY
    constexpr uint32_t kCount = 24;
#else
    constexpr uint32_t kCount = 16;
#endif
    AscendC::DataCopy(output, tile, kCount);  // FINDING
}
