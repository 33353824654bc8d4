// SPDX-License-Identifier: Apache-2.0
// A flag is set once more than it is waited for.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 32);
    AscendC::LocalTensor<float> tile = buffer.Get<float>();
    for (int i = 0; i < 2; ++i) {
        AscendC::DataCopy(tile, input[8 * i], 8);
        AscendC::SetFlag<AscendC::HardEvent::MTE2_MTE3>(0);
        AscendC::WaitFlag<AscendC::HardEvent::MTE2_MTE3>(0);
        AscendC::DataCopy(output[8 * i], tile, 8);
        AscendC::SetFlag<AscendC::HardEvent::MTE3_MTE2>(0);  // FINDING
#ifdef FAULTY
        if (i == 1) {
            return;
        }
#endif
        AscendC::WaitFlag<AscendC::HardEvent::MTE3_MTE2>(0);
    }
}
