// SPDX-License-Identifier: Apache-2.0
// The second block clears the whole result after the first has written it.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void fill(GM_ADDR y)
{
    AscendC::GlobalTensor<float> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(out, 1, 256);
    const int64_t block = AscendC::GetBlockIdx();
    if (block == 1) {
        AscendC::SyncAll();
    }
    AscendC::LocalTensor<float> tile = out.AllocTensor<float>();
    AscendC::Duplicate(tile, static_cast<float>(1 - block), 64);
    out.EnQue(tile);
    tile = out.DeQue<float>();
    AscendC::DataCopy(output, tile, 64);  // finding: written-twice
    out.FreeTensor(tile);
    if (block == 0) {
        AscendC::SyncAll();
    }
}
