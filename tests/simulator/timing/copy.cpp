// SPDX-License-Identifier: Apache-2.0
// Reads halves into one buffer, copy after copy, without waiting for any of them. Each core reads a part of
// its own, `passes` times; each copy is `bursts` bursts of `burst` bytes side by side.
#include "kernel_operator.h"

struct CopyTiling {
    uint64_t bytes;
    uint32_t burst;
    uint32_t bursts;
    uint32_t passes;
};

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR workspace, GM_ADDR tiling)
{
    GET_TILING_DATA_WITH_STRUCT(CopyTiling, data, tiling);
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::QuePosition::VECCALC> buffer;
    const uint32_t step = data.burst * data.bursts;
    pipe.InitBuffer(buffer, step);
    const auto local = buffer.Get<half>();
    const uint64_t part = data.bytes / AscendC::GetBlockNum();
    AscendC::GlobalTensor<half> source;
    source.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x + part * AscendC::GetBlockIdx()),
                           part / sizeof(half));
    const AscendC::DataCopyParams params(static_cast<uint16_t>(data.bursts),
                                         static_cast<uint16_t>(data.burst / AscendC::ONE_BLK_SIZE), 0, 0);
    for (uint32_t pass = 0; pass < data.passes; ++pass) {
        for (uint64_t offset = 0; offset + step <= part; offset += step) {
            AscendC::DataCopy(local, source[offset / sizeof(half)], params);
        }
    }
}
