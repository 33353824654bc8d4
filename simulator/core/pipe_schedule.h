// SPDX-License-Identifier: Apache-2.0
// When the instructions of one block take effect.
//
// The scalar unit issues the instructions of all pipes in the order of the program. Each pipe takes its own
// one after another, at a pace of its own: pipes wait for one another only where the kernel says so, by
// flags, queues and barriers. In program order every instruction takes effect when it is issued. In the
// adversarial schedule it waits in its pipe, and takes effect at a moment that is legal and as bad as can be
// for a kernel that forgot to say so:
//
//   seed 0   copies in (MTE2) run as late as is legal, copies out (MTE3) as early, vector instructions late,
//   but
//            before copies in: who reads what was not waited for, reads what was there before.
//   seed 1   the other way round: copies in run as early as is legal, copies out last of all: who overwrites
//            what others have not been waited for to read, spoils it.
//   others   every pipe is asleep, awake (everything that may run does), or in between (one instruction in
//            eight issued), drawn anew every 128 instructions; what has to run, runs in bursts from pipes
//            drawn one after the other.
//
// Copies of one pipe start in order, but may end in any: those that wait together, with no flag or barrier
// of their pipe in between, take effect last first (seeds 0 and 1) or shuffled. Not so with atomic copies,
// for the order of their sums is no fault. Vector instructions take effect in order, but see below.
//
// The compiler's synchronisation (auto_sync) orders vector instructions among themselves, and makes the
// scalar unit wait for what shares data with the tensor element it accesses. Without it the scalar unit waits
// for nothing but flags and barriers, and a vector instruction reads its sources while the results of those
// before it are still on their way: they arrive, last first, at the next barrier or flag of the vector pipe.
// (On SoCs other than the 910B family the hardware orders vector instructions.)
//
// What waits is bounded by kMostWaiting instructions: beyond that they run early, which is legal always.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "core.h"
#include "launch.h"
#include "random.h"

namespace ascend_sim {

class PipeSchedule {
public:
    PipeSchedule(const Core& core, const LaunchOptions& options, const Platform& platform);

    void Issue(Instruction&& instruction);
    void OnFlag(const FlagEvent& event);
    void OnQueue(const QueueEvent& event);
    void OnBarrier(const BarrierEvent& event);
    void OnPipeReset();

    // Runs everything that was issued, for SyncAll and the end of the block.
    void Finish();
    // Runs what waits in a pipe, as far as it can run.
    void Settle(Pipe pipe);
    bool deferred() const { return deferred_; }

private:
    static constexpr size_t kPipes = static_cast<size_t>(Pipe::kAll) + 1;
    static constexpr size_t kMostWaiting = 1024;
    // Behind a wait that is never over, so many instructions are taken for a deadlock.
    static constexpr size_t kMostStuck = 1u << 16;

    struct Flag {
        Pipe from;
        Pipe to;
        int32_t id;   // of the flag, or the number of the buffer
        bool queued;  // a queue's own event
    };
    enum class Kind : uint8_t { kInstruction, kSet, kWait, kBarrier };
    struct Step {
        Kind kind;
        bool atomic;  // a copy that combines with what is there
        Flag flag;
        Instruction instruction;  // of a flag or barrier: only where it stands
    };
    enum class Pace : uint8_t { kAsleep, kAwake, kBetween };
    struct Stream {
        std::deque<Step> steps;
        uint64_t done = 0;    // steps that have run
        size_t arranged = 0;  // copies at the front that stand in the order in which they shall run
        Pace pace = Pace::kAsleep;
        bool busy = false;  // running: whoever waits for it from within waits for ever
    };
    class Busy;
    // Results of a vector instruction that are on their way.
    struct Delayed {
        std::vector<std::pair<uint8_t*, size_t>> pieces;
        std::vector<uint8_t> bytes;  // of all pieces, one after the other
    };

    Stream& StreamOf(Pipe pipe) { return streams_[static_cast<size_t>(pipe)]; }
    void Push(Pipe pipe, Step step);
    void PushFlag(Pipe pipe, Kind kind, const Flag& flag, Where where);
    void ChoosePaces();
    void Wake();
    void Advance(Stream& stream, uint64_t steps);
    bool Force(Stream& stream, uint64_t steps);
    bool ForceFlag(const Flag& flag);
    void ForceConflicts(const Instruction& instruction);
    bool ReadsRegister(const Instruction& instruction) const;
    bool RunFront(Stream& stream);
    bool RunAny();
    void Drain(size_t most_waiting);
    void Arrange(Stream& stream);
    void Execute(Instruction& instruction);
    void Run(const Instruction& instruction);
    void Deliver();

    static size_t EndOfCopies(const Stream& stream, size_t begin);
    static uint64_t KeyOf(const Flag& flag);
    bool IsSet(const Flag& flag) const;
    const Step* FindSet(const Flag& flag) const;
    std::string DescribeWait(const Step& wait) const;
    [[noreturn]] void ReportStuck();

    const Core& core_;
    const bool deferred_;
    const bool auto_sync_;
    const bool vector_hazards_;
    const bool random_paces_;
    Random random_;
    uint64_t issued_ = 0;
    size_t waiting_ = 0;  // steps in all streams
    std::array<Stream, kPipes> streams_;
    std::array<Pipe, 3> order_;                     // in which pipes run when they have to (seeds 0 and 1)
    std::unordered_map<uint64_t, uint32_t> flags_;  // how often each is set
    std::unordered_map<uint32_t, Flag> freed_;      // by buffer: the event that FreeTensor left set
    std::vector<Delayed> delayed_;
    size_t delayed_bytes_ = 0;
};

}  // namespace ascend_sim
