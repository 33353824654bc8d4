// SPDX-License-Identifier: Apache-2.0
// Of two copies into the same global memory, the second waits, or writes what is there.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void fill(GM_ADDR y)
{
    AscendC::GlobalTensor<float> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 128);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    AscendC::Duplicate(tile, 1.0f, 16);
    AscendC::Duplicate(tile[16], 2.0f, 16);
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopy(output, tile, 16);
    AscendC::PipeBarrier<PIPE_MTE3>();
    AscendC::DataCopy(output[8], tile[16], 16);
    AscendC::DataCopy(output[8], tile[16], 16);  // writes what is there
}
