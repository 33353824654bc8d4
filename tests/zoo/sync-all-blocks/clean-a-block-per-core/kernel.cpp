// SPDX-License-Identifier: Apache-2.0
// A block for every core.
#include "kernel_operator.h"

// y = sum(x): each block adds up 64 elements, and the first block the blocks' sums.
extern "C" __global__ __aicore__ void sum(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_MIX_AIV_1_0);
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    AscendC::GlobalTensor<float> sums;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    sums.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(workspace));
    const uint32_t block = AscendC::GetBlockIdx();
    const uint32_t blocks = AscendC::GetBlockNum();
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, 256);
    pipe.InitBuffer(out, 1, 32);

    AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
    AscendC::DataCopy(tile, input[block * 64], 64);
    in.EnQue(tile);
    tile = in.DeQue<float>();
    AscendC::LocalTensor<float> total = out.AllocTensor<float>();
    AscendC::WholeReduceSum(total, tile, 64, 1, 1, 1, 8);
    in.FreeTensor(tile);
    out.EnQue(total);
    total = out.DeQue<float>();
    AscendC::DataCopyPad(sums[block], total, {1, sizeof(float), 0, 0, 0});
    out.FreeTensor(total);
    AscendC::SyncAll();
    if (block == 0) {
        tile = in.AllocTensor<float>();
        AscendC::DataCopyPad(tile, sums, {1, static_cast<uint32_t>(blocks * sizeof(float)), 0, 0, 0}, {});
        in.EnQue(tile);
        tile = in.DeQue<float>();
        total = out.AllocTensor<float>();
        AscendC::WholeReduceSum(total, tile, blocks, 1, 1, 1, 8);
        in.FreeTensor(tile);
        out.EnQue(total);
        total = out.DeQue<float>();
        AscendC::DataCopyPad(output, total, {1, sizeof(float), 0, 0, 0});
        out.FreeTensor(total);
    }
}
