// SPDX-License-Identifier: Apache-2.0
// Ones are written to the first of two buffers, and missing when the other one comes.
#include "kernel_operator.h"

// Every row of y is 8 ones and a row of x.
extern "C" __global__ __aicore__ void with_ones(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kRows = 3;
    constexpr uint32_t kColumns = 64;
    constexpr uint32_t kOnes = 8;
    constexpr uint32_t kBuffers = 2;
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, kColumns * sizeof(float));
    pipe.InitBuffer(out, kBuffers, (kOnes + kColumns) * sizeof(float));

    for (uint32_t row = 0; row < kRows; ++row) {
        AscendC::LocalTensor<float> from = in.AllocTensor<float>();
        AscendC::DataCopy(from, input[row * kColumns], kColumns);
        in.EnQue(from);
        from = in.DeQue<float>();
        AscendC::LocalTensor<float> to = out.AllocTensor<float>();
        if (row == 0) {
            AscendC::Duplicate(to, 1.0f, kOnes);
        }
        AscendC::Adds(to[kOnes], from, 0.0f, kColumns);
        in.FreeTensor(from);
        out.EnQue(to);
        to = out.DeQue<float>();
        AscendC::DataCopy(output[row * (kOnes + kColumns)], to, kOnes + kColumns);  // finding: uninitialised
        out.FreeTensor(to);
    }
}
