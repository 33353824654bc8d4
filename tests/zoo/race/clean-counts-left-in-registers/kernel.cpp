// SPDX-License-Identifier: Apache-2.0
// How many elements GatherMask kept is in a register, which waits by itself.
#include "kernel_operator.h"

// y = the even elements of x, then as many of the odd ones
extern "C" __global__ __aicore__ void deinterleave(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kCount = 128;
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), kCount);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), kCount);
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, kCount * sizeof(float));
    pipe.InitBuffer(out, 1, kCount * sizeof(float));
    AscendC::LocalTensor<float> tile = in.AllocTensor<float>();
    AscendC::DataCopy(tile, input, kCount);
    in.EnQue(tile);
    tile = in.DeQue<float>();
    AscendC::LocalTensor<float> result = out.AllocTensor<float>();
    uint64_t even = 0;
    uint64_t odd = 0;
    AscendC::GatherMask(result, tile, uint8_t(1), false, 0, {1, 2, 8, 0}, even);
    AscendC::GatherMask(result[even], tile, uint8_t(2), false, 0, {1, 2, 8, 0}, odd);
    out.EnQue(result);
    in.FreeTensor(tile);
    result = out.DeQue<float>();
    AscendC::DataCopy(output, result, static_cast<uint32_t>(even + odd));
    out.FreeTensor(result);
}
