// SPDX-License-Identifier: Apache-2.0
// The mask is that of halves: its second word means lanes that a repeat of floats does not have.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void add_one(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), 64);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), 64);
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 256);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    AscendC::DataCopy(tile, input, 64);
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
    uint64_t lanes[2] = {~0ull, 0xFull};
    AscendC::Adds(tile, tile, 1.0f, lanes, 1, {1, 1, 8, 8});  // finding: mask-out-of-range
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopy(output, tile, 64);
}
