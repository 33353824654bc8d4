// SPDX-License-Identifier: Apache-2.0
// 300 rows are summed by one WholeReduceSum of 300 repeats.
#include "kernel_operator.h"

// sums = x.sum(axis=1) for x of 300 rows of 16 halves
extern "C" __global__ __aicore__ void row_sums(GM_ADDR x, GM_ADDR sums)
{
    constexpr uint32_t kRows = 300;
    constexpr uint32_t kColumns = 16;
    AscendC::GlobalTensor<half> input;
    AscendC::GlobalTensor<half> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x), kRows * kColumns);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(sums), kRows);
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, kRows * kColumns * sizeof(half));
    pipe.InitBuffer(out, 1, 640);
    AscendC::LocalTensor<half> rows = in.AllocTensor<half>();
    AscendC::DataCopy(rows, input, kRows * kColumns);
    in.EnQue(rows);
    rows = in.DeQue<half>();
    AscendC::LocalTensor<half> result = out.AllocTensor<half>();
    AscendC::WholeReduceSum(result, rows, kColumns, kRows, 1, 1, 1);  // finding: repeat-overflow
    out.EnQue(result);
    in.FreeTensor(rows);
    result = out.DeQue<half>();
    AscendC::DataCopyPad(output, result, {1, kRows * sizeof(half), 0, 0, 0});
    out.FreeTensor(result);
}
