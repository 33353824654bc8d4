// SPDX-License-Identifier: Apache-2.0
// What all blocks of one launch share.
#pragma once

#ifndef ASCEND_SIM_CHECKED
#error \
    "the core and the checks are always built with ASCEND_SIM_CHECKED, which gives instructions their lines"
#endif

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "block_turns.h"
#include "launch.h"
#include "observer.h"
#include "pipe_schedule.h"

namespace ascend_sim {

class LaunchState {
public:
    LaunchState(const std::vector<KernelArgument>& arguments, const LaunchOptions& options,
                const Platform& platform, std::vector<std::unique_ptr<Observer>> observers)
        : arguments_(arguments), options_(options), platform_(platform), observers_(std::move(observers))
    {
        if (options.schedule == Schedule::kAdversarial) {
            turns_ = std::make_unique<BlockTurns>(options.block_dim, options.blocks, options.seed);
        }
    }

    const std::vector<KernelArgument>& arguments() const { return arguments_; }
    const LaunchOptions& options() const { return options_; }
    const Platform& platform() const { return platform_; }
    // Whether all blocks of the launch run, so that its results can be judged.
    bool IsWhole() const { return options_.blocks.empty(); }

    template <class... Parameters, class... Values>
    void Show(void (Observer::*event)(Parameters...), const Values&... values) const
    {
        for (const auto& observer : observers_) {
            (observer.get()->*event)(values...);
        }
    }

    // All blocks have ended: observers may still add findings.
    void End()
    {
        for (const auto& observer : observers_) {
            observer->OnLaunchEnd(*this);
        }
    }

    // Whether results are so large that they had better go past the processor's caches.
    bool WritesThrough() const;

    // The argument that `address` lies in, or null.
    const KernelArgument* FindArgument(uintptr_t address) const;

    // The block that is started as number `position`; in the adversarial schedule, when its turn has come.
    uint32_t StartBlock(uint32_t position);
    // SyncAll of a block at some place of the kernel. If it would wait for ever: who waits for whom.
    std::string Synchronise(uint32_t block, uint32_t participants, const std::string& place);
    // A flag that blocks set for one another. If the wait would last for ever: who waits for whom.
    void SetFlag(uint32_t block, const BlockFlag& flag);
    std::string WaitFlag(uint32_t block, const BlockFlag& flag, const std::string& place);
    void BlockEnded(uint32_t block);

    // Keeps the finding, once for every place and tensor.
    void Add(Finding finding);
    // A block has ended before its time.
    void Stop();
    bool HasFinding(const std::string& code, const std::string& file, int line) const;
    bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
    // In the order in which blocks, one after the other, would make them.
    std::vector<Finding> TakeFindings();

    std::function<void()> on_wait;  // called, without locks, by a block about to wait in SyncAll

private:
    const std::vector<KernelArgument>& arguments_;
    const LaunchOptions& options_;
    const Platform& platform_;
    std::vector<std::unique_ptr<Observer>> observers_;
    std::atomic<bool> stopped_{false};

    bool Stuck() const;
    std::string EndStuck();
    std::string DescribeDeadlock() const;
    bool TakeFlag(uint32_t block, const BlockFlag& flag);

    std::unique_ptr<BlockTurns> turns_;  // of the adversarial schedule
    mutable std::mutex mutex_;           // guards what follows
    std::condition_variable changed_;
    // A finding and where it stands among those of its block.
    struct Found {
        Finding finding;
        uint64_t number = 0;
        uint64_t occurrences = 0;
        std::set<uint32_t> blocks;
    };
    using Place = std::tuple<std::string, std::string, int, std::string>;  // code, file, line, tensor
    std::map<Place, Found> findings_;
    std::map<uint32_t, uint64_t> numbers_;  // of findings, by block
    std::string deadlock_;
    std::map<uint32_t, std::string> waiting_;  // blocks in SyncAll, and where
    std::atomic<uint64_t> generation_{0};      // SyncAlls that everybody has left; read without the lock, too
    struct FlagState {
        uint64_t set = 0;              // of kind kOne: not yet waited for; of kTurn: turns that have ended
        std::vector<uint64_t> set_by;  // of kAllBlocks, by block
        std::vector<uint64_t> waited_by;
    };
    struct FlagWaiter {
        BlockFlag flag;
        std::string place;
    };
    std::map<std::pair<BlockFlag::Kind, uint64_t>, FlagState> flags_;
    std::map<uint32_t, FlagWaiter> flag_waiters_;  // blocks whose flags are not set yet
    uint32_t ended_ = 0;
};

// Thrown through a kernel to end its block: at a finding, or because a block it waits for has ended.
struct LaunchStopped {};

// Makes this thread block `index` of the launch while it lives.
class BlockScope {
public:
    BlockScope(LaunchState& launch, uint32_t index);
    ~BlockScope();
    BlockScope(const BlockScope&) = delete;
    BlockScope& operator=(const BlockScope&) = delete;

    const Core& core() const { return core_; }
    // The kernel has returned: what is found now is found at none of its lines.
    void Returned() { core_.visits_.clear(); }
    // Runs what its pipes have not run yet.
    void Finish();

private:
    Core core_;
    Core* outer_;
    std::unique_ptr<PipeSchedule> schedule_;
};

}  // namespace ascend_sim
