// SPDX-License-Identifier: Apache-2.0
// There are eight event ids per pair of pipes.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void pass(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 2, 32);
    pipe.InitBuffer(out, 2, 32);
    AscendC::LocalTensor<int32_t> a = in.AllocTensor<int32_t>();
    in.FreeTensor(a);
#ifdef FAULTY
    constexpr int kEvents = 9;
#else
    constexpr int kEvents = 8;
#endif
    for (int i = 0; i < kEvents; ++i) {
        pipe.AllocEventID<AscendC::HardEvent::MTE2_V>();  // FINDING
    }
    output.SetValue(0, 1);
}
