// SPDX-License-Identifier: Apache-2.0
// What the blocks of a launch do to global memory, kept so that blocks can be compared when all have ended:
// what is found then does not depend on which of them was quicker.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "../core/launch_state.h"

namespace ascend_sim {

// kFill: InitGlobalMemory and the like, which every block may do to the same memory.
enum class GlobalUse : uint8_t { kRead, kWrite, kFill, kAtomic };

struct GlobalAccess {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    uint32_t call = 0;     // index into calls()
    uint32_t syncs = 0;    // meetings with other blocks before it
    uint32_t flags = 0;    // that the block had set for others before it
    bool awaited = false;  // whether the block had waited for another's flag before it
};

// Where, and how, a block uses global memory.
struct GlobalCall {
    GlobalUse use = GlobalUse::kRead;
    const char* name = "";
    Where where;
};

// Of one block.
class GlobalAccesses {
public:
    void Add(const Core& core, const Instruction& instruction);
    void SyncAll(const Core& core, const SyncAllEvent& event);
    void Flag(const BlockFlagEvent& event);

    const std::vector<GlobalAccess>& accesses() const { return accesses_; }
    const GlobalCall& CallOf(const GlobalAccess& access) const { return calls_[access.call]; }

    // Whether `mine` has ended before `theirs` of another block begins: a meeting of both stands between, or
    // a flag may: one was set after `mine`, and one awaited before `theirs`.
    bool OrderedBefore(const GlobalAccess& mine, const GlobalAccesses& other,
                       const GlobalAccess& theirs) const;

private:
    using Meeting = std::pair<uint32_t, uint32_t>;  // of how many blocks; the how manieth of these

    void Add(uint32_t call, uintptr_t begin, uintptr_t end);
    uint32_t FindCall(const Instruction& instruction, GlobalUse use);
    void Merge();

    std::vector<GlobalAccess> accesses_;
    size_t merge_at_ = 4096;
    std::vector<GlobalCall> calls_;
    std::vector<size_t> last_;  // by call, its last access
    std::map<std::tuple<const char*, const char*, int, GlobalUse>, uint32_t> indices_;
    std::vector<Meeting> meetings_;
    std::map<uint32_t, uint32_t> met_;  // by number of blocks, how often
    uint32_t flags_ = 0;
    bool awaited_ = false;
};

// Two accesses of different blocks to the same bytes [begin, end), one of which writes: `first` writes, and
// if both do, is of the lower block.
struct SharedBytes {
    uint32_t first_block = 0;
    uint32_t second_block = 0;
    const GlobalAccess* first = nullptr;
    const GlobalAccess* second = nullptr;
    uintptr_t begin = 0;
    uintptr_t end = 0;
};

// By address; at most `limit`.
std::vector<SharedBytes> FindSharedBytes(const std::vector<GlobalAccesses>& blocks, size_t limit);

}  // namespace ascend_sim
