// SPDX-License-Identifier: Apache-2.0
// The next tile is computed once the copy of the last one has read the buffer.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void fill(GM_ADDR y)
{
    AscendC::GlobalTensor<float> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 64);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    for (int32_t i = 0; i < 4; ++i) {
        if (i > 0) {
            AscendC::WaitFlag<AscendC::HardEvent::MTE3_V>(0);
        }
        AscendC::Duplicate(tile, static_cast<float>(i), 16);
        AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
        AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
        AscendC::DataCopy(output[i * 16], tile, 16);
        AscendC::SetFlag<AscendC::HardEvent::MTE3_V>(0);
    }
    AscendC::WaitFlag<AscendC::HardEvent::MTE3_V>(0);
}
