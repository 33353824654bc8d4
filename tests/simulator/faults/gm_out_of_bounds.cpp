// SPDX-License-Identifier: Apache-2.0
// A tail is copied as if it were a whole block: up to 31 bytes past the tensor.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kLength = 21;
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), kLength);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), kLength);
    AscendC::TPipe pipe;
    AscendC::TQueBind<AscendC::TPosition::VECIN, AscendC::TPosition::VECOUT, 1> queue;
    pipe.InitBuffer(queue, 1, 24 * sizeof(float));
    AscendC::LocalTensor<float> tile = queue.AllocTensor<float>();
    const AscendC::DataCopyExtParams exact{1, kLength * sizeof(float), 0, 0, 0};
#ifdef FAULTY
    AscendC::DataCopy(tile, input, 24);  // FINDING
#else
    AscendC::DataCopyPad(tile, input, exact, AscendC::DataCopyPadExtParams<float>{});
#endif
    queue.EnQue(tile);
    tile = queue.DeQue<float>();
    AscendC::DataCopyPad(output, tile, exact);
    queue.FreeTensor(tile);
}
