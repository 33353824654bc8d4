// SPDX-License-Identifier: Apache-2.0
#include "launch_state.h"

#include <algorithm>
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
    changed_.wait(lock, [&] { return released() || stuck(); });
    if (released()) {
        return true;
    }
    // All that wait come to the same conclusion, before the first of them ends.
    deadlock_ = deadlock_ || !stopped();
    if (!deadlock_) {
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

void LaunchState::Stop()
{
    stopped_.store(true, std::memory_order_relaxed);
}

void LaunchState::Add(Finding finding)
{
    const FindingTensor& tensor = finding.tensor;
    // Buffers of a queue take turns, and are one tensor. Without a line, the message tells findings apart.
    const std::string place = finding.file.empty() ? finding.message
                                                   : tensor.space + tensor.name + ":" + tensor.file + ":" +
                                                         std::to_string(tensor.line);
    std::lock_guard<std::mutex> lock(mutex_);
    const uint64_t number = numbers_[finding.block]++;
    const auto [at, first] = findings_.try_emplace({finding.code, finding.file, finding.line, place});
    Found& found = at->second;
    ++found.occurrences;
    found.blocks.insert(finding.block);
    if (first || finding.block < found.finding.block) {
        found.number = number;
        found.finding = std::move(finding);
    }
}

std::vector<Finding> LaunchState::TakeFindings()
{
    std::vector<Found> sorted;
    for (auto& [place, found] : findings_) {
        found.finding.occurrences = found.occurrences;
        found.finding.blocks = static_cast<uint32_t>(found.blocks.size());
        sorted.push_back(std::move(found));
    }
    std::sort(sorted.begin(), sorted.end(), [](const Found& a, const Found& b) {
        return std::tie(a.finding.block, a.number) < std::tie(b.finding.block, b.number);
    });
    std::vector<Finding> findings;
    for (Found& found : sorted) {
        findings.push_back(std::move(found.finding));
    }
    return findings;
}

}  // namespace ascend_sim
