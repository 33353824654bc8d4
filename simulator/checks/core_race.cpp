// SPDX-License-Identifier: Apache-2.0
// core-race: two blocks use the same bytes of global memory, at least one of them writes, and no meeting of
// both (SyncAll) stands between. Atomic copies among themselves are in no race, nor are fills, nor copies of
// the same values: tails that begin early, so as to end with the tensor.
#include <set>
#include <string>
#include <tuple>

#include "checks.h"
#include "describe.h"
#include "global_accesses.h"
#include "interval_map.h"

namespace ascend_sim {

namespace {

constexpr size_t kEnough = 10000;  // places that blocks share

// What a block copies to global memory.
class CopiedOut {
public:
    void Add(const Instruction& copy)
    {
        const std::vector<Operand>& operands = copy.operands;
        if (operands.size() != 2 || operands[0].block_bytes != operands[1].block_bytes) {
            return;
        }
        const Operand& target = operands[0];
        const size_t bytes = target.blocks * target.block_bytes;
        if (bytes_.size() + bytes > kMostBytes) {
            return;
        }
        for (uint32_t block = 0; block < target.blocks; ++block) {
            const uintptr_t begin = target.address + static_cast<uintptr_t>(block * target.block_stride);
            const auto* values = reinterpret_cast<const uint8_t*>(operands[1].address) +
                                 static_cast<ptrdiff_t>(block) * operands[1].block_stride;
            const size_t at = bytes_.size();
            bytes_.insert(bytes_.end(), values, values + target.block_bytes);
            pieces_.ForEach(begin, begin + target.block_bytes,
                            [&](Piece& piece, uintptr_t, uintptr_t) { piece = {begin, at, true}; });
        }
    }

    // The values of [begin, end); empty if they are not known.
    std::vector<uint8_t> Get(uintptr_t begin, uintptr_t end)
    {
        std::vector<uint8_t> values;
        bool known = true;
        pieces_.ForEach(begin, end, [&](const Piece& piece, uintptr_t from, uintptr_t to) {
            known = known && piece.known;
            if (known) {
                const uint8_t* first = bytes_.data() + piece.at + (from - piece.begin);
                values.insert(values.end(), first, first + (to - from));
            }
        });
        return known ? values : std::vector<uint8_t>();
    }

private:
    static constexpr size_t kMostBytes = size_t{1} << 26;  // beyond, values are not known

    struct Piece {
        uintptr_t begin = 0;
        size_t at = 0;  // of bytes_
        bool known = false;
    };
    IntervalMap<Piece> pieces_;
    std::vector<uint8_t> bytes_;
};

class CoreRaceCheck : public Observer {
    void OnLaunch(const LaunchState& launch) override
    {
        blocks_.resize(launch.options().block_dim);
        copied_out_.resize(launch.options().block_dim);
    }

    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        blocks_[core.block().index].Add(core, instruction);
    }
    void OnCopiedOut(const Core& core, const Instruction& instruction) override
    {
        copied_out_[core.block().index].Add(instruction);
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
            if (Races(shared) &&
                reported.emplace(shared.second_block, shared.second->call, shared.first->call).second) {
                Report(launch, shared);
            }
        }
    }

    bool Races(const SharedBytes& shared)
    {
        const GlobalAccesses& first = blocks_[shared.first_block];
        const GlobalAccesses& second = blocks_[shared.second_block];
        const GlobalUse use = first.CallOf(*shared.first).use;
        const bool same_use = use == second.CallOf(*shared.second).use;
        const bool harmless = (use == GlobalUse::kAtomic || use == GlobalUse::kFill) && same_use;
        return !harmless && !first.OrderedBefore(*shared.first, second, *shared.second) &&
               !second.OrderedBefore(*shared.second, first, *shared.first) &&
               !(same_use && SameValues(shared));
    }

    bool SameValues(const SharedBytes& shared)
    {
        const std::vector<uint8_t> first = copied_out_[shared.first_block].Get(shared.begin, shared.end);
        return !first.empty() && first == copied_out_[shared.second_block].Get(shared.begin, shared.end);
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
    std::vector<CopiedOut> copied_out_;  // by block, too
};

}  // namespace

std::unique_ptr<Observer> MakeCoreRaceCheck()
{
    return std::make_unique<CoreRaceCheck>();
}

}  // namespace ascend_sim
