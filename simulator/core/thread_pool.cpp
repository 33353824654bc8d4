// SPDX-License-Identifier: Apache-2.0
#include "thread_pool.h"

#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

#include "spin.h"

namespace ascend_sim {

namespace {

std::atomic<uint32_t> hardware_threads{0};  // 0: not known yet
thread_local ThreadTeam thread_team = nullptr;

// In a forked child a team's threads are not there, and it may not know.
std::atomic<bool> is_forked{false};
const int watches_forks =
    pthread_atfork(nullptr, nullptr, [] { is_forked.store(true, std::memory_order_relaxed); });

}  // namespace

ThreadTeam UseThreadTeam(ThreadTeam team)
{
    return std::exchange(thread_team, team);
}

uint32_t HardwareThreads()
{
    if (hardware_threads == 0) {
        const char* limit = std::getenv("OMP_NUM_THREADS");
        SetHardwareThreads(limit == nullptr ? 0 : static_cast<uint32_t>(std::max(0, std::atoi(limit))));
    }
    return hardware_threads;
}

void SetHardwareThreads(uint32_t threads)
{
    hardware_threads = threads != 0 ? threads : std::max(1u, std::thread::hardware_concurrency());
}

// Threads that live as long as the process and wait for tickets. A ticket asks one thread to help with a job.
class ThreadPool {
public:
    // The pool of this process. Never destroyed, so that no thread outlives it; a forked child makes its own,
    // because it inherits none of the threads.
    static ThreadPool& Instance()
    {
        static const bool registered = [] {
            pthread_atfork(nullptr, nullptr, [] { instance_.store(nullptr, std::memory_order_release); });
            return true;
        }();
        (void)registered;
        ThreadPool* pool = instance_.load(std::memory_order_acquire);
        if (pool == nullptr) {
            auto made = std::make_unique<ThreadPool>();
            if (instance_.compare_exchange_strong(pool, made.get(), std::memory_order_acq_rel)) {
                pool = made.release();
            }
        }
        return *pool;
    }

    // `must_run`: a job would hang without the help, so a thread is added however many there are.
    void Post(const std::shared_ptr<ParallelJob>& job, bool must_run)
    {
        bool wake = true;
        {
            std::lock_guard<std::mutex> lock(mutex_);
            tickets_.push_back(job);
            ++waiting_tickets_;
            if (idle_ < tickets_.size() && (must_run || threads_ + 1 < HardwareThreads())) {
                ++threads_;
                std::thread([this] { Work(); }).detach();
                wake = false;
            }
        }
        if (wake) {
            arrived_.notify_one();
        }
    }

private:
    void Work()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;) {
            ++idle_;
            if (tickets_.empty()) {  // launches often follow one another at once
                lock.unlock();
                SpinUntil([this] { return waiting_tickets_.load(std::memory_order_relaxed) != 0; });
                lock.lock();
            }
            arrived_.wait(lock, [this] { return !tickets_.empty(); });
            --idle_;
            --waiting_tickets_;
            const std::shared_ptr<ParallelJob> job = std::move(tickets_.front());
            tickets_.pop_front();
            lock.unlock();
            job->RunRemaining();
            lock.lock();
        }
    }

    static std::atomic<ThreadPool*> instance_;

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::shared_ptr<ParallelJob>> tickets_;
    std::atomic<size_t> waiting_tickets_{0};  // how many these are, for threads without the lock
    size_t idle_ = 0;
    uint32_t threads_ = 0;
};

std::atomic<ThreadPool*> ThreadPool::instance_{nullptr};

void ParallelJob::Run(uint32_t threads)
{
    const uint32_t helpers = std::min(threads, count_) - 1;
    if (helpers > 0 && thread_team != nullptr && !is_forked.load(std::memory_order_relaxed)) {
        team_comes_ = helpers + 1 == count_;
        thread_team(helpers + 1, [](void* job) { static_cast<ParallelJob*>(job)->RunRemaining(); }, this);
    } else {
        for (uint32_t i = 0; i < helpers; ++i) {
            ThreadPool::Instance().Post(shared_from_this(), false);
        }
        RunRemaining();
    }
    const auto done = [this] { return done_.load(std::memory_order_acquire) == count_; };
    if (!SpinUntil(done)) {
        std::unique_lock<std::mutex> lock(mutex_);
        all_done_.wait(lock, done);
    }
}

void ParallelJob::BeforeWait()
{
    const auto begun = [this] { return next_.load(std::memory_order_relaxed) >= count_; };
    if (!begun() && !(team_comes_ && SpinUntil(begun))) {
        ThreadPool::Instance().Post(shared_from_this(), true);
    }
}

void ParallelJob::RunRemaining()
{
    for (;;) {
        const uint32_t index = next_.fetch_add(1, std::memory_order_relaxed);
        if (index >= count_) {
            return;
        }
        body_(index);
        if (done_.fetch_add(1, std::memory_order_acq_rel) + 1 == count_) {
            std::lock_guard<std::mutex> lock(mutex_);
            all_done_.notify_all();
        }
    }
}

}  // namespace ascend_sim
