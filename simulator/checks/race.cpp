// SPDX-License-Identifier: Apache-2.0
// race: two pipes of a core, or two instructions of one pipe, use the same bytes, one of them writes, and
// nothing makes the later one wait for the earlier.
//
// What makes it wait: flags, queues and barriers (pipe_order.h). Besides, unless the launch says otherwise,
// what CANN's compiler inserts where instructions share data: between vector instructions, and between the
// scalar unit and every other pipe, both ways. The scalar unit keeps its own order, and on Ascend 950 so does
// the vector unit. Copies of one pipe do not: one may begin before another has ended.
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "../core/launch_state.h"
#include "checks.h"
#include "copied_values.h"
#include "describe.h"
#include "interval_map.h"
#include "operand_ranges.h"
#include "pipe_order.h"

namespace ascend_sim {

namespace {

constexpr size_t kPipes = static_cast<size_t>(Pipe::kAll);

// Where an instruction stands in the kernel.
struct Call {
    Pipe pipe;
    const char* name;
    Where where;
};

// One instruction as the bytes it used remember it.
struct Use {
    uint32_t number = 0;  // on its pipe; 0: none
    uint32_t call = 0;    // index into the block's calls
};

// Who used some bytes last.
struct Bytes {
    Use write;
    Pipe writer = Pipe::kScalar;
    bool atomic = false;            // the write
    std::array<Use, kPipes> reads;  // since the write, by pipe
};

struct BlockState {
    PipeOrder order;
    IntervalMap<Bytes> unified_buffer;
    IntervalMap<Bytes> global_memory;
    size_t tidy_at = 256;  // pieces of global memory
    std::vector<Call> calls;
    std::map<std::tuple<const char*, const char*, int>, uint32_t> call_indices;  // by name, file, line
};

// An instruction about to begin.
struct Now {
    const Instruction& instruction;
    Use use;
    bool atomic;
};

bool Reads(const Operand& operand)
{
    return operand.access == Access::kRead || operand.access == Access::kReadWrite;
}

class RaceCheck : public Observer {
    void OnLaunch(const LaunchState& launch) override
    {
        blocks_.resize(launch.options().block_dim);
        auto_sync_ = launch.options().auto_sync;
        vector_in_order_ = auto_sync_ || launch.platform().short_name == "Ascend950";
    }
    void OnBlockStart(const Core& core) override { StateOf(core) = std::make_unique<BlockState>(); }
    void OnBlockEnd(const Core& core) override { StateOf(core).reset(); }

    void OnFlag(const Core& core, const FlagEvent& event) override { StateOf(core)->order.Flag(event); }
    void OnQueue(const Core& core, const QueueEvent& event) override { StateOf(core)->order.Queue(event); }
    void OnPipeReset(const Core& core) override { StateOf(core)->order.PipeReset(); }
    void OnBarrier(const Core& core, const BarrierEvent& event) override { Barrier(core, event.pipe); }
    // It begins with a barrier of all pipes.
    void OnSyncAll(const Core& core, const SyncAllEvent&) override { Barrier(core, Pipe::kAll); }
    // Simulated as if it waited for all pipes, which is more than the device promises.
    void OnBlockFlag(const Core& core, const BlockFlagEvent&) override { Barrier(core, Pipe::kAll); }

    void Barrier(const Core& core, Pipe pipe)
    {
        BlockState& block = *StateOf(core);
        block.order.Barrier(pipe);
        if (pipe == Pipe::kAll) {  // what came before can be in no race any more
            block.unified_buffer.clear();
            block.global_memory.clear();
        }
    }

    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        BlockState& block = *StateOf(core);
        const bool atomic = instruction.pipe == Pipe::kMte3 && core.block().atomic != Atomic::kNone;
        if (!block.order.StandsStill(instruction.pipe)) {
            return Begin(core, block, instruction, atomic);
        }
        const Instruction copy{
            instruction.pipe, instruction.name, instruction.where, instruction.operands, {}};
        block.order.Postpone(instruction.pipe,
                             [this, &core, &block, copy, atomic] { Begin(core, block, copy, atomic); });
    }

    void Begin(const Core& core, BlockState& block, const Instruction& instruction, bool atomic)
    {
        const Use use{block.order.Begin(instruction.pipe), CallOf(block, instruction)};
        const Now now{instruction, use, atomic};
        for (const Operand& operand : instruction.operands) {
            if (operand.space == Space::kRegister) {
                block.order.Order(Pipe::kVector, instruction.pipe);
            } else if (Reads(operand)) {
                Read(core, block, now, operand);
            }
        }
        for (const Operand& operand : instruction.operands) {
            if (operand.space != Space::kRegister && operand.access != Access::kRead) {
                Write(core, block, now, operand);
            }
        }
        if (block.global_memory.size() >= block.tidy_at) {
            Tidy(block);
        }
    }

    static uint32_t CallOf(BlockState& block, const Instruction& instruction)
    {
        const auto [found, is_new] =
            block.call_indices.try_emplace({instruction.name, instruction.where.file, instruction.where.line},
                                           static_cast<uint32_t>(block.calls.size()));
        if (is_new) {
            block.calls.push_back({instruction.pipe, instruction.name, instruction.where});
        }
        return found->second;
    }

    static IntervalMap<Bytes>& MapOf(BlockState& block, const Operand& operand)
    {
        return operand.space == Space::kUnifiedBuffer ? block.unified_buffer : block.global_memory;
    }

