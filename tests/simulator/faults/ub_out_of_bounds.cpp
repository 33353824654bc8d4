// SPDX-License-Identifier: Apache-2.0
// A copy is longer than the buffer it fills, and would spoil its neighbour.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> first;
    AscendC::TBuf<AscendC::TPosition::VECCALC> second;
    pipe.InitBuffer(first, 64);
    pipe.InitBuffer(second, 64);
    AscendC::LocalTensor<float> tile = first.Get<float>();
#ifdef FAULTY
    AscendC::DataCopy(tile[8], input, 16);  // FINDING
#else
    AscendC::DataCopy(tile, input, 16);
#endif
    AscendC::DataCopy(output, tile, 16);
}
