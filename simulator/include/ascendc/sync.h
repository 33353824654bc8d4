// SPDX-License-Identifier: Apache-2.0
// Synchronisation between the pipes of a core, and between cores.
#pragma once

#include "tensor.h"

namespace AscendC {

namespace detail {

struct PipePair {
    ascend_sim::Pipe from;
    ascend_sim::Pipe to;
};

constexpr PipePair PipesOf(HardEvent event)
{
    using ascend_sim::Pipe;
    switch (event) {
        case HardEvent::MTE2_MTE1:
            return {Pipe::kMte2, Pipe::kMte1};
        case HardEvent::MTE1_MTE2:
            return {Pipe::kMte1, Pipe::kMte2};
        case HardEvent::MTE1_M:
            return {Pipe::kMte1, Pipe::kCube};
        case HardEvent::M_MTE1:
            return {Pipe::kCube, Pipe::kMte1};
        case HardEvent::MTE2_V:
            return {Pipe::kMte2, Pipe::kVector};
        case HardEvent::V_MTE2:
            return {Pipe::kVector, Pipe::kMte2};
        case HardEvent::MTE3_V:
            return {Pipe::kMte3, Pipe::kVector};
        case HardEvent::V_MTE3:
            return {Pipe::kVector, Pipe::kMte3};
        case HardEvent::M_V:
            return {Pipe::kCube, Pipe::kVector};
        case HardEvent::V_M:
            return {Pipe::kVector, Pipe::kCube};
        case HardEvent::V_V:
            return {Pipe::kVector, Pipe::kVector};
        case HardEvent::MTE3_MTE1:
            return {Pipe::kMte3, Pipe::kMte1};
        case HardEvent::MTE1_MTE3:
            return {Pipe::kMte1, Pipe::kMte3};
        case HardEvent::MTE1_V:
            return {Pipe::kMte1, Pipe::kVector};
        case HardEvent::MTE2_M:
            return {Pipe::kMte2, Pipe::kCube};
        case HardEvent::M_MTE2:
            return {Pipe::kCube, Pipe::kMte2};
        case HardEvent::V_MTE1:
            return {Pipe::kVector, Pipe::kMte1};
        case HardEvent::M_FIX:
            return {Pipe::kCube, Pipe::kFix};
        case HardEvent::FIX_M:
            return {Pipe::kFix, Pipe::kCube};
        case HardEvent::MTE3_MTE2:
            return {Pipe::kMte3, Pipe::kMte2};
        case HardEvent::MTE2_MTE3:
            return {Pipe::kMte2, Pipe::kMte3};
        case HardEvent::S_V:
            return {Pipe::kScalar, Pipe::kVector};
        case HardEvent::V_S:
            return {Pipe::kVector, Pipe::kScalar};
        case HardEvent::S_MTE2:
            return {Pipe::kScalar, Pipe::kMte2};
        case HardEvent::MTE2_S:
            return {Pipe::kMte2, Pipe::kScalar};
        case HardEvent::S_MTE3:
            return {Pipe::kScalar, Pipe::kMte3};
        case HardEvent::MTE3_S:
            return {Pipe::kMte3, Pipe::kScalar};
        case HardEvent::MTE2_FIX:
            return {Pipe::kMte2, Pipe::kFix};
        case HardEvent::FIX_MTE2:
            return {Pipe::kFix, Pipe::kMte2};
        case HardEvent::FIX_S:
            return {Pipe::kFix, Pipe::kScalar};
        case HardEvent::M_S:
            return {Pipe::kCube, Pipe::kScalar};
        case HardEvent::FIX_MTE3:
            return {Pipe::kFix, Pipe::kMte3};
        case HardEvent::MTE1_FIX:
            return {Pipe::kMte1, Pipe::kFix};
        case HardEvent::FIX_MTE1:
            return {Pipe::kFix, Pipe::kMte1};
        default:
            return {Pipe::kFix, Pipe::kFix};
    }
}

constexpr ascend_sim::Pipe PipeOf(pipe_t pipe)
{
    using ascend_sim::Pipe;
    switch (pipe) {
        case PIPE_S:
            return Pipe::kScalar;
        case PIPE_V:
            return Pipe::kVector;
        case PIPE_M:
            return Pipe::kCube;
        case PIPE_MTE1:
            return Pipe::kMte1;
        case PIPE_MTE2:
            return Pipe::kMte2;
        case PIPE_MTE3:
            return Pipe::kMte3;
        case PIPE_FIX:
            return Pipe::kFix;
        default:
            return Pipe::kAll;
    }
}

inline void Flag([[maybe_unused]] bool wait, [[maybe_unused]] PipePair pipes, [[maybe_unused]] int32_t id,
                 [[maybe_unused]] Where where)
{
    if constexpr (ascend_sim::kChecked) {
        ascend_sim::CurrentCore().OnFlag({wait, pipes.from, pipes.to, id, where});
    } else if (wait && pipes.to == ascend_sim::Pipe::kScalar) {
        ascend_sim::RunPending(ascend_sim::CurrentBlock());  // for the kernel's own pointers
    }
}

inline void Barrier([[maybe_unused]] ascend_sim::Pipe pipe, [[maybe_unused]] Where where)
{
    if constexpr (ascend_sim::kChecked) {
        ascend_sim::CurrentCore().OnBarrier({pipe, where});
    } else if (pipe == ascend_sim::Pipe::kAll) {
        ascend_sim::RunPending(ascend_sim::CurrentBlock());  // for the kernel's own pointers
    }
}

inline void SyncAll(uint32_t participants, [[maybe_unused]] Where where)
{
#ifdef ASCEND_SIM_CHECKED
    ascend_sim::CurrentCore().OnSyncAll({participants, where});
    ascend_sim::SyncAllBlocks(participants, where.file, where.line);
#else
    ascend_sim::SyncAllBlocks(participants);
#endif
}

}  // namespace detail

// Instructions run in program order here, so flags and barriers hold already; observers see them.
template <HardEvent event>
inline void SetFlag(int32_t id, Where where = Where::Here())
{
    detail::Flag(false, detail::PipesOf(event), id, where);
}
template <HardEvent event>
inline void WaitFlag(int32_t id, Where where = Where::Here())
{
    detail::Flag(true, detail::PipesOf(event), id, where);
}
template <pipe_t pipe>
inline void PipeBarrier(Where where = Where::Here())
{
    detail::Barrier(detail::PipeOf(pipe), where);
}
template <MemDsbT>
inline void DataSyncBarrier(Where where = Where::Here())
{
    detail::Barrier(ascend_sim::Pipe::kAll, where);
}

// One flag named by its pair of pipes, allocated for the object's life.
template <pipe_t from, pipe_t to>
class TQueSync {
public:
    void SetFlag(TEventID id, Where where = Where::Here())
    {
        detail::Flag(false, {detail::PipeOf(from), detail::PipeOf(to)}, id, where);
    }
    void WaitFlag(TEventID id, Where where = Where::Here())
    {
        detail::Flag(true, {detail::PipeOf(from), detail::PipeOf(to)}, id, where);
    }
};

namespace detail {

inline void SetBlockFlag(ascend_sim::BlockFlag flag, [[maybe_unused]] Where where)
{
    if constexpr (ascend_sim::kChecked) {
        ascend_sim::CurrentCore().OnBlockFlag({false, where});
    }
    ascend_sim::SetBlockFlag(flag);
}

inline void WaitBlockFlag(ascend_sim::BlockFlag flag, [[maybe_unused]] Where where)
{
#ifdef ASCEND_SIM_CHECKED
    ascend_sim::CurrentCore().OnBlockFlag({true, where});
    ascend_sim::WaitBlockFlag(flag, where.file, where.line);
#else
    ascend_sim::WaitBlockFlag(flag);
#endif
}

// Mode 0: between all vector cores. Mode 1: between those of one AI core, of which there is one here.
inline ascend_sim::BlockFlag CrossCoreFlag(uint8_t mode, uint16_t id)
{
    using Kind = ascend_sim::BlockFlag::Kind;
    const uint64_t core = ascend_sim::CurrentBlock().index;
    return mode == 0 ? ascend_sim::BlockFlag{Kind::kAllBlocks, id}
                     : ascend_sim::BlockFlag{Kind::kOne, core << 16 | id};
}

}  // namespace detail

// Flags between cores, each with a counter. Modes 2 and 4 are between cube and vector cores: setting such a
// flag concerns nobody here, and nobody sets it for a vector core.
template <uint8_t mode, pipe_t pipe>
inline void CrossCoreSetFlag(uint16_t id, Where where = Where::Here())
{
    if constexpr (mode < 2) {
        detail::SetBlockFlag(detail::CrossCoreFlag(mode, id), where);
    }
}
template <uint8_t mode = 0, pipe_t pipe = PIPE_S>
inline void CrossCoreWaitFlag(uint16_t id, Where where = Where::Here())
{
    if constexpr (mode < 2) {
        detail::WaitBlockFlag(detail::CrossCoreFlag(mode, id), where);
    } else {
        ascend_sim::RaiseFindingAt(
            "deadlock", "CrossCoreWaitFlag waits for a cube core, and the launch has vector cores only",
            where);
    }
}

namespace detail {

// The flag of a block and event, which the device keeps in 32 bytes of `workspace`.
inline ascend_sim::BlockFlag PairFlag(const GlobalTensor<int32_t>& workspace, int32_t block, int32_t event)
{
    const uint64_t index = uint64_t{ascend_sim::CurrentBlock().count} * event + block;
    return {ascend_sim::BlockFlag::Kind::kOne,
            reinterpret_cast<uintptr_t>(workspace.Address()) + index * ONE_BLK_SIZE};
}

}  // namespace detail

// One block sets the flag, another waits for it. The workspaces are left alone here.
template <bool isAIVOnly = true>
inline void IBSet(const GlobalTensor<int32_t>& workspace, const LocalTensor<int32_t>&, int32_t block,
                  int32_t event, Where where = Where::Here())
{
    detail::SetBlockFlag(detail::PairFlag(workspace, block, event), where);
}
template <bool isAIVOnly = true>
inline void IBWait(const GlobalTensor<int32_t>& workspace, const LocalTensor<int32_t>&, int32_t block,
                   int32_t event, Where where = Where::Here())
{
    detail::WaitBlockFlag(detail::PairFlag(workspace, block, event), where);
}

// Between WaitPreBlock and NotifyNextBlock blocks take turns in ascending order.
inline void InitDetermineComputeWorkspace(GlobalTensor<int32_t>&, LocalTensor<int32_t>&) {}
inline void WaitPreBlock(GlobalTensor<int32_t>& workspace, LocalTensor<int32_t>&, Where where = Where::Here())
{
    detail::WaitBlockFlag(
        {ascend_sim::BlockFlag::Kind::kTurn, reinterpret_cast<uintptr_t>(workspace.Address())}, where);
}
inline void NotifyNextBlock(GlobalTensor<int32_t>& workspace, LocalTensor<int32_t>&,
                            Where where = Where::Here())
{
    detail::SetBlockFlag(
        {ascend_sim::BlockFlag::Kind::kTurn, reinterpret_cast<uintptr_t>(workspace.Address())}, where);
}

// Every block of the launch waits here for all others.
template <bool isAIVOnly = true>
inline void SyncAll(Where where = Where::Here())
{
    detail::SyncAll(0, where);
}

// The same done in software: `workspace` holds 32 bytes per core, zeroed before the launch; `local` as much.
// `used_cores` is how many blocks take part, 0 for all.
template <bool isAIVOnly = true>
inline void SyncAll(const GlobalTensor<int32_t>& workspace, const LocalTensor<int32_t>& local,
                    int32_t used_cores = 0, Where where = Where::Here())
{
    const uint32_t cores =
        used_cores != 0 ? static_cast<uint32_t>(used_cores) : ascend_sim::CurrentBlock().count;
    const auto bytes = size_t{cores} * ONE_BLK_SIZE;
    ascend_sim::Issue(
        ascend_sim::Pipe::kScalar, "SyncAll", where,
        [&] {
            std::vector<ascend_sim::Operand> operands =
                detail::ScalarOperand(ascend_sim::Access::kReadWrite, ascend_sim::Space::kGlobalMemory,
                                      workspace.Address(), workspace.GetExtent());
            operands.push_back(detail::ScalarOperand(ascend_sim::Access::kReadWrite,
                                                     ascend_sim::Space::kUnifiedBuffer, local.Address(),
                                                     local.GetExtent())[0]);
            for (ascend_sim::Operand& operand : operands) {
                operand.block_bytes = bytes;
            }
            // A block counts on from what is in its own place.
            ascend_sim::Operand own = operands[0];
            own.access = ascend_sim::Access::kRead;
            own.address += size_t{ascend_sim::CurrentBlock().index} * ONE_BLK_SIZE;
            own.block_bytes = ONE_BLK_SIZE;
            operands.insert(operands.begin(), own);
            return operands;
        },
        [] {});
    detail::SyncAll(cores, where);
}

}  // namespace AscendC

// The compiler's own spelling of flags and barriers.
inline void set_flag(pipe_t from, pipe_t to, int32_t id, ascend_sim::Where where = ascend_sim::Where::Here())
{
    AscendC::detail::Flag(false, {AscendC::detail::PipeOf(from), AscendC::detail::PipeOf(to)}, id, where);
}
inline void wait_flag(pipe_t from, pipe_t to, int32_t id, ascend_sim::Where where = ascend_sim::Where::Here())
{
    AscendC::detail::Flag(true, {AscendC::detail::PipeOf(from), AscendC::detail::PipeOf(to)}, id, where);
}
inline void pipe_barrier(pipe_t pipe, ascend_sim::Where where = ascend_sim::Where::Here())
{
    AscendC::detail::Barrier(AscendC::detail::PipeOf(pipe), where);
}
