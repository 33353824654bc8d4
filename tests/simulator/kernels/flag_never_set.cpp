// SPDX-License-Identifier: Apache-2.0
// Block 1 waits for event 1 of block 0, which sets event 0.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void flag_never_set(GM_ADDR sync)
{
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> space;
    pipe.InitBuffer(space, 32);
    AscendC::LocalTensor<int32_t> local = space.Get<int32_t>();
    AscendC::GlobalTensor<int32_t> workspace;
    workspace.SetGlobalBuffer((__gm__ int32_t*)sync);
    if (AscendC::GetBlockIdx() == 0) {
        AscendC::IBSet(workspace, local, 0, 0);
    } else {
        AscendC::IBWait(workspace, local, 0, 1);
    }
}
