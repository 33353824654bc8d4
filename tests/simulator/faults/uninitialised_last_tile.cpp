// SPDX-License-Identifier: Apache-2.0
// A buffer still holds the tile before, of which the kernel reads an element that the last tile does not
// have.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void last(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in;
    pipe.InitBuffer(in, 1, 64);
    for (uint32_t tile = 0; tile < 2; ++tile) {
        const uint32_t count = tile == 0 ? 16 : 8;
        AscendC::LocalTensor<float> a = in.AllocTensor<float>();
        AscendC::DataCopy(a, input[16 * tile], count);
        in.EnQue(a);
        a = in.DeQue<float>();
#ifdef FAULTY
        const uint32_t end = 16;
#else
        const uint32_t end = count;
#endif
        output.SetValue(tile, a.GetValue(end - 1));  // FINDING
        in.FreeTensor(a);
    }
}
