// SPDX-License-Identifier: Apache-2.0
// A tensor is still in its queue when the queue's buffers are taken back.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void pass(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in;
    pipe.InitBuffer(in, 1, 32);
    in.EnQue(in.AllocTensor<int32_t>());  // FINDING
#ifndef FAULTY
    in.FreeTensor(in.DeQue<int32_t>());
#endif
    pipe.Reset();
    pipe.InitBuffer(in, 1, 32);
    in.FreeTensor(in.AllocTensor<int32_t>());
    output.SetValue(0, 1);
}
