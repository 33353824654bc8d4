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
    std::atomic<uint32_t> next_{0};
    std::atomic<uint32_t> done_{0};
    std::mutex mutex_;
    std::condition_variable all_done_;
};

}  // namespace ascend_sim
