// SPDX-License-Identifier: Apache-2.0
// A tensor is taken from a queue and never returned.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void pass(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in;
    pipe.InitBuffer(in, 2, 32);
    AscendC::LocalTensor<int32_t> a = in.AllocTensor<int32_t>();  // FINDING
    in.EnQue(a);
    a = in.DeQue<int32_t>();
#ifndef FAULTY
    in.FreeTensor(a);
#endif
    output.SetValue(0, 1);
}
