// SPDX-License-Identifier: Apache-2.0
// The simulated AI vector core that runs one block of a launch.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "../fusion/pending_calls.h"
#include "events.h"
#include "export.h"
#include "finding.h"
#include "instruction.h"

namespace AscendC {
class TPipe;
}

namespace ascend_sim {

enum class Atomic : uint8_t { kNone, kAdd, kMax, kMin };

// What copies into the unified buffer will probably read next: as much again behind what they read last. The
// fast build fetches it into the processor's cache while vector instructions run, so that copies do not wait
// for memory, as MTE2 does not. It is spread over as many elements as there were between the last copies: in
// one go it would wait for memory itself. Only a guess: it touches nothing, and costs little where it is
// wrong.
class ReadAhead {
public:
    void CopiedFrom(const void* address, size_t bytes)
    {
        if (elements_ > 0) {  // a new tile begins
            elements_of_tile_ = elements_;
            elements_ = 0;
            lines_ = 0;
            count_ = 0;
            current_ = 0;
        }
        const size_t lines = bytes / kLine + 1;
        lines_ += lines;
        lines_per_element_ = static_cast<float>(lines_) / static_cast<float>(elements_of_tile_);
        if (count_ < kRanges) {
            ranges_[count_++] = {static_cast<const char*>(address) + bytes, lines};
        }
    }

    // Before a vector instruction on so many elements.
    void Fetch(size_t elements)
    {
        elements_ += elements;
        auto lines =
            static_cast<size_t>(static_cast<int64_t>(static_cast<float>(elements) * lines_per_element_) + 1);
        for (; current_ < count_; ++current_) {
            Range& range = ranges_[current_];
            const size_t now = std::min(lines, range.lines);
            for (size_t i = 0; i < now; ++i) {
                __builtin_prefetch(range.next + i * kLine, 0, 2);
            }
            range.next += now * kLine;
            range.lines -= now;
            lines -= now;
            if (range.lines > 0) {
                return;
            }
        }
    }

private:
    static constexpr size_t kLine = 64;
    static constexpr uint32_t kRanges = 4;  // operands that are read side by side
    struct Range {
        const char* next;
        size_t lines;  // from there on
    };
    Range ranges_[kRanges] = {};
    uint32_t count_ = 0;
    uint32_t current_ = 0;
    size_t lines_ = 0;                      // that the copies of this tile read
    size_t elements_ = 0;                   // of vector instructions since
    size_t elements_of_tile_ = ~size_t{0};  // of those between the copies before and these
    float lines_per_element_ = 0.0f;
};

// What the AscendC headers ask inline about the block they run in. The same layout in both builds.
struct Block {
    uint32_t index = 0;
    uint32_t count = 1;
    uint64_t tiling_key = 0;
    uint8_t* unified_buffer = nullptr;         // kUnifiedBufferAlignment-aligned
    size_t unified_buffer_bytes = 0;           // what TPipe may hand out
    AscendC::TPipe* pipe = nullptr;            // the TPipe made last, for GetTPipePtr()
    uint64_t vector_mask[2] = {~0ull, ~0ull};  // low, high; in counter mode the low word is a count
    bool counter_mask = false;
    uint64_t compare_mask[2] = {0, 0};  // what Compare without a destination leaves for Select
    uint16_t deq_scale = 0x3c00;        // the half that Cast from int32_t to half multiplies by
    const void* last_sum = nullptr;     // where the last ReduceSum leaves its result
    uint64_t reserved_count = 0;        // elements that the last GatherMask kept
    uint16_t merged_counts[4] = {};     // elements of each queue that the last MrgSort took
    Atomic atomic = Atomic::kNone;      // what copies to global memory do to what is there
    bool has_pad_value = false;  // SetPadValue was called: DataCopyPad fills with the bytes of pad_value
    uint64_t pad_value = 0;
    ReadAhead read_ahead;         // of the fast build
    PendingCalls pending;         // likewise
    bool writes_through = false;  // results are so large that none would stay in a cache
};

inline constexpr size_t kUnifiedBufferAlignment = 4096;

// The block that runs on this thread. Outside a launch: a block of its own without a unified buffer. Constant
// to whoever calls it, as kernels stay on their thread: so an AscendC call asks once.
ASCEND_SIM_EXPORT __attribute__((const)) Block& CurrentBlock();

// Before anything that sees what the calls of the fast build leave: runs those that wait.
inline void RunPending(Block& block)
{
    if (!block.pending.empty()) {
        block.pending.Run(block);
    }
}

// Bytes from the begin of the unified buffer; its size or more if the address is not in it.
inline size_t PlaceInBuffer(const Block& block, const void* address)
{
    return reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(block.unified_buffer);
}

// Waits until `participants` blocks of the launch (0: all of them) have arrived here.
ASCEND_SIM_EXPORT void SyncAllBlocks(uint32_t participants, const char* file = "", int line = 0);

// What one block sets and another waits for.
struct BlockFlag {
    enum class Kind : uint8_t {
        kAllBlocks,  // set when every block of the launch has set it; every block waits once for that
        kOne,        // one wait for each time that some block sets it
        kTurn,       // blocks wait for their turns, in ascending order; setting it ends one
    };
    Kind kind = Kind::kOne;
    uint64_t key = 0;  // flags of a kind that differ in this are different flags
};
ASCEND_SIM_EXPORT void SetBlockFlag(const BlockFlag& flag);
ASCEND_SIM_EXPORT void WaitBlockFlag(const BlockFlag& flag, const char* file = "", int line = 0);

// Ends the current block with a finding.
[[noreturn]] ASCEND_SIM_EXPORT void RaiseFinding(const char* code, const std::string& message,
                                                 const char* file = "", int line = 0);

// The same for headers, which have a Where in the checked build only.
[[noreturn]] inline void RaiseFindingAt(const char* code, const std::string& message,
                                        [[maybe_unused]] Where where)
{
#ifdef ASCEND_SIM_CHECKED
    RaiseFinding(code, message, where.file, where.line);
#else
    RaiseFinding(code, message);
#endif
}

class LaunchState;
class Observer;
class PipeSchedule;

// The checked build's way into the launch: observers see everything first, in program order, then it takes
// effect.
class ASCEND_SIM_EXPORT Core {
public:
    // Shows the instruction to the observers. The scalar unit's has been executed when this returns; those of
    // other pipes are when the launch's schedule lets them (pipe_schedule.h).
    void Issue(Instruction&& instruction);

