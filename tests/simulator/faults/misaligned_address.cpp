// SPDX-License-Identifier: Apache-2.0
// Slices of the unified buffer begin at multiples of 32 bytes.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<> buffer;
    pipe.InitBuffer(buffer, 128);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    AscendC::DataCopy(tile, input, 16);
#ifdef FAULTY
    constexpr uint32_t kOffset = 4;
#else
    constexpr uint32_t kOffset = 8;
#endif
    AscendC::DataCopyPad(output, tile[kOffset], {1, 8 * sizeof(float), 0, 0, 0});  // FINDING
}
