// SPDX-License-Identifier: Apache-2.0
// uninitialised: a value that nothing has written decides something.
//
// Every bit of unified buffer and of the workspace has a shadow bit that says whether it is defined. Vector
// instructions carry "undefined" from lane to lane, so that padding may be computed on as long as nobody
// looks at it. It is reported when it leaves the core (a copy to global memory other than the workspace), and
// when the kernel decides by it (a scalar read; a comparison that has nothing else to compare, for a
// comparison takes whole repeats, padding included). A reduction's result is undefined if one of its lanes
// is; the finding then stands at the reduction.
//
// A buffer becomes undefined when InitBuffer lays it out, and when AllocTensor hands out one of several: what
// it held for the tile before is not data. The only buffer of a queue is the same memory each time, and keeps
// what it holds. Arguments other than the workspace count as written.
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../core/launch_state.h"
#include "checks.h"
#include "describe.h"
#include "lane_views.h"
#include "operand_ranges.h"
#include "shadow.h"

namespace ascend_sim {

namespace {

constexpr size_t kBlockBytes = 32;

// Calls visit(address, bytes) for every contiguous piece of an operand.
template <class Visit>
void ForEachBlock(const Operand& operand, Visit&& visit)
{
    for (uint32_t repeat = 0; repeat < operand.repeats; ++repeat) {
        for (uint32_t block = 0; block < operand.blocks; ++block) {
            visit(operand.address + static_cast<uintptr_t>(repeat * operand.repeat_stride) +
                      static_cast<uintptr_t>(block * operand.block_stride),
                  operand.block_bytes);
        }
    }
}

// Whether the instruction moves or combines bits, each for itself: comparisons' results are combined so.
bool IsBitByBit(const std::string& name)
{
    return name == "And" || name == "Or" || name == "Not" || name == "Copy" || name == "DataCopy";
}

bool StartsWith(const char* text, const char* begin)
{
    return std::strncmp(text, begin, std::strlen(begin)) == 0;
}

// Bytes that an instruction touches in one repeat.
struct Piece {
    uint32_t repeat = 0;
    uintptr_t address = 0;
    size_t bytes = 0;
    const Operand* operand = nullptr;
};

// What an instruction reads or writes, in the order of its repeats.
std::vector<Piece> PiecesInOrder(const Instruction& instruction, Access access)
{
    std::vector<Piece> pieces;
    for (const Operand& operand : instruction.operands) {
        if (operand.access != access) {
            continue;
        }
        uint32_t count = 0;
        ForEachBlock(operand, [&](uintptr_t address, size_t bytes) {
            pieces.push_back({operand.first_repeat + count++ / operand.blocks, address, bytes, &operand});
        });
    }
    std::stable_sort(pieces.begin(), pieces.end(),
                     [](const Piece& left, const Piece& right) { return left.repeat < right.repeat; });
    return pieces;
}

// How an instruction came by an undefined lane.
struct Cause {
    const char* name = "";
    Where where;
    Operand operand;
    uintptr_t address = 0;  // of the lane; 0: there is none
};

// The lanes of a reduction that make one result each, as the first that is undefined among them.
class Groups {
public:
    explicit Groups(const Instruction& instruction)
        : instruction_(instruction),
          all_(StartsWith(instruction.name, "Reduce")),
          blocks_(StartsWith(instruction.name, "Block")),
          pairs_(StartsWith(instruction.name, "Pair"))
    {
    }

    void Add(const Piece& piece, uintptr_t address, bool defined)
    {
        if (causes_.empty() || Begins(piece, address)) {
            causes_.emplace_back();
        }
        if (!defined && causes_.back().address == 0) {
            causes_.back() = {instruction_.name, instruction_.where, *piece.operand, address};
        }
        repeat_ = piece.repeat;
        address_ = address;
    }

    const std::vector<Cause>& causes() const { return causes_; }
    // The bytes of one result; value and index of an extreme are one.
    size_t ResultBytes(const Piece& target) const
    {
        return blocks_ || pairs_ ? target.operand->element_bytes : target.bytes;
    }
    size_t ResultCount(size_t found) const { return all_ ? 1 : found; }

private:
    // Blocks and pairs lie in memory as they lie in a repeat; the same ones may come again.
    bool Begins(const Piece& piece, uintptr_t address) const
    {
        const size_t bytes = blocks_ ? kBlockBytes : 2 * piece.operand->element_bytes;
        const bool another = address / bytes != address_ / bytes || address <= address_;
        return !all_ && (piece.repeat != repeat_ || ((blocks_ || pairs_) && another));
    }

