// SPDX-License-Identifier: Apache-2.0
#include "core.h"

#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include "launch_state.h"

namespace ascend_sim {

namespace {

thread_local Core outside_launch;
thread_local Core* current_core = nullptr;

// The unified buffer of the blocks that run on this thread, one after another.
class Arena {
public:
    uint8_t* Reserve(size_t bytes)
    {
        if (bytes > bytes_) {
            const size_t rounded =
                (bytes + kUnifiedBufferAlignment - 1) / kUnifiedBufferAlignment * kUnifiedBufferAlignment;
            memory_.reset(static_cast<uint8_t*>(std::aligned_alloc(kUnifiedBufferAlignment, rounded)));
            if (memory_ == nullptr) {
                bytes_ = 0;
                throw std::bad_alloc();
            }
            bytes_ = rounded;
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

}  // namespace

Core& CurrentCore()
{
    return current_core != nullptr ? *current_core : outside_launch;
}

Block& CurrentBlock()
{
    return CurrentCore().block_;
}

void SyncAllBlocks(uint32_t participants, const char* file, int line)
{
    Core& core = CurrentCore();
    if (core.launch_ != nullptr && !core.launch_->Synchronise(participants)) {
        RaiseFinding(
            "deadlock",
            "SyncAll waits for a block that has ended without calling it; every block of the launch must "
            "call SyncAll equally often, also blocks that have no data",
            file, line);
    }
}

void RaiseFinding(const char* code, const std::string& message, const char* file, int line)
{
    const Core& core = CurrentCore();
    Finding finding;
    finding.code = code;
    finding.message = message;
    finding.file = file;
    finding.line = line;
    finding.block = core.block().index;
    if (core.has_launch()) {
        finding.kernel = core.launch().options().kernel;
    }
    throw FindingError(std::move(finding));
}

void Core::Report(const char* code, const std::string& message, Where where) const
{
    RaiseFinding(code, message, where.file, where.line);
}

void Core::StopIfAsked() const
{
    if (launch_->stopped()) {
        throw LaunchStopped{};
    }
}

template <class... Parameters, class... Values>
void Core::Show(void (Observer::*event)(const Core&, Parameters...), const Values&... values) const
{
    if (launch_ != nullptr) {
        StopIfAsked();
        launch_->Show(event, *this, values...);
    }
}

void Core::Issue(Instruction&& instruction)
{
    Show(&Observer::OnInstruction, instruction);
    instruction.execute();
}

void Core::OnAllocation(const AllocationEvent& event)
{
    Show(&Observer::OnAllocation, event);
}

void Core::OnQueue(const QueueEvent& event)
{
    Show(&Observer::OnQueue, event);
}

void Core::OnFlag(const FlagEvent& event)
{
    Show(&Observer::OnFlag, event);
}

void Core::OnBarrier(const BarrierEvent& event)
{
    Show(&Observer::OnBarrier, event);
}

void Core::OnCacheHint(const CacheHintEvent& event)
{
    Show(&Observer::OnCacheHint, event);
}

void Core::OnSyncAll(const SyncAllEvent& event)
{
    Show(&Observer::OnSyncAll, event);
}

void Core::OnPipeReset()
{
    Show(&Observer::OnPipeReset);
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
    core_.block_.unified_buffer_bytes = launch.platform().ub_size;
    core_.block_.unified_buffer = arena.Reserve(launch.platform().ub_size);
    current_core = &core_;
}

BlockScope::~BlockScope()
{
    current_core = outer_;
}

}  // namespace ascend_sim
