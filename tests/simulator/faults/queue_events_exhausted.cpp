// SPDX-License-Identifier: Apache-2.0
// Five queues of two buffers each, all of them freed, hold ten events.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void pass(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
#ifdef FAULTY
    constexpr int kQueues = 5;
#else
    constexpr int kQueues = 4;
#endif
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> queues[kQueues];
    for (auto& queue : queues) {
        pipe.InitBuffer(queue, 2, 32);
    }
    for (int tile = 0; tile < 4; ++tile) {
        for (auto& queue : queues) {
            AscendC::LocalTensor<int32_t> tensor = queue.AllocTensor<int32_t>();
            queue.EnQue(tensor);
            tensor = queue.DeQue<int32_t>();
            queue.FreeTensor(tensor);  // FINDING
        }
    }
    output.SetValue(0, 1);
}
