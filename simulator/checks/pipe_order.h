// SPDX-License-Identifier: Apache-2.0
// What is known, while a block runs, about the order in which the pipes of its core work.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

#include "../core/events.h"

namespace ascend_sim {

// A vector clock for every pipe. The scalar unit hands out the instructions of all pipes in program order; a
// pipe begins them in that order, but ends them in any, and without regard to the other pipes. So an
// instruction is known to have ended before another begins only by way of flags, queues and barriers.
class PipeOrder {
public:
    // Numbers the next instruction of a pipe, from 1.
    uint32_t Begin(Pipe pipe)
    {
        KnowWhatScalarKnows(pipe);
        return ++issued_[Index(pipe)];
    }

    // Whether instruction `number` of pipe `earlier` has ended before `later` begins its next instruction.
    bool Ended(Pipe earlier, uint32_t number, Pipe later) const
    {
        return number <= known_[Index(later)][Index(earlier)];
    }

    // Whether it has before the next instruction of every pipe of a vector core, the scalar unit perhaps
    // apart.
    bool EndedForAll(Pipe earlier, uint32_t number, bool also_scalar) const;

    // `to` waits for all that `from` was given so far, as with a flag set and awaited here.
    void Order(Pipe from, Pipe to);

    void Flag(const FlagEvent& event);
    void Queue(const QueueEvent& event);
    void Barrier(Pipe pipe);
    void PipeReset();

    // A WaitFlag may stand before its SetFlag in the kernel: until then the pipe stands still.
    bool StandsStill(Pipe pipe) const { return !standing_.empty() && standing_.count(pipe) != 0; }
    // Does `step` once the pipe moves on.
    void Postpone(Pipe pipe, std::function<void()> step) { standing_[pipe].steps.push_back(std::move(step)); }

private:
    static constexpr size_t kPipes = static_cast<size_t>(Pipe::kAll);
    using Clock = std::array<uint32_t, kPipes>;  // by pipe: the last instruction that is known to have ended
    using FlagName = std::tuple<Pipe, Pipe, int32_t>;
    struct Standing {
        FlagName awaited;
        std::deque<std::function<void()>> steps;
    };

    static size_t Index(Pipe pipe) { return static_cast<size_t>(pipe); }
    static void Join(Clock& clock, const Clock& other);
    void KnowWhatScalarKnows(Pipe pipe);
    Clock AllOf(Pipe pipe);
    void Set(const FlagName& flag);
    void Wait(const FlagName& flag);
    void SetNow(const FlagName& flag);
    void WaitNow(const FlagName& flag);
    void MoveOn(const FlagName& flag);

    std::array<Clock, kPipes> known_{};  // to the next instruction of a pipe
    std::array<uint32_t, kPipes> issued_{};
    std::map<FlagName, std::deque<Clock>> flags_;  // set and not yet awaited
    std::map<uint32_t, FlagName> freed_;           // by buffer, from FreeTensor to AllocTensor
    std::map<Pipe, Standing> standing_;
};

}  // namespace ascend_sim
