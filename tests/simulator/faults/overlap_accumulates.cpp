// SPDX-License-Identifier: Apache-2.0
// Repeats are summed into one place, which is also the second source; with another stride it is not the same.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void sum(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 1024);
    const AscendC::LocalTensor<float> tile = buffer.Get<float>();
    AscendC::DataCopy(tile, input, 256);
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
#ifdef FAULTY
    constexpr uint8_t kSumStride = 8;
#else
    constexpr uint8_t kSumStride = 0;
#endif
    const AscendC::BinaryRepeatParams params{1, 1, 1, kSumStride, 8, 0};
    AscendC::Add(tile, tile[64], tile, uint64_t{64}, 3, params);  // FINDING
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopy(output, tile, 64);
}
