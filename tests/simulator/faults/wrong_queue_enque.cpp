// SPDX-License-Identifier: Apache-2.0
// A tensor is enqueued into a queue it did not come from.
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
#ifdef FAULTY
    out.EnQue(a);  // FINDING
#else
    in.EnQue(a);
    in.FreeTensor(in.DeQue<int32_t>());
#endif
    output.SetValue(0, 1);
}
