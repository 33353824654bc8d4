// SPDX-License-Identifier: Apache-2.0
#include "block_clock.h"

#include <algorithm>

namespace ascend_sim {

namespace {

uint64_t RoundedUp(uint64_t bytes, uint64_t multiple)
{
    return (bytes + multiple - 1) / multiple * multiple;
}

// How many repeats a masked call asks for. Its operands are described as all repeats but the last, then the
// last, which may have another mask.
uint64_t MaskedRepeats(const std::vector<Operand>& operands)
{
    const Operand& first = operands.front();
    if (first.repeats > 1) {
        return uint64_t{first.repeats} + 1;
    }
    const auto is_second_repeat = [&](const Operand& operand) {
        return &operand != &first && operand.access == first.access &&
               operand.extent.begin == first.extent.begin && operand.repeats == 1 &&
               operand.address == first.address + static_cast<uintptr_t>(first.repeat_stride);
    };
    return std::any_of(operands.begin(), operands.end(), is_second_repeat) ? 2 : 1;
}

// Repeats of a call in either form: the count form repeats over its widest operand.
uint64_t RepeatsOf(const std::vector<Operand>& operands, uint64_t repeat_bytes)
{
    if (operands.empty()) {
        return 1;
    }
    uint64_t widest = 0;
    for (const Operand& operand : operands) {
        widest = std::max<uint64_t>(widest, operand.block_bytes * operand.blocks);
    }
    return std::max(RoundedUp(widest, repeat_bytes) / repeat_bytes, MaskedRepeats(operands));
}

// Whether the two sources of an instruction need the same bank groups in the same cycle.
bool SourcesConflict(const std::vector<Operand>& operands, const TimingProfile& profile)
{
    std::vector<uintptr_t> sources;
    for (const Operand& operand : operands) {
        if (operand.access == Access::kRead) {
            sources.push_back(operand.address);
        }
    }
    if (sources.size() < 2) {
        return false;
    }
    // Both sources are described by equally many operands.
    const uint64_t apart = (sources[sources.size() / 2] - sources[0]) % profile.bank_span;
    return apart < profile.repeat_bytes || apart > profile.bank_span - profile.repeat_bytes;
}

}  // namespace

void BlockClock::Wait(Pipe pipe, double until)
{
    free(pipe) = std::max(free(pipe), until);
}

// When everything that was given to the pipe so far is complete, and all that it waits for has come.
double BlockClock::Complete(Pipe pipe)
{
    return std::max({done(pipe), free(pipe), free(Pipe::kScalar)});
}

double BlockClock::Latest() const
{
    return std::max(*std::max_element(free_.begin(), free_.end()),
                    *std::max_element(done_.begin(), done_.end()));
}

uint32_t BlockClock::Find(const Instruction& instruction)
{
    const uint32_t element = instruction.operands.empty() ? 0 : instruction.operands[0].element_bytes;
    const auto [found, is_new] =
        find_.emplace(std::make_pair(instruction.name, element), static_cast<uint32_t>(counts_.size()));
    if (is_new) {
        const bool vector = instruction.pipe == Pipe::kVector;
        counts_.push_back(
            {instruction.name, vector ? profile_->CostOf(instruction.name, element) : VectorCost{}});
    }
    return found->second;
}

double BlockClock::VectorTime(const Instruction& instruction, const VectorCost& cost) const
{
    const bool conflict =
        cost.conflict_slope != cost.slope && SourcesConflict(instruction.operands, *profile_);
    const double slope = conflict ? cost.conflict_slope : cost.slope;
    const auto repeats = static_cast<double>(RepeatsOf(instruction.operands, profile_->repeat_bytes));
    return (cost.head + slope * repeats) * profile_->cycle;
}

// Notes the traffic and returns how long the copy keeps its pipe.
double BlockClock::Copy(const Instruction& instruction, double start)
{
    for (const Operand& operand : instruction.operands) {
        if (operand.space != Space::kGlobalMemory) {
            continue;
        }
        MemoryAccess access;
        access.start = start;
        access.phase = static_cast<uint32_t>(phases_.size());
        access.bursts = operand.blocks;
        access.address = operand.address;
        access.burst_bytes = RoundedUp(operand.block_bytes, profile_->memory_block);
        access.stride = operand.block_stride;
        access.writes = operand.access != Access::kRead;
        const auto hint = hints_.find(operand.extent.begin);
        if (hint != hints_.end()) {
            access.allocates = access.writes ? hint->second.writes : hint->second.reads;
        }
        accesses_.push_back(access);
        const double rate = access.writes ? profile_->copy_out_rate : profile_->copy_in_rate;
        const auto bytes = static_cast<double>(access.burst_bytes * access.bursts);
        return std::max(profile_->copy_issue, bytes / rate);
    }
    return profile_->copy_issue;
}

void BlockClock::Execute(const Instruction& instruction)
{
    const uint32_t index = Find(instruction);
    ++counts_[index].issued;

    // The scalar pipe hands out every instruction.
    const Pipe pipe = instruction.pipe;
    const double start = std::max(free(pipe), free(Pipe::kScalar));
    double time = profile_->scalar;
    double latency = 0;
    if (pipe == Pipe::kVector) {
        time = VectorTime(instruction, counts_[index].cost);
    } else if (pipe != Pipe::kScalar) {
        time = Copy(instruction, start);
        latency = pipe == Pipe::kMte2 ? profile_->copy_in_latency : 0;
    }
    const double end = start + time + latency;
    free(pipe) = start + time;
    // Latencies overlap with the copies that follow; a pipe is busy while anything is on its way.
    busy_[static_cast<size_t>(pipe)] += std::max(0.0, end - std::max(start, done(pipe)));
    done(pipe) = std::max(done(pipe), end);
    events_.push_back({index, static_cast<uint32_t>(phases_.size()), pipe, start, start + time});
}

void BlockClock::Queue(const QueueEvent& event)
{
    switch (event.action) {
        case QueueAction::kAlloc:
            return Wait(event.producer, emptied_[event.buffer]);
        case QueueAction::kEnQue:
            filled_[event.buffer] = Complete(event.producer);
            return;
        case QueueAction::kDeQue:
            return Wait(event.consumer, filled_[event.buffer]);
        case QueueAction::kFree:
            emptied_[event.buffer] = Complete(event.consumer);
            return;
    }
}

void BlockClock::Flag(const FlagEvent& event)
{
    double& flag = flags_[{event.from, event.to, event.id}];
    if (event.wait) {
        Wait(event.to, flag);
    } else {
        flag = Complete(event.from);
    }
}

void BlockClock::Barrier(const BarrierEvent& event)
{
    if (event.pipe == Pipe::kAll) {
        free_.fill(Latest());
    } else {
        Wait(event.pipe, Complete(event.pipe));
    }
}

void BlockClock::CacheHint(const CacheHintEvent& event)
{
    Kept& kept = hints_[event.argument];
    if (event.reads) {
        kept.reads = event.keeps;
    }
    if (event.writes) {
        kept.writes = event.keeps;
    }
}

void BlockClock::ResetPipe()
{
    filled_.clear();
    emptied_.clear();
}

void BlockClock::EndPhase()
{
    phases_.push_back(Latest());
    free_.fill(0);
    done_.fill(0);
    ResetPipe();
    flags_.clear();
}

}  // namespace ascend_sim
