// SPDX-License-Identifier: Apache-2.0
// Compiled without --cce-auto-sync, but with the barrier and the flag that it would insert.
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
    AscendC::SetFlag<AscendC::HardEvent::V_S>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_S>(0);
    output.SetValue(0, tile.GetValue(0));
}
