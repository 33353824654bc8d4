// SPDX-License-Identifier: Apache-2.0
// Who and where a block is, caches, workspace.
#pragma once

#include <chrono>

#include "tensor.h"

// An AI vector core, always.
#define ASCEND_IS_AIV constexpr(true)
#define ASCEND_IS_AIC constexpr(false)
#define ASCEND_IS_NOT_AIV constexpr(false)
#define ASCEND_IS_NOT_AIC constexpr(true)

namespace AscendC {

// The kinds of cores, and this one's, by the names that kernels compare.
inline constexpr int32_t MIX = 0;
inline constexpr int32_t AIC = 1;
inline constexpr int32_t AIV = 2;
inline constexpr int32_t g_coreType = AIV;

inline int64_t GetBlockIdx()
{
    return ascend_sim::CurrentBlock().index;
}
inline int64_t GetBlockNum()
{
    return ascend_sim::CurrentBlock().count;
}
// A vector core of a vector-only launch is its own and only sub-block.
inline int64_t GetSubBlockIdx()
{
    return 0;
}
inline int64_t GetSubBlockNum()
{
    return 1;
}
inline int64_t GetTaskRation()
{
    return 1;
}

// Nanoseconds on the host, not cycles of the device.
inline int64_t GetSystemCycle()
{
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

inline int64_t GetProgramCounter()
{
    return 0;
}

// What the 910B reports.
inline void GetArchVersion(uint32_t& version)
{
    constexpr uint32_t kVersionOf910B = 0x220;
    version = kVersionOf910B;
}

inline uint32_t GetUBSizeInBytes()
{
    return static_cast<uint32_t>(ascend_sim::CurrentBlock().unified_buffer_bytes);
}

inline void InitSocState() {}

// The host's caches are coherent.
template <class T, CacheLine, DcciDst>
inline void DataCacheCleanAndInvalid(const GlobalTensor<T>&)
{
}
template <class T, CacheLine>
inline void DataCacheCleanAndInvalid(const GlobalTensor<T>&)
{
}
template <class T, CacheLine, DcciDst>
inline void DataCacheCleanAndInvalid(const LocalTensor<T>&)
{
}

inline void ICachePreLoad(int64_t) {}
inline int64_t GetICachePreloadStatus()
{
    return 0;
}
template <class T>
inline void DataCachePreload(const GlobalTensor<uint64_t>&, T)
{
}

// Here the system keeps no part of the workspace for itself.
inline GM_ADDR GetUserWorkspace(GM_ADDR workspace)
{
    return workspace;
}
inline void SetSysWorkspace(GM_ADDR) {}
inline void SetSysWorkspaceForce(GM_ADDR) {}

// Stops the launch.
inline void Trap(Where where = Where::Here())
{
    ascend_sim::RaiseFindingAt("trap", "the kernel called Trap()", where);
}

namespace detail {

struct BlockIndex {
    operator int64_t() const { return GetBlockIdx(); }
};
struct BlockNumber {
    operator int64_t() const { return GetBlockNum(); }
};

}  // namespace detail
}  // namespace AscendC

// The device compiler's own variables.
inline constexpr AscendC::detail::BlockIndex block_idx{};
inline constexpr AscendC::detail::BlockNumber block_num{};
inline int64_t get_block_idx()
{
    return AscendC::GetBlockIdx();
}
inline int64_t get_block_num()
{
    return AscendC::GetBlockNum();
}

// The compiler's own spelling of cache maintenance.
template <class T, class... Where>
inline void dcci(T*, Where...)
{
}

// Kernels that never compile their assertions for the device leave the namespace out in them.
using AscendC::GetBlockNum;
