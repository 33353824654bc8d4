// SPDX-License-Identifier: Apache-2.0
#include "stream.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>
#include <vector>

#include "device.h"

namespace ascend_sim {

namespace {

// All streams there are. Leaked, because frameworks destroy streams until the process ends.
struct StreamList {
    std::mutex mutex;
    std::vector<Stream*> streams;
    int32_t next_id = 0;
};

StreamList& GetStreamList()
{
    static StreamList& list = *[] {
        // Nothing may run any more when the process takes down what kernels use.
        std::atexit([] { SynchronizeStreams(-1); });
        return new StreamList;
    }();
    return list;
}

int32_t NextId()
{
    StreamList& list = GetStreamList();
    const std::lock_guard<std::mutex> lock(list.mutex);
    return list.next_id++;
}

}  // namespace

Stream::Stream(int32_t device) : device_(device), id_(NextId())
{
    StreamList& list = GetStreamList();
    const std::lock_guard<std::mutex> lock(list.mutex);
    list.streams.push_back(this);
}

Stream::~Stream()
{
    {
        StreamList& list = GetStreamList();
        const std::lock_guard<std::mutex> lock(list.mutex);
        list.streams.erase(std::find(list.streams.begin(), list.streams.end(), this));
    }
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        ending_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Stream::Submit(std::function<void()> work)
{
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back(std::move(work));
    if (!thread_.joinable()) {
        thread_ = std::thread([this] { Work(); });
    }
    changed_.notify_all();
}

std::string Stream::Synchronize()
{
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return queue_.empty() && !busy_; });
    return std::exchange(failure_, {});
}

bool Stream::IsIdle()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    return queue_.empty() && !busy_;
}

void Stream::Work()
{
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) {
            return;
        }
        const std::function<void()> work = std::move(queue_.front());
        queue_.pop_front();
        busy_ = true;
        lock.unlock();
        std::string failure;
        try {
            work();
        } catch (const std::exception& error) {
            failure = error.what();
            // At once, because whoever reads the result without waiting never hears of it.
            std::fprintf(stderr, "ascend-simulator: stream %d of device %d: %s\n", id_, device_,
                         error.what());
        }
        lock.lock();
        busy_ = false;
        if (failure_.empty()) {
            failure_ = std::move(failure);
        }
        changed_.notify_all();
    }
}

std::string SynchronizeStreams(int32_t device)
{
    StreamList& list = GetStreamList();
    // The list stays locked, so that no stream ends meanwhile. Work never takes this lock.
    const std::lock_guard<std::mutex> lock(list.mutex);
    std::string failure;
    for (Stream* stream : list.streams) {
        if (device < 0 || stream->device() == device) {
            const std::string found = stream->Synchronize();
            failure = failure.empty() ? found : failure;
        }
    }
    return failure;
}

aclError Synchronize(aclrtStream stream)
{
    const std::string failure = stream == nullptr ? "" : ToStream(stream)->Synchronize();
    return failure.empty() ? ACL_SUCCESS : Fail(ACL_ERROR_RT_AICORE_EXCEPTION, failure);
}

void Mark::Reach()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    time_ = std::chrono::steady_clock::now();
    reached_ = true;
    changed_.notify_all();
}

void Mark::Wait()
{
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
}

bool Mark::IsReached()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    return reached_;
}

void Event::Record(aclrtStream stream)
{
    auto mark = std::make_shared<Mark>();
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        mark_ = mark;
    }
    RunOn(stream, [mark] { mark->Reach(); });
}

void Event::Reset()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    mark_ = nullptr;
}

void Event::Hold(aclrtStream stream)
{
    const std::shared_ptr<Mark> recorded = mark();
    if (recorded == nullptr) {
        return;
    }
    ++*waiting_;
    RunOn(stream, [recorded, waiting = waiting_] {
        recorded->Wait();
        --*waiting;
    });
}

std::shared_ptr<Mark> Event::mark()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    return mark_;
}

}  // namespace ascend_sim
