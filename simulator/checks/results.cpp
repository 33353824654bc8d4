// SPDX-License-Identifier: Apache-2.0
// never-written, written-twice: bytes of a result that no block writes, or whose first values are lost.
//
// What is a result, the caller says (ArgumentRole::kOutput). Lost are values that another block overwrites
// after a SyncAll without having read them, or that the same block overwrites with others by a copy that
// covers a part of an earlier one: tiles that overlap. A copy that covers all of an earlier one again is a
// tile done anew, and atomic copies and fills lose nothing.
#include <algorithm>
#include <set>
#include <string>

#include "checks.h"
#include "copied_values.h"
#include "describe.h"
#include "global_accesses.h"
#include "interval_map.h"
#include "operand_ranges.h"

namespace ascend_sim {

namespace {

constexpr size_t kEnough = 10000;  // places that blocks share

// The copy that wrote some bytes last.
struct Copy {
    uintptr_t begin = 0;  // of all that it wrote side by side
    uintptr_t end = 0;
    Where where;
    bool read = false;  // since
};

struct Range {
    uintptr_t begin;
    uintptr_t end;

    bool Holds(uintptr_t first, uintptr_t last) const { return begin <= first && last <= end; }
};

bool Overwrites(GlobalUse use)
{
    return use == GlobalUse::kWrite;
}

class ResultsCheck : public Observer {
    struct BlockState {
        GlobalAccesses accesses;
        IntervalMap<Copy> copies;
    };

    void OnLaunch(const LaunchState& launch) override
    {
        blocks_.resize(launch.options().block_dim);
        for (const KernelArgument& argument : launch.arguments()) {
            if (argument.role == ArgumentRole::kOutput && argument.data != nullptr && argument.bytes > 0 &&
                !IsInputToo(launch, argument)) {
                const auto begin = reinterpret_cast<uintptr_t>(argument.data);
                results_.push_back({begin, begin + argument.bytes});
            }
        }
    }

    // A result in the place of an input: what is not written keeps its value.
    static bool IsInputToo(const LaunchState& launch, const KernelArgument& result)
    {
        return std::any_of(launch.arguments().begin(), launch.arguments().end(), [&](const auto& argument) {
            return argument.role != ArgumentRole::kOutput && argument.data == result.data;
        });
    }

    bool IsResult(const Operand& operand) const
    {
        return operand.space == Space::kGlobalMemory &&
               std::any_of(results_.begin(), results_.end(), [&](const Range& result) {
                   return result.Holds(operand.address, operand.address + 1);
               });
    }

    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        if (std::none_of(instruction.operands.begin(), instruction.operands.end(),
                         [&](const Operand& operand) { return IsResult(operand); })) {
            return;
        }
        BlockState& block = blocks_[core.block().index];
        block.accesses.Add(core, instruction);
        for (const Operand& operand : instruction.operands) {
            if (IsResult(operand)) {
                ForEachRange(operand, [&](uintptr_t begin, uintptr_t end) {
                    Follow(core, block, instruction, operand, begin, end);
                });
            }
        }
    }

    void OnBlockFlag(const Core& core, const BlockFlagEvent& event) override
    {
        blocks_[core.block().index].accesses.Flag(event);
    }
    void OnSyncAll(const Core& core, const SyncAllEvent& event) override
    {
        blocks_[core.block().index].accesses.SyncAll(core, event);
    }

    static void Follow(const Core& core, BlockState& block, const Instruction& instruction,
                       const Operand& operand, uintptr_t begin, uintptr_t end)
    {
        const bool writes = operand.access == Access::kWrite || operand.access == Access::kClobber;
        const bool copies = instruction.pipe == Pipe::kMte3 && core.block().atomic == Atomic::kNone;
        if (!writes) {
            return block.copies.ForEach(begin, end,
                                        [](Copy& copy, uintptr_t, uintptr_t) { copy.read = true; });
        }
        block.copies.ForEach(begin, end, [&](Copy& copy, uintptr_t from, uintptr_t to) {
            const Range earlier{copy.begin, copy.end};
            const Range now{begin, end};
            if (copies && copy.end != 0 && !copy.read && !earlier.Holds(begin, end) &&
                !now.Holds(copy.begin, copy.end) && !CopiesWhatIsThere(core, instruction, from, to)) {
                core.Report("written-twice",
                            std::string(instruction.name) + " writes bytes [" +
                                std::to_string(from - operand.extent.begin) + ", " +
                                std::to_string(to - operand.extent.begin) + ") of " +
                                DescribeTensor(core, operand) +
                                " over what the same block has written there at " +
                                DescribeWhere(copy.where) + ", with other values",
                            instruction.where, &operand);
            }
            copy = copies ? Copy{begin, end, instruction.where, false} : Copy();
        });
    }