    void Read(const Core& core, BlockState& block, const Now& now, const Operand& operand)
    {
        const Pipe pipe = now.instruction.pipe;
        ForEachRange(operand, [&](uintptr_t begin, uintptr_t end) {
            MapOf(block, operand).ForEach(begin, end, [&](Bytes& bytes, uintptr_t from, uintptr_t to) {
                if (!Waits(block, now, bytes.writer, bytes.write)) {
                    Report(core, block, now, operand, bytes.write, "written", from, to);
                }
                bytes.reads[static_cast<size_t>(pipe)] = now.use;
            });
        });
    }

    void Write(const Core& core, BlockState& block, const Now& now, const Operand& operand)
    {
        ForEachRange(operand, [&](uintptr_t begin, uintptr_t end) {
            MapOf(block, operand).ForEach(begin, end, [&](Bytes& bytes, uintptr_t from, uintptr_t to) {
                const bool both_atomic = now.atomic && bytes.atomic;
                if (!both_atomic && !Waits(block, now, bytes.writer, bytes.write) &&
                    !CopiesWhatIsThere(core, now.instruction, from, to)) {
                    Report(core, block, now, operand, bytes.write, "written", from, to);
                }
                for (size_t reader = 0; reader < kPipes; ++reader) {
                    if (!Waits(block, now, static_cast<Pipe>(reader), bytes.reads[reader])) {
                        Report(core, block, now, operand, bytes.reads[reader], "read", from, to);
                    }
                }
                bytes = {now.use, now.instruction.pipe, now.atomic, {}};
            });
        });
    }

    // Whether an instruction begins only after an earlier one has ended.
    bool Waits(BlockState& block, const Now& now, Pipe earlier, const Use& use) const
    {
        const Pipe pipe = now.instruction.pipe;
        if (use.number == 0 || block.order.Ended(earlier, use.number, pipe)) {
            return true;
        }
        if (earlier == pipe) {
            return use.number == now.use.number || pipe == Pipe::kScalar ||
                   (pipe == Pipe::kVector && vector_in_order_);
        }
        if (auto_sync_ && (earlier == Pipe::kScalar || pipe == Pipe::kScalar)) {
            block.order.Order(earlier, pipe);  // the flag that the compiler sets and awaits here
            return true;
        }
        return false;
    }

    // Forgets what can be in no race any more, so that a long loop over tiles does not pile up.
    void Tidy(BlockState& block) const
    {
        const auto settled = [&](Pipe pipe, const Use& use) {
            return use.number == 0 || (auto_sync_ && pipe == Pipe::kScalar) ||
                   block.order.EndedForAll(pipe, use.number, !auto_sync_);
        };
        block.global_memory.DiscardIf([&](const Bytes& bytes) {
            bool all = settled(bytes.writer, bytes.write);
            for (size_t reader = 0; reader < kPipes; ++reader) {
                all = all && settled(static_cast<Pipe>(reader), bytes.reads[reader]);
            }
            return all;
        });
        block.tidy_at = std::max<size_t>(256, 2 * block.global_memory.size());
    }

    static void Report(const Core& core, const BlockState& block, const Now& now, const Operand& operand,
                       const Use& use, const std::string& did, uintptr_t from, uintptr_t to)
    {
        const Instruction& instruction = now.instruction;
        const Call& call = block.calls[use.call];
        const std::string place = DescribeWhere(call.where);
        core.Report("race",
                    std::string(instruction.name) + " (" + PipeName(instruction.pipe) + ") " +
                        DescribeAccess(operand.access) + " bytes [" +
                        std::to_string(from - operand.extent.begin) + ", " +
                        std::to_string(to - operand.extent.begin) + ") of " + DescribeTensor(core, operand) +
                        " before " + call.name + " (" + PipeName(call.pipe) + ", " + place +
                        ") is sure to have " + did + " them",
                    instruction.where, &operand,
                    Mend(call.pipe, instruction.pipe, place, DescribeWhere(instruction.where)));
    }

    static std::string Mend(Pipe earlier, Pipe later, const std::string& from, const std::string& to)
    {
        const std::string name = PipeName(later);
        if (earlier == later) {
            return "call PipeBarrier<PIPE_" + name + "> between " + from + " and " + to;
        }
        return std::string("set HardEvent::") + PipeName(earlier) + "_" + name + " after " + from +
               " and wait for it before " + to + ByQueue(earlier, later);
    }

    // How a queue does the same.
    static const char* ByQueue(Pipe earlier, Pipe later)
    {
        if (earlier == Pipe::kMte2 && later == Pipe::kVector) {
            return "; EnQue and DeQue of a VECIN queue do that";
        }
        if (earlier == Pipe::kVector && later == Pipe::kMte3) {
            return "; EnQue and DeQue of a VECOUT queue do that";
        }
        if (earlier == Pipe::kVector && later == Pipe::kMte2) {
            return "; FreeTensor and AllocTensor of a VECIN queue do that";
        }
        if (earlier == Pipe::kMte3 && later == Pipe::kVector) {
            return "; FreeTensor and AllocTensor of a VECOUT queue do that";
        }
        return "";
    }

    std::unique_ptr<BlockState>& StateOf(const Core& core) { return blocks_[core.block().index]; }

    std::vector<std::unique_ptr<BlockState>> blocks_;
    bool auto_sync_ = true;
    bool vector_in_order_ = true;
};

}  // namespace

std::unique_ptr<Observer> MakeRaceCheck()
{
    return std::make_unique<RaceCheck>();
}

}  // namespace ascend_sim
