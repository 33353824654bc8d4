// SPDX-License-Identifier: Apache-2.0
// The last tile, which is shorter, is not computed.
#include "kernel_operator.h"

// y = x + 1 in tiles of 64 elements, the last one shorter.
extern "C" __global__ __aicore__ void increment(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kLength = 200;
    constexpr uint32_t kTile = 64;
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 2, kTile * sizeof(float));
    pipe.InitBuffer(out, 1, kTile * sizeof(float));
    for (uint32_t begin = 0; begin + kTile <= kLength; begin += kTile) {
        const uint32_t count = kLength - begin < kTile ? kLength - begin : kTile;
        const AscendC::DataCopyExtParams copy{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
        AscendC::DataCopyPad(tile, input[begin], copy, {});
        in.EnQue(tile);
        tile = in.DeQue<float>();
        AscendC::LocalTensor<float> result = out.AllocTensor<float>();
        AscendC::Adds(result, tile, 1.0f, count);
        in.FreeTensor(tile);
        out.EnQue(result);
        result = out.DeQue<float>();
        AscendC::DataCopyPad(output[begin], result, copy);  // finding: never-written
        out.FreeTensor(result);
    }
}
