// SPDX-License-Identifier: Apache-2.0
// A tile is used after its tensor was freed, so that the next copy into the buffer does not wait for it.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void scale(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, 64);
    pipe.InitBuffer(out, 2, 64);
    for (int32_t i = 0; i < 3; ++i) {
        AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
        AscendC::DataCopy(tile, input[i * 16], 16);  // finding: race
        in.EnQue(tile);
        tile = in.DeQue<float>();
        AscendC::LocalTensor<float> result = out.AllocTensor<float>();
        in.FreeTensor(tile);
        AscendC::Muls(result, tile, 2.0f, 16);  // finding: double-free
        out.EnQue(result);
        result = out.DeQue<float>();
        AscendC::DataCopy(output[i * 16], result, 16);
        out.FreeTensor(result);
    }
}
