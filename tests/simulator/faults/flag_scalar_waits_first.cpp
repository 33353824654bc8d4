// SPDX-License-Identifier: Apache-2.0
// The scalar unit waits for a flag that it would itself have to issue afterwards.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void first(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 32);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    AscendC::DataCopy(tile, input, 8);
#ifndef FAULTY
    AscendC::SetFlag<AscendC::HardEvent::MTE2_S>(0);
#endif
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_S>(0);  // FINDING
#ifdef FAULTY
    AscendC::SetFlag<AscendC::HardEvent::MTE2_S>(0);
#endif
    output.SetValue(0, tile.GetValue(0));
}
