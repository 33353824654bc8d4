// SPDX-License-Identifier: Apache-2.0
#include "pipe_order.h"

#include <algorithm>
#include <utility>

namespace ascend_sim {

void PipeOrder::Join(Clock& clock, const Clock& other)
{
    for (size_t i = 0; i < kPipes; ++i) {
        clock[i] = std::max(clock[i], other[i]);
    }
}

// An instruction is handed out after the scalar unit has done its own waiting.
void PipeOrder::KnowWhatScalarKnows(Pipe pipe)
{
    if (pipe != Pipe::kScalar) {
        Join(known_[Index(pipe)], known_[Index(Pipe::kScalar)]);
    }
}

// What is known once a pipe has ended everything it was given.
PipeOrder::Clock PipeOrder::AllOf(Pipe pipe)
{
    KnowWhatScalarKnows(pipe);
    Clock clock = known_[Index(pipe)];
    clock[Index(pipe)] = issued_[Index(pipe)];
    return clock;
}

void PipeOrder::Order(Pipe from, Pipe to)
{
    Join(known_[Index(to)], AllOf(from));
}

void PipeOrder::Flag(const FlagEvent& event)
{
    const FlagName flag{event.from, event.to, event.id};
    event.wait ? Wait(flag) : Set(flag);
}

void PipeOrder::Set(const FlagName& flag)
{
    if (StandsStill(std::get<0>(flag))) {
        return Postpone(std::get<0>(flag), [this, flag] { SetNow(flag); });
    }
    SetNow(flag);
}

void PipeOrder::SetNow(const FlagName& flag)
{
    flags_[flag].push_back(AllOf(std::get<0>(flag)));
    MoveOn(flag);
}

void PipeOrder::Wait(const FlagName& flag)
{
    if (StandsStill(std::get<1>(flag))) {
        return Postpone(std::get<1>(flag), [this, flag] { WaitNow(flag); });
    }
    WaitNow(flag);
}

void PipeOrder::WaitNow(const FlagName& flag)
{
    const Pipe pipe = std::get<1>(flag);
    std::deque<Clock>& set = flags_[flag];
    if (set.empty()) {
        standing_[pipe].awaited = flag;
        return;
    }
    KnowWhatScalarKnows(pipe);
    Join(known_[Index(pipe)], set.front());
    set.pop_front();
}

// Lets the pipe that stands still for this flag go on.
void PipeOrder::MoveOn(const FlagName& flag)
{
    const Pipe pipe = std::get<1>(flag);
    const auto standing = standing_.find(pipe);
    if (standing == standing_.end() || standing->second.awaited != flag) {
        return;
    }
    std::deque<std::function<void()>> steps = std::move(standing->second.steps);
    standing_.erase(standing);
    WaitNow(flag);
    while (!steps.empty() && !StandsStill(pipe)) {
        const std::function<void()> step = std::move(steps.front());
        steps.pop_front();
        step();
    }
    if (StandsStill(pipe)) {  // at another flag
        standing_[pipe].steps = std::move(steps);
    }
}

// A queue sets one flag when a buffer has been filled, and another when it has been emptied. Their ids are of
// no other flag's kind.
void PipeOrder::Queue(const QueueEvent& event)
{
    const auto buffer = static_cast<int32_t>(event.buffer);
    const FlagName filled{event.producer, event.consumer, -1 - 2 * buffer};
    const FlagName emptied{event.consumer, event.producer, -2 - 2 * buffer};
    switch (event.action) {
        case QueueAction::kEnQue:
            return Set(filled);
        case QueueAction::kDeQue:
            return Wait(filled);
        case QueueAction::kFree:
            freed_[event.buffer] = emptied;
            return Set(emptied);
        case QueueAction::kAlloc:
            if (const auto freed = freed_.extract(event.buffer)) {
                Wait(freed.mapped());
            }
            return;
    }
}

bool PipeOrder::EndedForAll(Pipe earlier, uint32_t number, bool also_scalar) const
{
    return Ended(earlier, number, Pipe::kVector) && Ended(earlier, number, Pipe::kMte2) &&
           Ended(earlier, number, Pipe::kMte3) && (!also_scalar || Ended(earlier, number, Pipe::kScalar));
}

void PipeOrder::Barrier(Pipe pipe)
{
    if (pipe != Pipe::kAll) {
        return Order(pipe, pipe);
    }
    for (Clock& clock : known_) {
        clock = issued_;
    }
}

// The flags of freed tensors are awaited; then the numbers of buffers begin anew.
void PipeOrder::PipeReset()
{
    for (const auto& [buffer, emptied] : freed_) {
        Wait(emptied);
    }
    freed_.clear();
}

}  // namespace ascend_sim
