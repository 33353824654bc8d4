// SPDX-License-Identifier: Apache-2.0
// Faults that a launch survives, in every block or in some, and one that ends a block.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void several(GM_ADDR x, GM_ADDR y)
{
    const uint32_t block = AscendC::GetBlockIdx();
    AscendC::TPipe pipe;
    AscendC::GlobalTensor<int32_t> input, output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(x) + block * 32, 32);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y) + block * 32, 32);
    AscendC::TQueBind<AscendC::TPosition::VECIN, AscendC::TPosition::VECOUT, 2> queue;
    pipe.InitBuffer(queue, 2, 32);  // MADE
    for (uint32_t tile = 0; tile < 4; ++tile) {
        AscendC::LocalTensor<int32_t> local = queue.AllocTensor<int32_t>();
        if (tile == 2 && block >= 1) {
            (void)local.GetValue(1);  // UNINITIALISED
        }
        AscendC::DataCopy(local, input[tile * 8], tile == 3 ? 16 : 8);  // OUT OF BOUNDS in the last tile
        queue.EnQue(local);
        local = queue.DeQue<int32_t>();
        AscendC::DataCopy(output[tile * 8], local, 8);
        queue.FreeTensor(local);
    }
    if (block == ENDS) {
        (void)output.GetValue(1000000);  // ENDS
    }
    AscendC::SyncAll();
    if (block == 0 && AFTER != 0) {
        (void)input.GetValue(1000000);  // AFTER
    }
}