    const Instruction& instruction_;
    bool all_;     // one result of everything
    bool blocks_;  // one of every 32 bytes
    bool pairs_;
    uint32_t repeat_ = 0;
    uintptr_t address_ = 0;
    std::vector<Cause> causes_;
};

// What is known about one block.
struct BlockShadow {
    Shadow unified_buffer;
    std::map<uintptr_t, std::pair<size_t, Cause>> spoiled;  // undefined results: address to bytes and cause
    std::unordered_map<uint32_t, std::pair<uintptr_t, size_t>> buffers;  // by number: address and bytes
    std::vector<uint8_t> scratch;
};

class UninitialisedCheck : public Observer {
    void OnLaunch(const LaunchState& launch) override
    {
        blocks_.resize(launch.options().block_dim);
        for (const KernelArgument& argument : launch.arguments()) {
            if (IsWorkspace(argument) && argument.data != nullptr) {
                workspace_.Cover(reinterpret_cast<uintptr_t>(argument.data), argument.bytes, true);
            }
        }
    }

    void OnBlockStart(const Core& core) override
    {
        BlockOf(core).unified_buffer.Cover(reinterpret_cast<uintptr_t>(core.block().unified_buffer),
                                           core.block().unified_buffer_bytes, false);
    }
    void OnBlockEnd(const Core& core) override { BlockOf(core) = BlockShadow(); }

    void OnAllocation(const Core& core, const AllocationEvent& event) override
    {
        BlockShadow& block = BlockOf(core);
        for (uint32_t i = 0; i < event.count; ++i) {
            block.buffers[event.first_buffer + i] = {event.address + i * event.bytes, event.bytes};
            Forget(block, event.first_buffer + i);
        }
    }

    void OnQueue(const Core& core, const QueueEvent& event) override
    {
        if (event.action == QueueAction::kAlloc && event.buffer_count > 1) {
            Forget(BlockOf(core), event.buffer);
        }
    }

    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        BlockShadow& block = BlockOf(core);
        for (const Operand& operand : instruction.operands) {
            if (operand.access != Access::kRead && !block.spoiled.empty()) {
                ForEachBlock(operand, [&](uintptr_t address, size_t bytes) {
                    block.spoiled.erase(block.spoiled.lower_bound(address),
                                        block.spoiled.lower_bound(address + bytes));
                });
            }
        }
        if (instruction.pipe == Pipe::kVector) {
            return Compute(core, block, instruction);
        }
        if (instruction.pipe == Pipe::kMte2 || instruction.pipe == Pipe::kMte3) {
            return Move(core, block, instruction);
        }
        for (const Operand& operand : instruction.operands) {
            if (operand.access == Access::kRead) {
                Expect(core, block, instruction, operand);
            } else if (!IsSignals(instruction, operand)) {
                Define(block, operand, kDefined);
            }
        }
    }

    // A copy between unified buffer and global memory. What the workspace is given, it may be given
    // undefined: blocks of 32 bytes often hold one element that matters.
    void Move(const Core& core, BlockShadow& block, const Instruction& instruction)
    {
        const Operand* to = nullptr;
        const Operand* from = nullptr;
        for (const Operand& operand : instruction.operands) {
            if (operand.access == Access::kRead) {
                from = &operand;
            } else if (operand.access == Access::kClobber) {
                Define(block, operand, 0);
            } else {
                to = &operand;
            }
        }
        if (to == nullptr) {
            return;
        }
        if (to->space == Space::kGlobalMemory && core.block().atomic != Atomic::kNone) {
            Expect(core, block, instruction, *to);  // an atomic copy reads what it adds to
        }
        Define(block, *to, kDefined);
        if (from == nullptr) {
            return;
        }
        if (to->space == Space::kGlobalMemory && !ShadowOf(block, *to, to->address, to->block_bytes)) {
            return Expect(core, block, instruction, *from);
        }
        Carry(block, *to, *from);
    }

