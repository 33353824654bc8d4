// SPDX-License-Identifier: Apache-2.0
// What is copied out is copied in again before it is sure to be there.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void shift(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TQueBind<AscendC::TPosition::VECIN, AscendC::TPosition::VECOUT, 1> queue;
    pipe.InitBuffer(queue, 2, 64);
    AscendC::LocalTensor<float> tile = queue.AllocTensor<float>();
    AscendC::DataCopy(tile, input, 16);
    queue.EnQue(tile);
    tile = queue.DeQue<float>();
    AscendC::DataCopy(output, tile, 16);
    queue.FreeTensor(tile);
    tile = queue.AllocTensor<float>();
    AscendC::DataCopy(tile, output[8], 8);  // finding: race
    queue.EnQue(tile);
    tile = queue.DeQue<float>();
    AscendC::DataCopy(output[16], tile, 8);
    queue.FreeTensor(tile);
}
