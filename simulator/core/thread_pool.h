// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace ascend_sim {

// Hardware threads this process may use; OMP_NUM_THREADS overrides, and what SetHardwareThreads has said.
uint32_t HardwareThreads();
// Before the first launch; 0 for as many as there are.
void SetHardwareThreads(uint32_t threads);

// Calls body(context) on the calling thread and, at the same time, on up to `threads - 1` others; returns
// when all have. Where there are no others, body may be called once.
using ThreadTeam = void (*)(uint32_t threads, void (*body)(void* context), void* context);

// From now on the launches of the calling thread are helped by a team, a framework's own threads, which are
// awake where ours would sleep and else take turns with them on a core; null: by the pool of this process.
// Returns what held before.
ThreadTeam UseThreadTeam(ThreadTeam team);

// Calls `body(0) ... body(count - 1)`, each once, on the calling thread and on up to `threads - 1` helpers.
class ParallelJob : public std::enable_shared_from_this<ParallelJob> {
public:
    ParallelJob(uint32_t count, std::function<void(uint32_t)> body) : count_(count), body_(std::move(body)) {}

    // Returns when every index is done. `body` must not throw.
    void Run(uint32_t threads);

    // For a body that is about to wait for another index: makes sure that a thread comes for the next one.
    void BeforeWait();

private:
    friend class ThreadPool;
    void RunRemaining();

    const uint32_t count_;
    const std::function<void(uint32_t)> body_;
    bool team_comes_ = false;  // a thread of the team for every index
    std::atomic<uint32_t> next_{0};
    std::atomic<uint32_t> done_{0};
    std::mutex mutex_;
    std::condition_variable all_done_;
};

}  // namespace ascend_sim
