// SPDX-License-Identifier: Apache-2.0
#include "global_accesses.h"

#include <algorithm>
#include <cstring>

#include "operand_ranges.h"

namespace ascend_sim {

namespace {

GlobalUse UseOf(const Core& core, const Instruction& instruction, const Operand& operand)
{
    // Most that is done through references is reading.
    if (operand.access == Access::kRead || operand.access == Access::kReadWrite) {
        return GlobalUse::kRead;
    }
    if (std::strcmp(instruction.name, "Fill") == 0) {
        return GlobalUse::kFill;
    }
    const bool atomic = instruction.pipe == Pipe::kMte3 && core.block().atomic != Atomic::kNone;
    return atomic ? GlobalUse::kAtomic : GlobalUse::kWrite;
}

// Whether two accesses of a block are of one call, without other blocks having been met between.
bool SameTime(const GlobalAccess& a, const GlobalAccess& b)
{
    return a.call == b.call && a.syncs == b.syncs && a.flags == b.flags && a.awaited == b.awaited;
}

bool Touch(const GlobalAccess& a, const GlobalAccess& b)
{
    return a.begin <= b.end && b.begin <= a.end;
}

}  // namespace

void GlobalAccesses::Add(const Core& core, const Instruction& instruction)
{
    for (const Operand& operand : instruction.operands) {
        if (operand.space == Space::kGlobalMemory && !IsSignals(instruction, operand)) {
            const uint32_t call = FindCall(instruction, UseOf(core, instruction, operand));
            ForEachRange(operand, [&](uintptr_t begin, uintptr_t end) { Add(call, begin, end); });
        }
    }
}

// A call that goes through a tensor tile by tile makes one access.
void GlobalAccesses::Add(uint32_t call, uintptr_t begin, uintptr_t end)
{
    const GlobalAccess access{begin, end, call, static_cast<uint32_t>(meetings_.size()), flags_, awaited_};
    if (last_[call] < accesses_.size()) {
        GlobalAccess& last = accesses_[last_[call]];
        if (SameTime(last, access) && Touch(last, access)) {
            last.begin = std::min(last.begin, begin);
            last.end = std::max(last.end, end);
            return;
        }
    }
    last_[call] = accesses_.size();
    accesses_.push_back(access);
    if (accesses_.size() >= merge_at_) {
        Merge();
    }
}

uint32_t GlobalAccesses::FindCall(const Instruction& instruction, GlobalUse use)
{
    const Where where = instruction.where;
    const auto [found, is_new] = indices_.try_emplace({instruction.name, where.file, where.line, use},
                                                      static_cast<uint32_t>(calls_.size()));
    if (is_new) {
        calls_.push_back({use, instruction.name, where});
        last_.push_back(SIZE_MAX);
    }
    return found->second;
}

// Puts together what a call has used piece by piece, or more than once.
void GlobalAccesses::Merge()
{
    std::sort(accesses_.begin(), accesses_.end(), [](const GlobalAccess& a, const GlobalAccess& b) {
        return std::tie(a.call, a.syncs, a.flags, a.awaited, a.begin) <
               std::tie(b.call, b.syncs, b.flags, b.awaited, b.begin);
    });
    size_t kept = 0;
    for (const GlobalAccess& access : accesses_) {
        GlobalAccess& last = accesses_[kept == 0 ? 0 : kept - 1];
        if (kept > 0 && SameTime(last, access) && Touch(last, access)) {
            last.end = std::max(last.end, access.end);
        } else {
            accesses_[kept++] = access;
        }
        last_[access.call] = kept - 1;
    }
    accesses_.resize(kept);
    merge_at_ = std::max<size_t>(4096, 2 * kept);
}

void GlobalAccesses::SyncAll(const Core& core, const SyncAllEvent& event)
{
    const uint32_t blocks = event.participants == 0 ? core.block().count : event.participants;
    meetings_.emplace_back(blocks, met_[blocks]++);
}

void GlobalAccesses::Flag(const BlockFlagEvent& event)
{
    flags_ += event.wait ? 0 : 1;
    awaited_ = awaited_ || event.wait;
}

bool GlobalAccesses::OrderedBefore(const GlobalAccess& mine, const GlobalAccesses& other,
                                   const GlobalAccess& theirs) const
{
    if (flags_ > mine.flags && theirs.awaited) {
        return true;
    }
    const auto before = other.meetings_.begin() + theirs.syncs;
    return std::find_first_of(meetings_.begin() + mine.syncs, meetings_.end(), other.meetings_.begin(),
                              before) != meetings_.end();
}

std::vector<SharedBytes> FindSharedBytes(const std::vector<GlobalAccesses>& blocks, size_t limit)
{
    struct Written {
        uint32_t block;
        const GlobalAccess* access;
        uintptr_t reach;  // the highest end up to here
    };
    std::vector<Written> writes;
    for (uint32_t block = 0; block < blocks.size(); ++block) {
        for (const GlobalAccess& access : blocks[block].accesses()) {
            if (blocks[block].CallOf(access).use != GlobalUse::kRead) {
                writes.push_back({block, &access, 0});
            }
        }
    }
    std::sort(writes.begin(), writes.end(), [](const Written& a, const Written& b) {
        return std::tie(a.access->begin, a.block) < std::tie(b.access->begin, b.block);
    });
    uintptr_t reach = 0;
    for (Written& write : writes) {
        reach = write.reach = std::max(reach, write.access->end);
    }

    std::vector<SharedBytes> shared;
    for (uint32_t block = 0; block < blocks.size(); ++block) {
        for (const GlobalAccess& access : blocks[block].accesses()) {
            const bool reads = blocks[block].CallOf(access).use == GlobalUse::kRead;
            auto write = std::partition_point(writes.begin(), writes.end(), [&](const Written& written) {
                return written.reach <= access.begin;
            });
            for (; write != writes.end() && write->access->begin < access.end; ++write) {
                const bool meets = write->access->end > access.begin && write->block != block;
                if (!meets || (!reads && write->block > block)) {
                    continue;
                }
                shared.push_back({write->block, block, write->access, &access,
                                  std::max(access.begin, write->access->begin),
                                  std::min(access.end, write->access->end)});
                if (shared.size() == limit) {
                    return shared;
                }
            }
        }
    }
    return shared;
}

}  // namespace ascend_sim
