// SPDX-License-Identifier: Apache-2.0
// Compiled without --cce-auto-sync, a vector instruction begins before the one before has ended.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void twice(GM_ADDR y)
{
    AscendC::GlobalTensor<float> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(out, 1, 256);
    AscendC::LocalTensor<float> tile = out.AllocTensor<float>();
    AscendC::Duplicate(tile, 1.0f, 64);
    AscendC::Muls(tile, tile, 2.0f, 64);  // finding: race
    out.EnQue(tile);
    tile = out.DeQue<float>();
    AscendC::DataCopy(output, tile, 64);
    out.FreeTensor(tile);
}