    // Whether instructions may take effect later than they are issued, so that operands hold old values.
    bool deferred() const;
    // For instructions whose operands depend on what is in memory, and for observers that compare values:
    // runs what waits in a pipe, and what that waits for, as far as it can run.
    void Settle(Pipe pipe) const;

    void OnAllocation(const AllocationEvent& event);
    void OnQueue(const QueueEvent& event);
    void OnFlag(const FlagEvent& event);
    void OnBarrier(const BarrierEvent& event);
    void OnCacheHint(const CacheHintEvent& event);
    void OnSyncAll(const SyncAllEvent& event);
    void OnBlockFlag(const BlockFlagEvent& event);
    void OnPipeReset();  // TPipe::Reset, or a new TPipe

    // KERNEL_TASK_TYPE, for the tiling key of this launch, or KERNEL_TASK_TYPE_DEFAULT, which it goes before.
    void SetKernelType(const char* type, bool is_default);

    // The launch argument that `address` lies in, as an extent; empty if it lies in none.
    Extent FindArgument(const void* address, Where where) const;

    // For observers: who they watch, and how they speak up. `message` says what was done, `about` on which
    // tensor, `mend` how to mend this case (empty: as FindingCodes() says).
    //
    // Report: the block goes on, for what was found does no harm to the simulator.
    // ReportAndSkip: the instruction is not executed, for it would touch memory that is not the launch's; if
    // it is the scalar unit's, the block ends, for the kernel goes on with its result.
    // Stop: the block ends, for there is no way to go on.
    const Block& block() const { return block_; }
    const char* kernel_type() const { return kernel_type_; }
    bool has_launch() const { return launch_ != nullptr; }
    const LaunchState& launch() const { return *launch_; }
    void Report(const char* code, const std::string& message, Where where, const Operand* about = nullptr,
                const std::string& mend = "") const;
    void ReportAndSkip(const char* code, const std::string& message, const Instruction& instruction,
                       const Operand* about = nullptr, const std::string& mend = "") const;
    [[noreturn]] void Stop(const char* code, const std::string& message, Where where,
                           const Operand* about = nullptr, const std::string& mend = "") const;

private:
    friend class BlockScope;
    friend Block& CurrentBlock();
    friend void SyncAllBlocks(uint32_t, const char*, int);
    friend void SetBlockFlag(const BlockFlag&);
    friend void WaitBlockFlag(const BlockFlag&, const char*, int);
    friend void RaiseFinding(const char*, const std::string&, const char*, int);
    Finding MakeFinding(const char* code, const std::string& message, const char* file, int line) const;
    Finding MakeFinding(const char* code, const std::string& message, Where where, const Operand* about,
                        const std::string& mend) const;
    [[noreturn]] void End(Finding finding) const;
    void Visit(Where where);
    void StopIfAsked();
    template <class... Parameters, class... Values>
    void Show(void (Observer::*event)(const Core&, Parameters...), const Values&... values);

    Block block_;
    LaunchState* launch_ = nullptr;
    const char* kernel_type_ = "";  // empty: the compiler finds out by itself
    bool has_type_of_key_ = false;
    PipeSchedule* schedule_ = nullptr;                        // of a checked launch
    std::map<std::pair<const char*, int>, uint64_t> visits_;  // by file and line of calls
    mutable bool skip_ = false;                               // the instruction that observers look at
    uint32_t events_since_stop_ = 0;
};

ASCEND_SIM_EXPORT Core& CurrentCore();

}  // namespace ascend_sim
