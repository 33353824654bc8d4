// SPDX-License-Identifier: Apache-2.0
// The last block writes one byte past the tensor.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void fill(GM_ADDR y)
{
    AscendC::GlobalTensor<uint8_t> output;
    output.SetGlobalBuffer(y);
    AscendC::TPipe pipe;
    AscendC::TBuf<> buffer;
    pipe.InitBuffer(buffer, 32);
    AscendC::LocalTensor<uint8_t> tile = buffer.Get<uint8_t>();
    for (uint32_t i = 0; i < 32; ++i) {
        tile.SetValue(i, i);
    }
#ifdef FAULTY
    constexpr uint32_t kBytes = 8;
#else
    constexpr uint32_t kBytes = 7;
#endif
    AscendC::DataCopyPad(output[AscendC::GetBlockIdx() * 7], tile, {1, kBytes, 0, 0, 0});  // FINDING
}
