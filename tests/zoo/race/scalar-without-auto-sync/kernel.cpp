// SPDX-License-Identifier: Apache-2.0
// Compiled without --cce-auto-sync, vector instructions and the scalar unit do not wait for each other.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void count(GM_ADDR y)
{
    AscendC::GlobalTensor<float> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 256);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    AscendC::Duplicate(tile, 1.0f, 64);
    AscendC::PipeBarrier<PIPE_V>();
    AscendC::WholeReduceSum(tile, tile, 64, 1, 1, 1, 8);
    output.SetValue(0, tile.GetValue(0));  // finding: race
}
