// SPDX-License-Identifier: Apache-2.0
// The patterns are numbered from 1 to 7.
#include "kernel_operator.h"

struct HalvesTiling {
    uint32_t pattern;
};

// y = every other element of x.
extern "C" __global__ __aicore__ void every_other(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    constexpr uint32_t kLength = 512;
    REGISTER_TILING_DEFAULT(HalvesTiling);
    GET_TILING_DATA(data, tiling);
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), kLength);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), kLength / 2);
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, kLength * sizeof(float));
    pipe.InitBuffer(out, 1, kLength / 2 * sizeof(float));
    AscendC::LocalTensor<float> all = in.AllocTensor<float>();
    AscendC::DataCopy(all, input, kLength);
    in.EnQue(all);
    all = in.DeQue<float>();
    AscendC::LocalTensor<float> half = out.AllocTensor<float>();
    uint64_t kept = 0;
    AscendC::GatherMask(half, all, static_cast<uint8_t>(data.pattern), false, 0, {1, 8, 8, 0},
                        kept);  // finding: gather-pattern
    in.FreeTensor(all);
    out.EnQue(half);
    half = out.DeQue<float>();
    AscendC::DataCopy(output, half, kLength / 2);
    out.FreeTensor(half);
}