    // Copies the shadow of one operand to that of another of the same shape.
    void Carry(BlockShadow& block, const Operand& to, const Operand& from)
    {
        if (to.block_bytes != from.block_bytes || to.blocks != from.blocks) {
            return;  // a padded block; the padding has a value, and is not told apart
        }
        for (uint32_t i = 0; i < to.blocks; ++i) {
            const auto at = [i](const Operand& operand) {
                return operand.address + static_cast<uintptr_t>(i * operand.block_stride);
            };
            const ShadowBytes target = ShadowOf(block, to, at(to), to.block_bytes);
            const ShadowBytes source = ShadowOf(block, from, at(from), from.block_bytes);
            if (target && source) {
                block.scratch.resize(to.block_bytes);
                source.Read(block.scratch.data(), to.block_bytes);
                target.Write(block.scratch.data(), to.block_bytes);
            }
        }
    }

    void Compute(const Core& core, BlockShadow& block, const Instruction& instruction)
    {
        for (const Operand& operand : instruction.operands) {
            if (operand.access == Access::kClobber) {
                Define(block, operand, 0);
            }
        }
        if (AllSourcesDefined(block, instruction)) {
            return DefineTargets(block, instruction);
        }
        const std::vector<Operand>& operands = instruction.operands;
        if (std::strstr(instruction.name, "Reduce") != nullptr) {
            return Reduce(block, instruction);
        }
        if (StartsWith(instruction.name, "Compare")) {
            return Compare(core, block, instruction);
        }
        // The bits that select come last, and lanes of them are bits.
        const bool selects =
            std::strcmp(instruction.name, "Select") == 0 && operands.back().element_bytes == 1;
        // What an instruction clobbers comes last, too.
        size_t count = operands.size() - static_cast<size_t>(selects);
        while (count > 0 && operands[count - 1].access == Access::kClobber) {
            --count;
        }
        const std::vector<LaneView> views = MakeLaneViews(instruction, count);
        if (views.empty()) {
            return DefineTargets(block, instruction);  // not lane by lane: benefit of the doubt
        }
        if (selects) {
            Select(block, views, operands.back(), core.deferred());
        } else if (IsBitByBit(instruction.name)) {
            BitByBit(block, views);
        } else {
            LaneByLane(block, views);
        }
    }

    // A result is defined if all lanes are that it is made of.
    void Reduce(BlockShadow& block, const Instruction& instruction)
    {
        Groups groups(instruction);
        for (const Piece& piece : PiecesInOrder(instruction, Access::kRead)) {
            const size_t width = piece.operand->element_bytes;
            const ShadowBytes shadow = ShadowOf(block, *piece.operand, piece.address, piece.bytes);
            for (size_t i = 0; i < piece.bytes; i += width) {
                groups.Add(piece, piece.address + i, !shadow || (shadow + i).AreDefined(width));
            }
        }
        DefineTargets(block, instruction);
        std::vector<Piece> results;
        for (const Piece& target : PiecesInOrder(instruction, Access::kWrite)) {
            const size_t bytes = groups.ResultBytes(target);
            for (size_t i = 0; i < target.bytes; i += bytes) {
                results.push_back({target.repeat, target.address + i, bytes, target.operand});
            }
        }
        const size_t count = std::min(groups.ResultCount(results.size()), groups.causes().size());
        for (size_t i = 0; i < count; ++i) {
            const ShadowBytes shadow =
                ShadowOf(block, *results[i].operand, results[i].address, results[i].bytes);
            if (groups.causes()[i].address != 0 && shadow) {
                shadow.Fill(0, results[i].bytes);
                block.spoiled[results[i].address] = {results[i].bytes, groups.causes()[i]};
            }
        }
    }

    // Bit i of the destination is defined if bit i of every source is.
    void BitByBit(BlockShadow& block, const std::vector<LaneView>& views)
    {
        const size_t width = views[0].operand->element_bytes;
        std::vector<uint8_t>& bits = block.scratch;
        bits.assign(LaneCount(views[0]) * width, kDefined);
        for (size_t source = 1; source < views.size(); ++source) {
            ForEachRun(block, views[source], [&](size_t lane, ShadowBytes shadow, size_t elements) {
                for (size_t i = 0; shadow && i < elements * width; ++i) {
                    bits[lane * width + i] &= shadow[i];
                }
            });
        }
        ForEachRun(block, views[0], [&](size_t lane, ShadowBytes shadow, size_t elements) {
            if (shadow) {
                shadow.Write(&bits[lane * width], elements * width);
            }
        });
    }

    // Lane i of the destination is defined if lane i of every source is.
    void LaneByLane(BlockShadow& block, const std::vector<LaneView>& views)
    {
        std::vector<uint8_t>& lanes = block.scratch;
        lanes.assign(LaneCount(views[0]), 1);
        for (const LaneView& view : views) {
            if (view.operand->access != Access::kWrite) {
                ForEachLane(block, view,
                            [&](size_t lane, bool defined) { lanes[lane] &= static_cast<uint8_t>(defined); });
            }
        }
        Store(block, views[0]);
    }

