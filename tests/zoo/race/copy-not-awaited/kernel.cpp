// SPDX-License-Identifier: Apache-2.0
// Vector instructions begin before the copy that brings their operands has ended.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void add(GM_ADDR x, GM_ADDR y)
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
    AscendC::Adds(tile, tile, 1.0f, 16);  // finding: race
    AscendC::Muls(tile, tile, 2.0f, 16);  // the compiler lets it wait for the sum
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopy(output, tile, 16);
}
