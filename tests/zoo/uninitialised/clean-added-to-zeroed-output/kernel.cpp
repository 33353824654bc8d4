// SPDX-License-Identifier: Apache-2.0
// Blocks add their sums to a result that the host has zeroed.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void sum(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kShare = 64;
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, kShare * sizeof(float));
    pipe.InitBuffer(out, 1, 32);

    AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
    AscendC::DataCopy(tile, input[AscendC::GetBlockIdx() * kShare], kShare);
    in.EnQue(tile);
    tile = in.DeQue<float>();
    AscendC::LocalTensor<float> sum = out.AllocTensor<float>();
    AscendC::WholeReduceSum(sum, tile, kShare, 1, 1, 1, 8);
    in.FreeTensor(tile);
    out.EnQue(sum);
    sum = out.DeQue<float>();
    AscendC::SetAtomicAdd<float>();
    AscendC::DataCopyPad(output, sum, {1, sizeof(float), 0, 0, 0});
    AscendC::SetAtomicNone();
    out.FreeTensor(sum);
}