    // Lane i is defined if the bit that chooses is, and so is what it chooses. Bits that may still be on
    // their way (`deferred`) get the benefit of the doubt.
    void Select(BlockShadow& block, const std::vector<LaneView>& views, const Operand& bits, bool deferred)
    {
        const ShadowBytes shadow = ShadowOf(block, bits, bits.address, bits.block_bytes);
        const auto* values = reinterpret_cast<const uint8_t*>(bits.address);
        // Modes that use the same bits in every repeat have fewer of them.
        const size_t count = bits.block_bytes * 8;
        std::vector<uint8_t>& lanes = block.scratch;
        lanes.assign(LaneCount(views[0]), 1);
        for (size_t source = 1; source < views.size(); ++source) {
            ForEachLane(block, views[source], [&](size_t lane, bool defined) {
                const size_t bit = lane % count;
                const bool known = !shadow || (shadow[bit / 8] >> (bit % 8) & 1) != 0;
                const bool first = (values[bit / 8] >> (bit % 8) & 1) != 0;
                const bool chosen = !deferred && first == (source == 1);
                lanes[lane] &= static_cast<uint8_t>(known && (!chosen || defined));
            });
        }
        Store(block, views[0]);
    }

    // Bit i of the result is defined if lane i of every source is.
    void Compare(const Core& core, BlockShadow& block, const Instruction& instruction)
    {
        const Operand* result = nullptr;
        for (const Operand& operand : instruction.operands) {
            if (operand.access == Access::kWrite) {
                result = &operand;
            } else if (NothingDefined(block, operand)) {
                Expect(core, block, instruction, operand);
            }
        }
        const ShadowBytes bits = result == nullptr
                                     ? ShadowBytes()
                                     : ShadowOf(block, *result, result->address, result->block_bytes);
        if (!bits) {
            return;  // into the comparison mask, which has no shadow
        }
        std::vector<uint8_t> defined(result->block_bytes, kDefined);
        // The sources have the same width, and each as many lanes as the result has bits.
        size_t lane = 0;
        for (const Operand& operand : instruction.operands) {
            if (operand.access != Access::kRead) {
                continue;
            }
            ForEachBlock(operand, [&](uintptr_t address, size_t bytes) {
                const ShadowBytes shadow = ShadowOf(block, operand, address, bytes);
                for (size_t i = 0; i < bytes; i += operand.element_bytes, ++lane) {
                    const size_t bit = lane % (defined.size() * 8);
                    if (shadow && !(shadow + i).AreDefined(operand.element_bytes)) {
                        defined[bit / 8] &= static_cast<uint8_t>(~(1u << (bit % 8)));
                    }
                }
            });
        }
        bits.Write(defined.data(), defined.size());
    }

    static size_t LaneCount(const LaneView& view)
    {
        size_t count = 0;
        for (const Run& run : view.runs) {
            count += run.elements;
        }
        return count;
    }

    // Calls visit(first lane, shadow or null, elements) for every run of a view.
    template <class Visit>
    void ForEachRun(BlockShadow& block, const LaneView& view, Visit&& visit)
    {
        size_t lane = 0;
        for (const Run& run : view.runs) {
            visit(lane,
                  ShadowOf(block, *view.operand, run.address, run.elements * view.operand->element_bytes),
                  run.elements);
            lane += run.elements;
        }
    }

    // Calls visit(lane, defined) for every lane of a view.
    template <class Visit>
    void ForEachLane(BlockShadow& block, const LaneView& view, Visit&& visit)
    {
        const size_t width = view.operand->element_bytes;
        ForEachRun(block, view, [&](size_t lane, ShadowBytes shadow, size_t elements) {
            for (size_t i = 0; i < elements; ++i) {
                visit(lane + i, !shadow || (shadow + i * width).AreDefined(width));
            }
        });
    }

    // Gives the lanes of the destination what block.scratch says.
    void Store(BlockShadow& block, const LaneView& view)
    {
        const size_t width = view.operand->element_bytes;
        ForEachRun(block, view, [&](size_t lane, ShadowBytes shadow, size_t elements) {
            for (size_t i = 0; shadow && i < elements; ++i) {
                (shadow + i * width).Fill(block.scratch[lane + i] != 0 ? kDefined : 0, width);
            }
        });
    }

