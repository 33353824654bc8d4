// SPDX-License-Identifier: Apache-2.0
#include "pipe_schedule.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "launch_state.h"
#include "pipe_names.h"

#ifdef __SANITIZE_THREAD__
// Of its run-time library.
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
#endif

namespace ascend_sim {

namespace {

constexpr uint64_t kOppositeSeed = 1;
constexpr const char* kUnpaired = "flag-pairing";

bool Copies(Pipe pipe)
{
    return pipe == Pipe::kMte2 || pipe == Pipe::kMte3;
}

struct Range {
    uintptr_t begin;
    uintptr_t end;
};

// The smallest range that holds all bytes of an operand.
Range RangeOf(const Operand& operand)
{
    Range range{operand.address, operand.address + operand.block_bytes};
    const auto extend = [&range](uint32_t count, ptrdiff_t stride) {
        const ptrdiff_t last = (ptrdiff_t{count} - 1) * stride;
        (last < 0 ? range.begin : range.end) += static_cast<uintptr_t>(last);
    };
    if (operand.blocks == 0 || operand.repeats == 0) {
        return {operand.address, operand.address};
    }
    extend(operand.blocks, operand.block_stride);
    extend(operand.repeats, operand.repeat_stride);
    return range;
}

bool Conflict(const Operand& a, const Operand& b)
{
    if (a.access == Access::kRead && b.access == Access::kRead) {
        return false;
    }
    const Range first = RangeOf(a);
    const Range second = RangeOf(b);
    return first.begin < second.end && second.begin < first.end;
}

bool Conflict(const Instruction& a, const Instruction& b)
{
    for (const Operand& operand : a.operands) {
        for (const Operand& other : b.operands) {
            if (Conflict(operand, other)) {
                return true;
            }
        }
    }
    return false;
}

// What the scalar unit does with tensors; the compiler orders all of it, writes to global memory excepted.
bool IsAutoSynchronised(const Instruction& instruction)
{
    return std::strcmp(instruction.name, "GlobalTensor::SetValue") != 0;
}

// ThreadSanitizer judges the simulator. What a kernel does to memory is the kernel's doing, and tests have
// kernels whose blocks race.
class NotJudged {
public:
#ifdef __SANITIZE_THREAD__
    NotJudged()
    {
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    }
    ~NotJudged()
    {
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    }
    NotJudged(const NotJudged&) = delete;
    NotJudged& operator=(const NotJudged&) = delete;
#endif
};

void TakeEffect(const Instruction& instruction)
{
    [[maybe_unused]] const NotJudged kernel;
    instruction.execute();
}

}  // namespace

// Marks a stream as running.
class PipeSchedule::Busy {
public:
    explicit Busy(Stream& stream) : stream_(stream) { stream_.busy = true; }
    ~Busy() { stream_.busy = false; }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

private:
    Stream& stream_;
};

PipeSchedule::PipeSchedule(const Core& core, const LaunchOptions& options, const Platform& platform)
    : core_(core),
      deferred_(options.schedule == Schedule::kAdversarial),
      auto_sync_(options.auto_sync),
      vector_hazards_(deferred_ && !auto_sync_ && platform.short_name != "Ascend950"),
      random_paces_(deferred_ && options.seed > kOppositeSeed),
      random_(options.seed ^ Scramble(core.block().index)),
      order_{Pipe::kMte3, Pipe::kVector, Pipe::kMte2}
{
    if (options.seed == kOppositeSeed) {
        std::swap(order_.front(), order_.back());
    }
    for (Stream& stream : streams_) {
        stream.pace = deferred_ ? Pace::kAsleep : Pace::kAwake;
    }
    StreamOf(order_.front()).pace = Pace::kAwake;
    StreamOf(Pipe::kScalar).pace = Pace::kAwake;
}

void PipeSchedule::Issue(Instruction&& instruction)
{
    if (instruction.pipe == Pipe::kScalar) {
        if (deferred_ && (auto_sync_ ? IsAutoSynchronised(instruction) : ReadsRegister(instruction))) {
            ForceConflicts(instruction);
            Deliver();
        }
        TakeEffect(instruction);
    } else if (deferred_) {
        const Pipe pipe = instruction.pipe;
        const bool atomic = core_.block().atomic != Atomic::kNone;
        Push(pipe, {Kind::kInstruction, atomic, {}, std::move(instruction)});
    } else {
        Run(instruction);
    }
}

void PipeSchedule::OnFlag(const FlagEvent& event)
{
    const Flag flag{event.from, event.to, event.id, false};
    if (!event.wait) {
        return PushFlag(event.from, Kind::kSet, flag, event.where);
    }
    PushFlag(event.to, Kind::kWait, flag, event.where);
    if (event.to == Pipe::kScalar) {
        Stream& scalar = StreamOf(Pipe::kScalar);
        if (!Force(scalar, scalar.steps.size())) {
            ReportStuck();
        }
    }
}

void PipeSchedule::OnQueue(const QueueEvent& event)
{
    if (event.buffer == kNoBuffer) {
        return;
    }
    const auto id = static_cast<int32_t>(event.buffer);
    const Flag filled{event.producer, event.consumer, id, true};
    const Flag emptied{event.consumer, event.producer, id, true};
    switch (event.action) {
        case QueueAction::kEnQue:
            return PushFlag(filled.from, Kind::kSet, filled, event.where);
        case QueueAction::kDeQue:
            return PushFlag(filled.to, Kind::kWait, filled, event.where);
        case QueueAction::kFree:
            freed_[event.buffer] = emptied;
            return PushFlag(emptied.from, Kind::kSet, emptied, event.where);
        case QueueAction::kAlloc:
            if (freed_.erase(event.buffer) != 0) {
                PushFlag(emptied.to, Kind::kWait, emptied, event.where);
            }
            return;
    }
}

void PipeSchedule::OnBarrier(const BarrierEvent& event)
{
    if (event.pipe == Pipe::kAll) {
        Finish();
    } else if (deferred_ && event.pipe != Pipe::kScalar) {
        PushFlag(event.pipe, Kind::kBarrier, {}, event.where);
    }
}

// The device waits for the events of the buffers that are free.
void PipeSchedule::OnPipeReset()
{
    for (const auto& [buffer, flag] : std::exchange(freed_, {})) {
        PushFlag(flag.to, Kind::kWait, flag, {});
    }
}

void PipeSchedule::Finish()
{
    Drain(0);
    if (waiting_ > 0) {
        ReportStuck();
    }
    Deliver();
}

void PipeSchedule::Settle(Pipe pipe)
{
    Stream& stream = StreamOf(pipe);
    Force(stream, stream.steps.size());
}

// Whether it reads what a vector instruction leaves in a register, which waits by itself.
bool PipeSchedule::ReadsRegister(const Instruction& instruction) const
{
    return std::any_of(instruction.operands.begin(), instruction.operands.end(),
                       [](const Operand& operand) { return operand.space == Space::kRegister; });
}

// ---- What waits ----

void PipeSchedule::PushFlag(Pipe pipe, Kind kind, const Flag& flag, Where where)
{
    Instruction place;
    place.pipe = pipe;
    place.where = where;
    Push(pipe, {kind, false, flag, std::move(place)});
}

void PipeSchedule::Push(Pipe pipe, Step step)
{
    StreamOf(pipe).steps.push_back(std::move(step));
    ++waiting_;
    if (random_paces_) {
        ChoosePaces();
    }
    Wake();
    if (waiting_ > kMostWaiting) {
        Drain(kMostWaiting / 2);
        if (waiting_ > kMostStuck) {
            ReportStuck();
        }
    }
}

void PipeSchedule::ChoosePaces()
{
    constexpr uint64_t kSamePace = 128;
    if (issued_++ % kSamePace == 0) {
        for (Stream& stream : streams_) {
            stream.pace = static_cast<Pace>(random_.Below(3));
        }
        StreamOf(Pipe::kScalar).pace = Pace::kAwake;
    }
    constexpr uint64_t kOneIn = 8;
    const uint64_t draw = random_.Next();
    Stream& drawn = streams_[draw / kOneIn % kPipes];
    if (draw % kOneIn == 0 && drawn.pace == Pace::kBetween) {
        Advance(drawn, kOneIn);
    }
}

// Lets the pipes run that are awake. The scalar unit always is.
void PipeSchedule::Wake()
{
    for (Stream& stream : streams_) {
        if (stream.pace == Pace::kAwake && !stream.steps.empty() && !stream.busy) {
            Advance(stream, stream.steps.size());
        }
    }
}

// Runs up to `steps` of a stream, none of which has to wait.
void PipeSchedule::Advance(Stream& stream, uint64_t steps)
{
    if (stream.busy) {
        return;
    }
    const Busy busy(stream);
    for (; steps > 0 && !stream.steps.empty(); --steps) {
        const Step& front = stream.steps.front();
        if ((front.kind == Kind::kWait && !IsSet(front.flag)) || !RunFront(stream)) {
            return;
        }
    }
}

// Runs `steps` of a stream and what they wait for. False if they wait for something that cannot run.
bool PipeSchedule::Force(Stream& stream, uint64_t steps)
{
    if (stream.busy) {
        return false;
    }
    const Busy busy(stream);
    const uint64_t end = stream.done + steps;
    while (stream.done < end) {
        if (!RunFront(stream)) {
            return false;
        }
    }
    return true;
}

// Runs what comes before a flag is set, in its pipe.
bool PipeSchedule::ForceFlag(const Flag& flag)
{
    Stream& stream = StreamOf(flag.from);
    if (!stream.busy) {
        const Busy busy(stream);
        while (!IsSet(flag) && !stream.steps.empty() && RunFront(stream)) {
        }
    }
    return IsSet(flag);
}

// Runs what touches the same data, and all before it in the same pipe.
void PipeSchedule::ForceConflicts(const Instruction& instruction)
{
    for (Stream& stream : streams_) {
        size_t count = stream.steps.size();
        while (count > 0 && !Conflict(stream.steps[count - 1].instruction, instruction)) {
            --count;
        }
        if (count == 0) {
            continue;
        }
        // Copies that wait together may change places.
        if (Copies(stream.steps[count - 1].instruction.pipe)) {
            count = EndOfCopies(stream, count);
        }
        if (!Force(stream, count)) {
            ReportStuck();
        }
    }
}

// Runs what waits until no more than `most_waiting` steps do, or none can.
void PipeSchedule::Drain(size_t most_waiting)
{
    constexpr uint64_t kBurst = 16;
    if (random_paces_) {
        uint64_t misses = 0;
        while (waiting_ > most_waiting && misses < kPipes * kPipes) {
            Stream& stream = streams_[random_.Below(kPipes)];
            const uint64_t burst = std::min<uint64_t>(1 + random_.Below(kBurst), stream.steps.size());
            misses = burst > 0 && Force(stream, burst) ? 0 : misses + 1;
        }
    }
    while (waiting_ > most_waiting && RunAny()) {
    }
}

// Runs one step, of the first pipe that can.
bool PipeSchedule::RunAny()
{
    for (const Pipe pipe : order_) {
        if (!StreamOf(pipe).steps.empty() && Force(StreamOf(pipe), 1)) {
            return true;
        }
    }
    for (Stream& stream : streams_) {
        if (!stream.steps.empty() && Force(stream, 1)) {
            return true;
        }
    }
    return false;
}

// ---- What runs ----

// Runs the first step of a stream that the caller has marked as busy, after what it waits for. False if that
// cannot run.
bool PipeSchedule::RunFront(Stream& stream)
{
    const Step& front = stream.steps.front();
    if (front.kind == Kind::kWait) {
        if (!IsSet(front.flag) && !ForceFlag(front.flag)) {
            return false;
        }
        --flags_[KeyOf(front.flag)];
    } else if (front.kind == Kind::kInstruction && stream.arranged == 0) {
        Arrange(stream);
    }
    Step step = std::move(stream.steps.front());
    stream.steps.pop_front();
    ++stream.done;
    --waiting_;
    if (step.kind == Kind::kInstruction) {
        --stream.arranged;
        Execute(step.instruction);
        return true;
    }
    if (step.kind != Kind::kWait && step.instruction.pipe == Pipe::kVector) {
        Deliver();
    }
    if (step.kind == Kind::kSet) {
        ++flags_[KeyOf(step.flag)];
        Wake();
    }
    return true;
}

// The end of the instructions that wait in a stream from `begin` on, without a flag or barrier in between.
size_t PipeSchedule::EndOfCopies(const Stream& stream, size_t begin)
{
    size_t end = begin;
    while (end < stream.steps.size() && stream.steps[end].kind == Kind::kInstruction) {
        ++end;
    }
    return end;
}

// Decides in which order the copies at the front of a stream run.
void PipeSchedule::Arrange(Stream& stream)
{
    std::deque<Step>& steps = stream.steps;
    stream.arranged = 1;
    if (!Copies(steps.front().instruction.pipe)) {
        return;
    }
    const size_t count = EndOfCopies(stream, 1);
    const auto end = steps.begin() + static_cast<ptrdiff_t>(count);
    stream.arranged = count;
    if (std::any_of(steps.begin(), end, [](const Step& step) { return step.atomic; })) {
        return;
    }
    if (!random_paces_) {
        std::reverse(steps.begin(), end);
        return;
    }
    for (size_t left = count; left > 1; --left) {
        std::swap(steps[left - 1], steps[random_.Below(left)]);
    }
}

void PipeSchedule::Run(const Instruction& instruction)
{
    TakeEffect(instruction);
    if (instruction.pipe == Pipe::kMte3) {
        core_.launch().Show(&Observer::OnCopiedOut, core_, instruction);
    }
}

void PipeSchedule::Execute(Instruction& instruction)
{
    if (!vector_hazards_ || instruction.pipe != Pipe::kVector) {
        return Run(instruction);
    }
    Delayed delayed;
    size_t total = 0;
    for (const Operand& operand : instruction.operands) {
        for (uint32_t repeat = 0; operand.access != Access::kRead && repeat < operand.repeats; ++repeat) {
            for (uint32_t block = 0; block < operand.blocks; ++block) {
                delayed.pieces.emplace_back(reinterpret_cast<uint8_t*>(operand.address) +
                                                repeat * operand.repeat_stride + block * operand.block_stride,
                                            operand.block_bytes);
                total += operand.block_bytes;
            }
        }
    }
    const auto save = [&](std::vector<uint8_t>& bytes) {
        bytes.reserve(total);
        for (const auto& [address, size] : delayed.pieces) {
            bytes.insert(bytes.end(), address, address + size);
        }
    };
    std::vector<uint8_t> before;
    save(before);
    TakeEffect(instruction);
    save(delayed.bytes);
    const uint8_t* from = before.data();
    for (const auto& [address, size] : delayed.pieces) {
        std::memcpy(address, from, size);
        from += size;
    }
    delayed_.push_back(std::move(delayed));
    delayed_bytes_ += total;
    if (delayed_bytes_ > core_.block().unified_buffer_bytes) {
        Deliver();
    }
}

// The results of vector instructions arrive.
void PipeSchedule::Deliver()
{
    for (; !delayed_.empty(); delayed_.pop_back()) {
        const uint8_t* from = delayed_.back().bytes.data();
        for (const auto& [address, size] : delayed_.back().pieces) {
            std::memcpy(address, from, size);
            from += size;
        }
    }
    delayed_bytes_ = 0;
}

// ---- Flags ----

uint64_t PipeSchedule::KeyOf(const Flag& flag)
{
    const uint64_t pipes = static_cast<uint64_t>(flag.from) * kPipes + static_cast<uint64_t>(flag.to);
    return (pipes * 2 + static_cast<uint64_t>(flag.queued)) << 32 | static_cast<uint32_t>(flag.id);
}

bool PipeSchedule::IsSet(const Flag& flag) const
{
    const auto count = flags_.find(KeyOf(flag));
    return count != flags_.end() && count->second > 0;
}

// ---- Deadlocks ----

// Stops the block: some pipe waits for a flag that no pipe can set.
void PipeSchedule::ReportStuck()
{
    const Step* stuck = nullptr;  // preferably one for which there is no SetFlag
    const char* code = "deadlock";
    std::string message;
    for (const Stream& stream : streams_) {
        if (stream.steps.empty()) {
            continue;
        }
        const Step& front = stream.steps.front();
        message += (message.empty() ? "" : "; ") + DescribeWait(front);
        const bool unset = FindSet(front.flag) == nullptr;
        if (stuck == nullptr || (unset && code != kUnpaired)) {
            stuck = &front;
            code = unset ? kUnpaired : code;
        }
    }
    const Where where = stuck->instruction.where;
    if (core_.launch().HasFinding(kUnpaired, where.file, where.line)) {
        throw LaunchStopped{};  // a check has said it
    }
    core_.Stop(code, message, where, nullptr,
               "let every wait come after its flag in the order that flags and pipes impose, on every path");
}

// The step that will set a flag, in the pipe it belongs to.
const PipeSchedule::Step* PipeSchedule::FindSet(const Flag& flag) const
{
    for (const Step& step : streams_[static_cast<size_t>(flag.from)].steps) {
        if (step.kind == Kind::kSet && KeyOf(step.flag) == KeyOf(flag)) {
            return &step;
        }
    }
    return nullptr;
}

// "V waits at add.cpp:31 for MTE2_V with id 0, which MTE2 sets at add.cpp:35, after what it waits for itself"
std::string PipeSchedule::DescribeWait(const Step& wait) const
{
    const Flag& flag = wait.flag;
    const std::string from = PipeName(flag.from);
    const Step* set = FindSet(flag);
    return std::string(PipeName(flag.to)) + " waits at " + DescribeWhere(wait.instruction.where) + " for " +
           (flag.queued ? "the queue's event of buffer " + std::to_string(flag.id) + " from " + from
                        : FlagName(flag.from, flag.to, flag.id)) +
           (set == nullptr ? ", which nothing before sets"
                           : ", which " + from + " sets at " + DescribeWhere(set->instruction.where) +
                                 ", behind a wait of its own");
}

}  // namespace ascend_sim
