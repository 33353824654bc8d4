// SPDX-License-Identifier: Apache-2.0
// A pipe waits for a flag with another id than the one that is set.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 64);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    AscendC::DataCopy(tile, input, 16);
#ifdef FAULTY
    constexpr int32_t kSet = 1;
#else
    constexpr int32_t kSet = 0;
#endif
    AscendC::SetFlag<AscendC::HardEvent::MTE2_MTE3>(kSet);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_MTE3>(0);  // FINDING
    AscendC::DataCopy(output, tile, 16);
}