    bool AllSourcesDefined(BlockShadow& block, const Instruction& instruction)
    {
        for (const Operand& operand : instruction.operands) {
            bool all = true;
            if (operand.access == Access::kRead || operand.access == Access::kReadWrite) {
                ForEachBlock(operand, [&](uintptr_t address, size_t bytes) {
                    const ShadowBytes shadow = ShadowOf(block, operand, address, bytes);
                    all = all && (!shadow || shadow.AreDefined(bytes));
                });
            }
            if (!all) {
                return false;
            }
        }
        return true;
    }

    bool NothingDefined(BlockShadow& block, const Operand& operand)
    {
        bool nothing = true;
        ForEachBlock(operand, [&](uintptr_t address, size_t bytes) {
            const ShadowBytes shadow = ShadowOf(block, operand, address, bytes);
            nothing = nothing && shadow && shadow.Are(0, bytes);
        });
        return nothing;
    }

    void DefineTargets(BlockShadow& block, const Instruction& instruction)
    {
        for (const Operand& operand : instruction.operands) {
            if (operand.access == Access::kWrite || operand.access == Access::kReadWrite) {
                Define(block, operand, kDefined);
            }
        }
    }

    void Define(BlockShadow& block, const Operand& operand, uint8_t bits)
    {
        ForEachBlock(operand, [&](uintptr_t address, size_t bytes) {
            if (const ShadowBytes shadow = ShadowOf(block, operand, address, bytes)) {
                shadow.Fill(bits, bytes);
            }
        });
    }

    // Reports the first byte of the operand that is undefined, and takes it for defined from then on.
    void Expect(const Core& core, BlockShadow& block, const Instruction& instruction, const Operand& operand)
    {
        uintptr_t first = 0;
        ForEachBlock(operand, [&](uintptr_t address, size_t bytes) {
            const ShadowBytes shadow = ShadowOf(block, operand, address, bytes);
            if (first == 0 && shadow && !shadow.AreDefined(bytes)) {
                size_t byte = 0;
                while (byte + 1 < bytes && shadow[byte] == kDefined) {
                    ++byte;
                }
                first = address + byte;
            }
        });
        if (first != 0) {
            const Cause* reduction = FindSpoiled(block, first);
            Report(core, reduction != nullptr ? *reduction
                                              : Cause{instruction.name, instruction.where, operand, first});
            Define(block, operand, kDefined);
        }
    }

    static void Report(const Core& core, const Cause& cause)
    {
        const uintptr_t byte = cause.address - cause.operand.extent.begin;
        core.Report("uninitialised",
                    std::string(cause.name) + " depends on element " +
                        std::to_string(byte / cause.operand.element_bytes) + " (byte " +
                        std::to_string(byte) + ") of " + DescribeTensor(core, cause.operand) +
                        ", which holds whatever was there before: nothing has written it since it was "
                        "allocated, or it was computed from such a lane",
                    cause.where, &cause.operand);
    }

    // The reduction whose undefined result this address is in, if it is in one.
    static const Cause* FindSpoiled(const BlockShadow& block, uintptr_t address)
    {
        auto next = block.spoiled.upper_bound(address);
        if (next == block.spoiled.begin()) {
            return nullptr;
        }
        const auto& [begin, result] = *--next;
        return address - begin < result.first ? &result.second : nullptr;
    }

    void Forget(BlockShadow& block, uint32_t buffer)
    {
        const auto found = block.buffers.find(buffer);
        if (found != block.buffers.end()) {
            const auto [address, bytes] = found->second;
            block.unified_buffer.Of(address, bytes).Fill(0, bytes);
            block.spoiled.erase(block.spoiled.lower_bound(address),
                                block.spoiled.lower_bound(address + bytes));
        }
    }

    // Null if these bytes have none.
    ShadowBytes ShadowOf(const BlockShadow& block, const Operand& operand, uintptr_t address,
                         size_t bytes) const
    {
        const bool local = operand.space == Space::kUnifiedBuffer;
        return (local ? block.unified_buffer : workspace_).Of(address, bytes);
    }

    BlockShadow& BlockOf(const Core& core) { return blocks_[core.block().index]; }

    std::vector<BlockShadow> blocks_;
    Shadow workspace_;  // of all blocks
};

}  // namespace

std::unique_ptr<Observer> MakeUninitialisedCheck()
{
    return std::make_unique<UninitialisedCheck>();
}

}  // namespace ascend_sim
