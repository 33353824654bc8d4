// SPDX-License-Identifier: Apache-2.0
// core-race: two blocks use the same bytes of global memory, at least one of them writes, and no meeting of
// both (SyncAll) stands between. Atomic copies among themselves are in no race, nor are fills.
#include <set>
#include <string>
#include <tuple>

#include "checks.h"
#include "describe.h"
#include "global_accesses.h"

namespace ascend_sim {

namespace {

constexpr size_t kEnough = 10000;  // places that blocks share

class CoreRaceCheck : public Observer {
    void OnLaunch(const LaunchState& launch) override { blocks_.resize(launch.options().block_dim); }

    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        blocks_[core.block().index].Add(core, instruction);
    }
    void OnBlockFlag(const Core& core, const BlockFlagEvent& event) override
    {
        blocks_[core.block().index].Flag(event);
    }
    void OnSyncAll(const Core& core, const SyncAllEvent& event) override
    {
        blocks_[core.block().index].SyncAll(core, event);
    }

    void OnLaunchEnd(LaunchState& launch) override
    {
        std::set<std::tuple<uint32_t, uint32_t, uint32_t>> reported;  // block and its call, the other's call
        for (const SharedBytes& shared : FindSharedBytes(blocks_, kEnough)) {
            const bool is_new =
                reported.emplace(shared.second_block, shared.second->call, shared.first->call).second;
            if (is_new && Races(shared)) {
                Report(launch, shared);
            }
        }
    }

    bool Races(const SharedBytes& shared) const
    {
        const GlobalAccesses& first = blocks_[shared.first_block];
        const GlobalAccesses& second = blocks_[shared.second_block];
        const GlobalUse use = first.CallOf(*shared.first).use;
        const bool harmless = (use == GlobalUse::kAtomic || use == GlobalUse::kFill) &&
                              use == second.CallOf(*shared.second).use;
        return !harmless && !first.OrderedBefore(*shared.first, second, *shared.second) &&
               !second.OrderedBefore(*shared.second, first, *shared.first);
    }

    void Report(LaunchState& launch, const SharedBytes& shared) const
    {
        const GlobalCall& first = blocks_[shared.first_block].CallOf(*shared.first);
        const GlobalCall& second = blocks_[shared.second_block].CallOf(*shared.second);
        const std::string does = second.use == GlobalUse::kRead ? " reads " : " writes ";
        const std::string place = DescribeWhere(first.where);
        const std::string mend =
            second.use == GlobalUse::kRead
                ? "call SyncAll in every block between " + place + " and " + DescribeWhere(second.where)
                : "give each block bytes of its own (tails to the byte, by DataCopyPad), add with "
                  "SetAtomicAdd, or call SyncAll in every block between the two";
        launch.Add(FindingAfterwards(launch, "core-race",
                                     second.name + does + DescribeBytes(launch, shared.begin, shared.end) +
                                         " in block " + std::to_string(shared.second_block) + ", and " +
                                         first.name + " (" + place + ") writes them in block " +
                                         std::to_string(shared.first_block) +
                                         ": nothing lets one of the two blocks wait for the other",
                                     second.where, shared.second_block, shared.begin, mend));
    }

    std::vector<GlobalAccesses> blocks_;
};

}  // namespace

std::unique_ptr<Observer> MakeCoreRaceCheck()
{
    return std::make_unique<CoreRaceCheck>();
}

}  // namespace ascend_sim
