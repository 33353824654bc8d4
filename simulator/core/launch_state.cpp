// SPDX-License-Identifier: Apache-2.0
#include "launch_state.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <utility>

#include "spin.h"

namespace ascend_sim {

namespace {

// Whether a debugger has this process.
bool IsTraced()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("TracerPid:", 0) == 0) {
            return std::stoi(line.substr(10)) != 0;
        }
    }
    return false;
}

// Stops in the debugger. Without one, the signal would end the process.
void Break(const std::string& text)
{
    std::fprintf(stderr, "%s\n", text.c_str());
    if (IsTraced()) {
        std::raise(SIGTRAP);
    } else {
        std::fprintf(
            stderr, "break-on-finding: there is no debugger to stop in; start the program with gdb --args\n");
    }
}

// "block 3", or "blocks 0, 2 to 7"
std::string BlockNames(const std::vector<uint32_t>& sorted)
{
    std::string text;
    for (size_t i = 0; i < sorted.size();) {
        size_t last = i;
        while (last + 1 < sorted.size() && sorted[last + 1] == sorted[last] + 1) {
            ++last;
        }
        text += (i == 0 ? "" : ", ") + std::to_string(sorted[i]);
        if (last > i) {
            text += (last == i + 1 ? ", " : " to ") + std::to_string(sorted[last]);
        }
        i = last + 1;
    }
    return (sorted.size() == 1 ? "block " : "blocks ") + text;
}

}  // namespace

bool LaunchState::WritesThrough() const
{
    // What a core can have of the last cache; processors and virtual machines do not say.
    constexpr size_t kCache = 32 * 1024 * 1024;
    return std::any_of(arguments_.begin(), arguments_.end(), [](const KernelArgument& argument) {
        return argument.role == ArgumentRole::kOutput && argument.bytes > kCache;
    });
}

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

uint32_t LaunchState::StartBlock(uint32_t position)
{
    if (turns_ != nullptr) {
        return turns_->Start(position);
    }
    return options_.blocks.empty() ? position : options_.blocks[position];
}

