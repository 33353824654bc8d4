// SPDX-License-Identifier: Apache-2.0
// Every block writes its number, all meet, every block reads what its neighbours wrote; ROUNDS times over.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void ring(GM_ADDR slots, GM_ADDR sums, GM_ADDR workspace, GM_ADDR tiling)
{
    AscendC::GlobalTensor<int32_t> slot;
    AscendC::GlobalTensor<int32_t> sum;
    slot.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(slots));
    sum.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(sums));
    const int64_t self = AscendC::GetBlockIdx();
    const int64_t next = (self + 1) % AscendC::GetBlockNum();
#ifdef SOFTWARE
    AscendC::TPipe pipe;
    AscendC::TBuf<> buffer;
    pipe.InitBuffer(buffer, 32 * AscendC::GetBlockNum());
    AscendC::GlobalTensor<int32_t> meeting;
    meeting.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(workspace));
#define MEET() AscendC::SyncAll(meeting, buffer.Get<int32_t>())
#else
#define MEET() AscendC::SyncAll()
#endif
    sum.SetValue(self, 0);
    for (int32_t round = 0; round < 3; ++round) {
        slot.SetValue(self, static_cast<int32_t>(self) + 1000 * round);
        MEET();
        sum.SetValue(self, sum.GetValue(self) + slot.GetValue(next));
        MEET();
    }
}
