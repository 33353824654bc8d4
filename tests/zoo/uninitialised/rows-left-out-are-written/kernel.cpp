// SPDX-License-Identifier: Apache-2.0
// The last tile has rows that were not loaded, and their sums are copied out like the others.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void sums(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kRows = 8;      // of a tile, and of y
    constexpr uint32_t kLoaded = 5;    // of x
    constexpr uint32_t kColumns = 64;  // one repeat of float
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, kRows * kColumns * sizeof(float));
    pipe.InitBuffer(out, 1, kRows * sizeof(float));

    AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
    AscendC::DataCopy(tile, input, kLoaded * kColumns);
    in.EnQue(tile);
    tile = in.DeQue<float>();
    AscendC::LocalTensor<float> sums = out.AllocTensor<float>();
    AscendC::WholeReduceSum(sums, tile, kColumns, kRows, 1, 1, 8);  // finding: uninitialised
    in.FreeTensor(tile);
    out.EnQue(sums);
    sums = out.DeQue<float>();
    AscendC::DataCopy(output, sums, kRows);
    out.FreeTensor(sums);
}
