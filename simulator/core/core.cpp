// SPDX-License-Identifier: Apache-2.0
#include "core.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "launch_state.h"
#include "pipe_names.h"
#include "pipe_schedule.h"

namespace ascend_sim {

namespace {

thread_local Core outside_launch;
thread_local Core* current_core = nullptr;

// What the fast build may read beyond the end: it gathers whole blocks, also of a misaligned operand.
constexpr size_t kReadBehind = 32;

// The unified buffer of the blocks that run on this thread, one after another.
class Arena {
public:
    uint8_t* Reserve(size_t bytes)
    {
        if (bytes > bytes_) {
            const size_t rounded = (bytes + kReadBehind + kUnifiedBufferAlignment - 1) /
                                   kUnifiedBufferAlignment * kUnifiedBufferAlignment;
            memory_.reset(static_cast<uint8_t*>(std::aligned_alloc(kUnifiedBufferAlignment, rounded)));
            if (memory_ == nullptr) {
                bytes_ = 0;
                throw std::bad_alloc();
            }
            bytes_ = bytes;
        }
        return memory_.get();
    }

private:
    struct Free {
        void operator()(uint8_t* memory) const { std::free(memory); }
    };
    std::unique_ptr<uint8_t, Free> memory_;
    size_t bytes_ = 0;
};

thread_local Arena arena;

// What CurrentCore() and CurrentBlock() inline: each call of AscendC asks for its block.
inline Core& CoreOfThread()
{
    return current_core != nullptr ? *current_core : outside_launch;
}

}  // namespace

Core& CurrentCore()
{
    return CoreOfThread();
}

Block& CurrentBlock()
{
    return CoreOfThread().block_;
}

void SyncAllBlocks(uint32_t participants, const char* file, int line)
{
    Core& core = CurrentCore();
    RunPending(core.block_);
    if (core.launch_ != nullptr && !core.launch_->IsWhole() && participants != 1) {
        RaiseFinding("partial-launch",
                     "SyncAll waits for " +
                         std::to_string((participants == 0 ? core.block_.count : participants) - 1) +
                         " other blocks, which this launch leaves out",
                     file, line);
    }
    if (core.launch_ != nullptr) {
        const std::string stuck =
            core.launch_->Synchronise(core.block_.index, participants, DescribeWhere({file, line}));
        if (!stuck.empty()) {
            RaiseFinding("deadlock", stuck, file, line);
        }
    }
}

void SetBlockFlag(const BlockFlag& flag)
{
    Core& core = CurrentCore();
    RunPending(core.block_);
    if (core.launch_ != nullptr) {
        core.launch_->SetFlag(core.block_.index, flag);
    }
}

void WaitBlockFlag(const BlockFlag& flag, const char* file, int line)
{
    Core& core = CurrentCore();
    RunPending(core.block_);
    if (core.launch_ == nullptr) {
        return;
    }
    if (!core.launch_->IsWhole()) {
        RaiseFinding("partial-launch", "the block waits for a flag of blocks that this launch leaves out",
                     file, line);
    }
    const std::string stuck = core.launch_->WaitFlag(core.block_.index, flag, DescribeWhere({file, line}));
    if (!stuck.empty()) {
        RaiseFinding("deadlock", stuck, file, line);
    }
}

void RaiseFinding(const char* code, const std::string& message, const char* file, int line)
{
    const Core& core = CurrentCore();
    core.End(core.MakeFinding(code, message, file, line));
}

Finding Core::MakeFinding(const char* code, const std::string& message, const char* file, int line) const
{
    Finding finding;
    finding.code = code;
    finding.message = message;
    finding.file = file;
    finding.line = line;
    finding.block = block_.index;
    finding.block_dim = block_.count;
    const auto visits = visits_.find({file, line});
    finding.visit = visits == visits_.end() ? 0 : visits->second;
    if (launch_ != nullptr) {
        finding.kernel = launch_->options().kernel;
    }
    return finding;
}

Finding Core::MakeFinding(const char* code, const std::string& message, Where where, const Operand* about,
                          const std::string& mend) const
{
    Finding finding = MakeFinding(code, message, where.file, where.line);
    finding.mend = mend;
    if (about != nullptr) {
        const Extent& extent = about->extent;
        FindingTensor& tensor = finding.tensor;
        tensor.address = extent.begin;
        tensor.bytes = extent.bytes;
        tensor.file = extent.allocated.file;
        tensor.line = extent.allocated.line;
        if (about->space == Space::kUnifiedBuffer) {
            tensor.space = "UB";
            tensor.buffer = extent.buffer == kNoBuffer ? -1 : static_cast<int32_t>(extent.buffer);
        } else {
            tensor.space = "GM";
            const KernelArgument* argument = launch_->FindArgument(extent.begin);
            tensor.name = argument != nullptr ? argument->name : "";
        }
    }
    return finding;
}

void Core::Report(const char* code, const std::string& message, Where where, const Operand* about,
                  const std::string& mend) const
{
    if (!skip_) {  // what is not executed has one fault, the first
        launch_->Add(MakeFinding(code, message, where, about, mend));
    }
}

void Core::ReportAndSkip(const char* code, const std::string& message, const Instruction& instruction,
                         const Operand* about, const std::string& mend) const
{
    if (instruction.pipe == Pipe::kScalar) {
        Stop(code, message, instruction.where, about, mend);
    }
    Report(code, message, instruction.where, about, mend);
    skip_ = true;
}

void Core::Stop(const char* code, const std::string& message, Where where, const Operand* about,
                const std::string& mend) const
{
    End(MakeFinding(code, message, where, about, mend));
}

void Core::End(Finding finding) const
{
    if (launch_ == nullptr) {
        throw FindingError(std::move(finding));
    }
    finding.stops = true;
    launch_->Add(std::move(finding));
    throw LaunchStopped{};
}

void Core::Visit(Where where)
{
    ++visits_[{where.file, where.line}];
}

// After a block has ended with a finding, the others go on, so that what is found does not depend on which of
// them was quicker. One that waits for the ended block in a loop of its own must end, too.
void Core::StopIfAsked()
{
    constexpr uint32_t kEventsAfterStop = 1u << 20;
    if (launch_->stopped() && ++events_since_stop_ > kEventsAfterStop) {
        throw LaunchStopped{};
    }
}

template <class... Parameters, class... Values>
void Core::Show(void (Observer::*event)(const Core&, Parameters...), const Values&... values)
{
    if (launch_ != nullptr) {
        StopIfAsked();
        launch_->Show(event, *this, values...);
    }
}

void Core::Issue(Instruction&& instruction)
{
    Visit(instruction.where);
    Show(&Observer::OnInstruction, instruction);
    if (std::exchange(skip_, false)) {
        return;
    }
    if (schedule_ != nullptr) {
        schedule_->Issue(std::move(instruction));
    } else {
        instruction.execute();
    }
}

bool Core::deferred() const
{
    return schedule_ != nullptr && schedule_->deferred();
}

void Core::Settle(Pipe pipe) const
{
    if (schedule_ != nullptr) {
        schedule_->Settle(pipe);
    }
}

void Core::OnAllocation(const AllocationEvent& event)
{
    Visit(event.where);
    Show(&Observer::OnAllocation, event);
}

void Core::OnQueue(const QueueEvent& event)
{
    Visit(event.where);
    Show(&Observer::OnQueue, event);
    if (schedule_ != nullptr) {
        schedule_->OnQueue(event);
    }
}

void Core::OnFlag(const FlagEvent& event)
{
    Visit(event.where);
    Show(&Observer::OnFlag, event);
    if (schedule_ != nullptr) {
        schedule_->OnFlag(event);
    }
}

void Core::OnBarrier(const BarrierEvent& event)
{
    Visit(event.where);
    Show(&Observer::OnBarrier, event);
    if (schedule_ != nullptr) {
        schedule_->OnBarrier(event);
    }
}

void Core::OnCacheHint(const CacheHintEvent& event)
{
    Show(&Observer::OnCacheHint, event);
}

void Core::OnSyncAll(const SyncAllEvent& event)
{
    Visit(event.where);
    Show(&Observer::OnSyncAll, event);
    if (schedule_ != nullptr) {
        schedule_->Finish();  // it begins with a barrier of all pipes
    }
}

void Core::OnBlockFlag(const BlockFlagEvent& event)
{
    Visit(event.where);
    Show(&Observer::OnBlockFlag, event);
    if (schedule_ != nullptr) {
        schedule_->Finish();
    }
}

void Core::OnPipeReset()
{
    Show(&Observer::OnPipeReset);
    if (schedule_ != nullptr) {
        schedule_->OnPipeReset();
    }
}

void Core::SetKernelType(const char* type, bool is_default)
{
    if (!is_default || !has_type_of_key_) {
        kernel_type_ = type;
    }
    has_type_of_key_ = has_type_of_key_ || !is_default;
}

Extent Core::FindArgument(const void* address, Where where) const
{
    Extent extent;
    extent.allocated = where;
    if (launch_ != nullptr) {
        if (const KernelArgument* argument = launch_->FindArgument(reinterpret_cast<uintptr_t>(address))) {
            extent.begin = reinterpret_cast<uintptr_t>(argument->data);
            extent.bytes = argument->bytes;
        }
    }
    return extent;
}

BlockScope::BlockScope(LaunchState& launch, uint32_t index) : outer_(current_core)
{
    core_.launch_ = &launch;
    core_.block_.index = index;
    core_.block_.count = launch.options().block_dim;
    core_.block_.tiling_key = launch.options().tiling_key;
    core_.block_.writes_through = launch.WritesThrough();
    core_.block_.unified_buffer_bytes = launch.platform().ub_size;
    core_.block_.unified_buffer = arena.Reserve(launch.platform().ub_size);
    current_core = &core_;
    if (launch.options().checked) {
        // What is read too early is neither data nor what the launch before has left: NaN in every type.
        std::memset(core_.block_.unified_buffer, 0xFF, core_.block_.unified_buffer_bytes);
        schedule_ = std::make_unique<PipeSchedule>(core_, launch.options(), launch.platform());
        core_.schedule_ = schedule_.get();
    }
}

BlockScope::~BlockScope()
{
    current_core = outer_;
}

void BlockScope::Finish()
{
    RunPending(core_.block_);
    if (schedule_ != nullptr) {
        schedule_->Finish();
    }
}

}  // namespace ascend_sim
