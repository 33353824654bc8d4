// SPDX-License-Identifier: Apache-2.0
#include "launch_state.h"

#include <utility>

namespace ascend_sim {

const KernelArgument* LaunchState::FindArgument(uintptr_t address) const
{
    // An address one past the end belongs to an argument only if no other begins there.
    const KernelArgument* ends_here = nullptr;
    for (const KernelArgument& argument : arguments_) {
        const uintptr_t begin = reinterpret_cast<uintptr_t>(argument.data);
        if (argument.data == nullptr || address < begin || address - begin > argument.bytes) {
            continue;
        }
        if (address - begin < argument.bytes) {
            return &argument;
        }
        ends_here = &argument;
    }
    return ends_here;
}

bool LaunchState::Synchronise(uint32_t participants)
{
    const uint32_t needed = participants == 0 ? options_.block_dim : participants;
    if (on_wait) {
        on_wait();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    const uint64_t mine = generation_;
    if (++waiting_ >= needed) {
        waiting_ = 0;
        ++generation_;
        changed_.notify_all();
        return true;
    }
    const auto released = [&] { return generation_ != mine; };
    const auto stuck = [&] { return waiting_ + ended_ >= options_.block_dim; };
    if (stuck()) {
        changed_.notify_all();
    }
    changed_.wait(lock, [&] { return released() || stuck() || stopped(); });
    if (released()) {
        return true;
    }
    if (stopped()) {
        throw LaunchStopped{};
    }
    return false;
}

void LaunchState::BlockEnded()
{
    std::lock_guard<std::mutex> lock(mutex_);
    ++ended_;
    if (waiting_ > 0) {
        changed_.notify_all();
    }
}

void LaunchState::Stop(Finding finding)
{
    std::lock_guard<std::mutex> lock(mutex_);
    findings_.push_back(std::move(finding));
    stopped_.store(true, std::memory_order_relaxed);
    changed_.notify_all();
}

}  // namespace ascend_sim
