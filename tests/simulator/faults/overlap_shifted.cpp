// SPDX-License-Identifier: Apache-2.0
// A sum is written eight elements behind its source.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void add(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 96);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    AscendC::DataCopy(tile, input, 16);
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
#ifdef FAULTY
    const AscendC::LocalTensor<float> sum = tile[8];
#else
    const AscendC::LocalTensor<float> sum = tile;
#endif
    AscendC::Add(sum, tile, tile, 16);  // FINDING
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopy(output, sum, 16);
}
