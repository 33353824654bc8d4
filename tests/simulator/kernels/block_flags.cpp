// SPDX-License-Identifier: Apache-2.0
// Blocks that wait for one another by flags: each leaves its number for the next ones to add to.
#include "kernel_operator.h"

using namespace AscendC;

#define ALL_CORES 1
#define ONE_CORE 2
#define TURNS 3

constexpr uint32_t kCount = 8;

// Rounds times: `out` row b + 1 = row b + 1, by block b once its flag is there.
extern "C" __global__ __aicore__ void block_flags(GM_ADDR out, GM_ADDR sync, uint32_t rounds)
{
    TPipe pipe;
    TBuf<TPosition::VECCALC> buffer;
    TBuf<TPosition::VECCALC> space;
    pipe.InitBuffer(buffer, kCount * sizeof(int32_t));
    pipe.InitBuffer(space, 32);
    LocalTensor<int32_t> local = buffer.Get<int32_t>();
    LocalTensor<int32_t> ubWorkspace = space.Get<int32_t>();
    GlobalTensor<int32_t> rows;
    GlobalTensor<int32_t> workspace;
    rows.SetGlobalBuffer((__gm__ int32_t*)out);
    workspace.SetGlobalBuffer((__gm__ int32_t*)sync);
    const int32_t block = GetBlockIdx();
    const int32_t last = GetBlockNum() - 1;
#if MODE == TURNS
    InitDetermineComputeWorkspace(workspace, ubWorkspace);
#endif
    for (uint32_t round = 0; round < rounds; ++round) {
#if MODE == ONE_CORE
        if (block > 0) {
            IBWait(workspace, ubWorkspace, block - 1, 0);
        } else if (round > 0) {
            IBWait(workspace, ubWorkspace, last, 1);
        }
#elif MODE == TURNS
        WaitPreBlock(workspace, ubWorkspace);
#endif
        DataCopy(local, rows[block * kCount], kCount);
        SetFlag<HardEvent::MTE2_V>(EVENT_ID0);
        WaitFlag<HardEvent::MTE2_V>(EVENT_ID0);
        Adds(local, local, 1, kCount);
        SetFlag<HardEvent::V_MTE3>(EVENT_ID0);
        WaitFlag<HardEvent::V_MTE3>(EVENT_ID0);
#if MODE == ALL_CORES
        // All read their own row before any writes the next one.
        CrossCoreSetFlag<0, PIPE_MTE2>(3);
        CrossCoreWaitFlag(3);
#endif
        DataCopy(rows[(block == last ? 0 : block + 1) * kCount], local, kCount);
#if MODE == ALL_CORES
        CrossCoreSetFlag<0, PIPE_MTE3>(4);
        CrossCoreWaitFlag(4);
#elif MODE == ONE_CORE
        if (block < last) {
            IBSet(workspace, ubWorkspace, block, 0);
        } else {
            IBSet(workspace, ubWorkspace, last, 1);
        }
#else
        NotifyNextBlock(workspace, ubWorkspace);
#endif
        PipeBarrier<PIPE_ALL>();
    }
}
