// SPDX-License-Identifier: Apache-2.0
// Callbacks: a stream hands a function to the thread that is subscribed to it, which runs it when it reports.
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "acl/acl_rt.h"
#include "device.h"
#include "stream.h"

namespace {

using ascend_sim::Fail;

// What waits for one thread.
class Reports {
public:
    void Add(std::function<void()> callback)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        callbacks_.push_back(std::move(callback));
        added_.notify_all();
    }

    // Runs the next one. False if none comes in time; a negative time is for ever.
    bool RunNext(std::chrono::milliseconds timeout)
    {
        std::unique_lock<std::mutex> lock(mutex_);
        const auto there = [this] { return !callbacks_.empty(); };
        if (timeout.count() < 0) {
            added_.wait(lock, there);
        } else if (!added_.wait_for(lock, timeout, there)) {
            return false;
        }
        const std::function<void()> callback = std::move(callbacks_.front());
        callbacks_.pop_front();
        lock.unlock();
        callback();
        return true;
    }

private:
    std::mutex mutex_;
    std::condition_variable added_;
    std::deque<std::function<void()>> callbacks_;
};

// Who is subscribed to what. Leaked, because streams work until the process ends.
struct Subscriptions {
    std::mutex mutex;
    std::map<aclrtStream, uint64_t> threads;
    std::map<uint64_t, std::shared_ptr<Reports>> reports;
};

Subscriptions& GetSubscriptions()
{
    static Subscriptions& subscriptions = *new Subscriptions;
    return subscriptions;
}

std::shared_ptr<Reports> ReportsOf(uint64_t thread)
{
    Subscriptions& all = GetSubscriptions();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto found = all.reports.find(thread);
    return found == all.reports.end() ? nullptr : found->second;
}

std::shared_ptr<Reports> ReportsOf(aclrtStream stream)
{
    Subscriptions& all = GetSubscriptions();
    const std::lock_guard<std::mutex> lock(all.mutex);
    const auto found = all.threads.find(stream);
    return found == all.threads.end() ? nullptr : all.reports[found->second];
}

}  // namespace

extern "C" {

aclError aclrtSubscribeReport(uint64_t threadId, aclrtStream stream)
{
    Subscriptions& all = GetSubscriptions();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.threads[stream] = threadId;
    std::shared_ptr<Reports>& reports = all.reports[threadId];
    if (reports == nullptr) {
        reports = std::make_shared<Reports>();
    }
    return ACL_SUCCESS;
}

aclError aclrtUnSubscribeReport(uint64_t threadId, aclrtStream stream)
{
    Subscriptions& all = GetSubscriptions();
    const std::lock_guard<std::mutex> lock(all.mutex);
    all.threads.erase(stream);
    const auto is_thread = [threadId](const auto& entry) { return entry.second == threadId; };
    if (std::none_of(all.threads.begin(), all.threads.end(), is_thread)) {
        all.reports.erase(threadId);
    }
    return ACL_SUCCESS;
}

aclError aclrtLaunchCallback(aclrtCallback fn, void* userData, aclrtCallbackBlockType blockType,
                             aclrtStream stream)
{
    const std::shared_ptr<Reports> reports = ReportsOf(stream);
    if (fn == nullptr || reports == nullptr) {
        return Fail(
            ACL_ERROR_RT_STREAM_SUBSCRIBE,
            "aclrtLaunchCallback: the function is null, or no thread is subscribed to the stream; call "
            "aclrtSubscribeReport first");
    }
    ascend_sim::RunOn(stream, [=] {
        auto done = std::make_shared<ascend_sim::Mark>();
        reports->Add([=] {
            fn(userData);
            done->Reach();
        });
        if (blockType == ACL_CALLBACK_BLOCK) {
            done->Wait();
        }
    });
    return ACL_SUCCESS;
}

aclError aclrtProcessReport(int32_t timeout)
{
    const std::shared_ptr<Reports> reports = ReportsOf(static_cast<uint64_t>(pthread_self()));
    if (reports == nullptr) {
        return Fail(
            ACL_ERROR_RT_THREAD_SUBSCRIBE,
            "aclrtProcessReport: this thread is not subscribed to a stream; call aclrtSubscribeReport "
            "with its pthread_self() first");
    }
    // That none came is no error to report: threads ask over and over.
    return reports->RunNext(std::chrono::milliseconds(timeout)) ? ACL_SUCCESS : ACL_ERROR_RT_REPORT_TIMEOUT;
}

}  // extern "C"
