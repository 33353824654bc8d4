// SPDX-License-Identifier: Apache-2.0
// A share that ends within a block of 32 bytes is written as whole blocks, over the next block's.
#include "kernel_operator.h"

// y = 2 x: each block computes 20 elements.
extern "C" __global__ __aicore__ void twice(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kShare = 20;
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    const uint32_t begin = AscendC::GetBlockIdx() * kShare;
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, 96);
    pipe.InitBuffer(out, 1, 96);
    AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
    AscendC::DataCopyPad(tile, input[begin], {1, kShare * sizeof(float), 0, 0, 0}, {true, 0, 4, 0.0f});
    in.EnQue(tile);
    tile = in.DeQue<float>();
    AscendC::LocalTensor<float> result = out.AllocTensor<float>();
    AscendC::Muls(result, tile, 2.0f, 24);
    in.FreeTensor(tile);
    out.EnQue(result);
    result = out.DeQue<float>();
    AscendC::DataCopy(output[begin], result, 24);  // finding: core-race
    out.FreeTensor(result);
}