    void OnLaunchEnd(LaunchState& launch) override
    {
        std::vector<GlobalAccesses> blocks;
        for (BlockState& block : blocks_) {
            blocks.push_back(std::move(block.accesses));
        }
        FindLost(launch, blocks);
        // Blocks that have ended before their time, or that were not run, have not written their part.
        if (!launch.stopped() && launch.options().blocks.empty()) {
            for (const Range& result : results_) {
                FindUnwritten(launch, blocks, result);
            }
        }
    }

    // Values that another block overwrites.
    void FindLost(LaunchState& launch, const std::vector<GlobalAccesses>& blocks) const
    {
        for (const SharedBytes& shared : FindSharedBytes(blocks, kEnough)) {
            const GlobalAccesses& a = blocks[shared.first_block];
            const GlobalAccesses& b = blocks[shared.second_block];
            if (!Overwrites(a.CallOf(*shared.first).use) || !Overwrites(b.CallOf(*shared.second).use)) {
                continue;
            }
            // In no order they are in a race, which is reported as such.
            if (a.OrderedBefore(*shared.first, b, *shared.second)) {
                ReportLost(launch, b, shared.second_block, *shared.second, a.CallOf(*shared.first),
                           shared.first_block, shared);
            } else if (b.OrderedBefore(*shared.second, a, *shared.first)) {
                ReportLost(launch, a, shared.first_block, *shared.first, b.CallOf(*shared.second),
                           shared.second_block, shared);
            }
        }
    }

    static void ReportLost(LaunchState& launch, const GlobalAccesses& later, uint32_t block,
                           const GlobalAccess& access, const GlobalCall& earlier, uint32_t earlier_block,
                           const SharedBytes& shared)
    {
        for (const GlobalAccess& other : later.accesses()) {
            if (later.CallOf(other).use == GlobalUse::kRead && other.begin < shared.end &&
                shared.begin < other.end) {
                return;  // it knows what it overwrites
            }
        }
        const GlobalCall& call = later.CallOf(access);
        launch.Add(FindingAfterwards(
            launch, "written-twice",
            std::string(call.name) + " writes " + DescribeBytes(launch, shared.begin, shared.end) +
                " in block " + std::to_string(block) + " over what block " + std::to_string(earlier_block) +
                " has written there at " + DescribeWhere(earlier.where),
            call.where, block, shared.begin));
    }

    struct Written {
        Range range;
        Where where;
    };

    // By address.
    static std::vector<Written> WritesTo(const std::vector<GlobalAccesses>& blocks, const Range& result)
    {
        std::vector<Written> writes;
        for (const GlobalAccesses& block : blocks) {
            for (const GlobalAccess& access : block.accesses()) {
                const GlobalCall& call = block.CallOf(access);
                if (call.use != GlobalUse::kRead && access.begin < result.end && result.begin < access.end) {
                    writes.push_back({{access.begin, access.end}, call.where});
                }
            }
        }
        std::sort(writes.begin(), writes.end(),
                  [](const Written& a, const Written& b) { return a.range.begin < b.range.begin; });
        return writes;
    }

    // The finding stands at the call that writes what lies before the first gap, or else after it.
    static void FindUnwritten(LaunchState& launch, const std::vector<GlobalAccesses>& blocks,
                              const Range& result)
    {
        std::vector<Written> writes = WritesTo(blocks, result);
        Where before = writes.empty() ? Where{} : writes.front().where;
        Where where;
        writes.push_back({{result.end, result.end}, {}});
        uintptr_t reached = result.begin;
        Range first{0, 0};
        size_t missing = 0;
        for (const Written& written : writes) {
            if (written.range.begin > reached) {
                if (missing == 0) {
                    first = {reached, written.range.begin};
                    where = before;
                }
                missing += written.range.begin - reached;
            }
            before = written.where;
            reached = std::max(reached, written.range.end);
        }
        if (missing == 0) {
            return;
        }
        const size_t more = missing - (first.end - first.begin);
        launch.Add(FindingAfterwards(launch, "never-written",
                                     "no block writes " + DescribeBytes(launch, first.begin, first.end) +
                                         (more == 0 ? "" : " (and " + std::to_string(more) + " bytes more)"),
                                     where, 0, first.begin));
    }

    std::vector<BlockState> blocks_;
    std::vector<Range> results_;
};

}  // namespace

std::unique_ptr<Observer> MakeResultsCheck()
{
    return std::make_unique<ResultsCheck>();
}

}  // namespace ascend_sim