std::string LaunchState::Synchronise(uint32_t block, uint32_t participants, const std::string& place)
{
    const uint32_t needed = participants == 0 ? options_.block_dim : participants;
    if (on_wait) {
        on_wait();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    const uint64_t mine = generation_;
    waiting_[block] = place;
    if (waiting_.size() >= needed) {
        for (const auto& [waiter, at] : waiting_) {
            if (turns_ != nullptr && waiter != block) {
                turns_->Release(waiter);
            }
        }
        waiting_.clear();
        ++generation_;
    }
    const auto released = [&] { return generation_.load(std::memory_order_acquire) != mine; };
    if (turns_ != nullptr) {
        turns_->Suspend(block, released());
    } else if (!released() && waiting_.size() + 1 == needed) {
        // The last one to come is probably near: blocks have equal shares.
        lock.unlock();
        SpinUntil(released);
        lock.lock();
    }
    if (released() || Stuck()) {
        changed_.notify_all();
    }
    changed_.wait(lock, [&] { return released() || Stuck(); });
    if (!released()) {
        return EndStuck();
    }
    lock.unlock();
    if (turns_ != nullptr) {
        turns_->Resume(block);
    }
    return "";
}

void LaunchState::SetFlag(uint32_t block, const BlockFlag& flag)
{
    std::lock_guard<std::mutex> lock(mutex_);
    FlagState& state = flags_[{flag.kind, flag.key}];
    ++state.set;
    state.set_by.resize(options_.block_dim);
    ++state.set_by[block];
    for (auto waiter = flag_waiters_.begin(); waiter != flag_waiters_.end();) {
        if (!TakeFlag(waiter->first, waiter->second.flag)) {
            ++waiter;
            continue;
        }
        if (turns_ != nullptr) {
            turns_->Release(waiter->first);
        }
        waiter = flag_waiters_.erase(waiter);
    }
    changed_.notify_all();
}

std::string LaunchState::WaitFlag(uint32_t block, const BlockFlag& flag, const std::string& place)
{
    if (on_wait) {
        on_wait();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    if (TakeFlag(block, flag)) {
        return "";
    }
    flag_waiters_[block] = {flag, place};
    if (turns_ != nullptr) {
        turns_->Suspend(block, false);
    }
    if (Stuck()) {
        changed_.notify_all();
    }
    const auto released = [&] { return flag_waiters_.count(block) == 0; };
    changed_.wait(lock, [&] { return released() || Stuck(); });
    if (!released()) {
        return EndStuck();
    }
    lock.unlock();
    if (turns_ != nullptr) {
        turns_->Resume(block);
    }
    return "";
}

// Whether the flag is set for that block, which then has had its wait.
bool LaunchState::TakeFlag(uint32_t block, const BlockFlag& flag)
{
    FlagState& state = flags_[{flag.kind, flag.key}];
    switch (flag.kind) {
        case BlockFlag::Kind::kOne:
            if (state.set == 0) {
                return false;
            }
            --state.set;
            return true;
        case BlockFlag::Kind::kTurn:
            return state.set % options_.block_dim == block;
        default:
            state.set_by.resize(options_.block_dim);
            state.waited_by.resize(options_.block_dim);
            if (*std::min_element(state.set_by.begin(), state.set_by.end()) <= state.waited_by[block]) {
                return false;
            }
            ++state.waited_by[block];
            return true;
    }
}

// Whether no block can go on.
bool LaunchState::Stuck() const
{
    return waiting_.size() + flag_waiters_.size() + ended_ >= options_.block_dim;
}

// All that wait come to the same conclusion, before the first of them ends.
std::string LaunchState::EndStuck()
{
    if (deadlock_.empty() && !stopped()) {
        deadlock_ = DescribeDeadlock();
    }
    if (deadlock_.empty()) {
        throw LaunchStopped{};
    }
    return deadlock_;
}

// "SyncAll waits for a block that has ended without calling it: block 0 has ended; blocks 1 to 7 wait at
// add.cpp:31"
std::string LaunchState::DescribeDeadlock() const
{
    std::map<std::string, std::vector<uint32_t>> waiting;  // by place
    std::vector<uint32_t> ended;
    for (uint32_t block = 0; block < options_.block_dim; ++block) {
        const auto found = waiting_.find(block);
        const auto waiter = flag_waiters_.find(block);
        if (waiter != flag_waiters_.end()) {
            waiting[waiter->second.place].push_back(block);
        } else {
            (found == waiting_.end() ? ended : waiting[found->second]).push_back(block);
        }
    }
    const std::string gone =
        ended.empty() ? "" : ": " + BlockNames(ended) + (ended.size() == 1 ? " has" : " have") + " ended";
    std::string text = !flag_waiters_.empty() ? "a block waits for a flag that no block sets any more" + gone
                       : ended.empty() ? "SyncAll waits for more blocks than there are"
                                       : "SyncAll waits for a block that has ended without calling it" + gone;
    for (const auto& [place, blocks] : waiting) {
        text += "; " + BlockNames(blocks) + (blocks.size() == 1 ? " waits" : " wait") +
                (place.empty() ? "" : " at " + place);
    }
    return text;
}

void LaunchState::BlockEnded(uint32_t block)
{
    {
        std::lock_guard<std::mutex> lock(mutex_);
        ++ended_;
        if (!waiting_.empty() || !flag_waiters_.empty()) {
            changed_.notify_all();
        }
    }
    if (turns_ != nullptr) {
        turns_->End(block);
    }
}

bool LaunchState::HasFinding(const std::string& code, const std::string& file, int line) const
{
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = findings_.lower_bound({code, file, line, ""});
    return found != findings_.end() && std::get<0>(found->first) == code &&
           std::get<1>(found->first) == file && std::get<2>(found->first) == line;
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
    std::unique_lock<std::mutex> lock(mutex_);
    const uint64_t number = numbers_[finding.block]++;
    const auto [at, first] = findings_.try_emplace({finding.code, finding.file, finding.line, place});
    Found& found = at->second;
    ++found.occurrences;
    found.blocks.insert(finding.block);
    const std::string text = first && options_.break_on_finding ? FormatFinding(finding) : "";
    if (first || finding.block < found.finding.block) {
        found.number = number;
        found.finding = std::move(finding);
    }
    lock.unlock();
    if (!text.empty()) {
        Break(text);
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
    constexpr size_t kMostFindings = 100;
    std::vector<Finding> findings;
    for (Found& found : sorted) {
        if (findings.size() == kMostFindings) {
            Finding more;
            more.code = "more-findings";
            more.message = std::to_string(sorted.size() - kMostFindings) + " further findings are not shown";
            more.kernel = options_.kernel;
            more.block_dim = options_.block_dim;
            findings.push_back(std::move(more));
            break;
        }
        findings.push_back(std::move(found.finding));
    }
    return findings;
}

}  // namespace ascend_sim
