// SPDX-License-Identifier: Apache-2.0
// A tensor is freed before its last use. No other copy comes into its buffer, this time.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void twice(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x) + AscendC::GetBlockIdx() * 64, 64);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y) + AscendC::GetBlockIdx() * 64, 64);
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 2> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 2, 256);
    pipe.InitBuffer(out, 1, 256);
    AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
    AscendC::DataCopy(tile, input, 64);
    in.EnQue(tile);
    tile = in.DeQue<float>();
    AscendC::LocalTensor<float> result = out.AllocTensor<float>();
    in.FreeTensor(tile);
    AscendC::Add(result, tile, tile[0], 64);  // finding: double-free
    out.EnQue(result);
    result = out.DeQue<float>();
    AscendC::DataCopy(output, result, 64);
    out.FreeTensor(result);
}
