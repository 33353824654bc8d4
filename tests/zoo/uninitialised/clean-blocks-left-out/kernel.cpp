// SPDX-License-Identifier: Apache-2.0
// Whole repeats are reduced, also where only some of their blocks were loaded: sums of 32 bytes and of pairs.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void blocks(GM_ADDR x, GM_ADDR sums, GM_ADDR pairs)
{
    constexpr uint32_t kCount = 88;  // of x: 11 blocks
    constexpr uint32_t kRoom = 128;  // two repeats
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> block_sums;
    AscendC::GlobalTensor<float> pair_sums;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    block_sums.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(sums));
    pair_sums.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(pairs));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 2> out;
    pipe.InitBuffer(in, 1, kRoom * sizeof(float));
    pipe.InitBuffer(out, 2, kRoom / 2 * sizeof(float));

    AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
    AscendC::DataCopy(tile, input, kCount);
    in.EnQue(tile);
    tile = in.DeQue<float>();
    AscendC::LocalTensor<float> result = out.AllocTensor<float>();
    AscendC::BlockReduceSum(result, tile, 2, 64, 1, 1, 8);
    out.EnQue(result);
    result = out.AllocTensor<float>();
    AscendC::PairReduceSum(result, tile, 2, 64, 1, 1, 8);
    out.EnQue(result);
    in.FreeTensor(tile);

    result = out.DeQue<float>();
    AscendC::DataCopyPad(block_sums, result, {1, kCount / 8 * sizeof(float), 0, 0, 0});
    out.FreeTensor(result);
    result = out.DeQue<float>();
    AscendC::DataCopyPad(pair_sums, result, {1, kCount / 2 * sizeof(float), 0, 0, 0});
    out.FreeTensor(result);
}
