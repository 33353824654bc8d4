// SPDX-License-Identifier: Apache-2.0
// Streams and events. A stream does what it is given in order, on a thread of its own; two streams know
// nothing of each other but through events, so a missing one shows as it does on the device.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "acl/acl_base.h"

namespace ascend_sim {

class Stream {
public:
    explicit Stream(int32_t device);
    // Finishes first what was submitted.
    ~Stream();
    Stream(const Stream&) = delete;

    int32_t device() const { return device_; }
    int32_t id() const { return id_; }

    // Work that throws fails the stream: what comes later runs, and Synchronize() tells.
    void Submit(std::function<void()> work);
    // Waits until all is done that was submitted. Gives the text of the first failure since the last call, or
    // nothing.
    std::string Synchronize();
    bool IsIdle();

private:
    void Work();

    const int32_t device_;
    const int32_t id_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> queue_;
    bool busy_ = false;
    bool ending_ = false;
    std::string failure_;
    std::thread thread_;  // started by the first work
};

// The stream behind a handle; null for the default stream, whose work is done on the calling thread at once.
inline Stream* ToStream(aclrtStream stream)
{
    return static_cast<Stream*>(stream);
}

// Of one device, or of all (-1). As Stream::Synchronize.
std::string SynchronizeStreams(int32_t device);

// Waits for the stream and turns its failure into a code and the thread's recent error text.
aclError Synchronize(aclrtStream stream);

// Runs work on a stream: at once on the default one.
template <class Function>
void RunOn(aclrtStream stream, Function&& work)
{
    if (stream == nullptr) {
        work();
    } else {
        ToStream(stream)->Submit(std::forward<Function>(work));
    }
}

// A place in a stream's work.
class Mark {
public:
    using Time = std::chrono::steady_clock::time_point;

    void Reach();
    void Wait();
    bool IsReached();
    Time time() const { return time_; }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool reached_ = false;
    Time time_;
};

// Stands for the mark that was recorded last; whoever waits keeps the mark it waits for.
class Event {
public:
    void Record(aclrtStream stream);
    void Reset();
    // Makes later work of the stream wait for the mark, if there is one.
    void Hold(aclrtStream stream);
    // Null before the first recording.
    std::shared_ptr<Mark> mark();
    // Whether a stream still has to wait for the event.
    bool IsWaitedFor() const { return *waiting_ != 0; }

private:
    std::mutex mutex_;
    std::shared_ptr<Mark> mark_;
    std::shared_ptr<std::atomic<int>> waiting_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace ascend_sim
