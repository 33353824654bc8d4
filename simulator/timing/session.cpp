// SPDX-License-Identifier: Apache-2.0
#include "session.h"

#include <stdexcept>
#include <utility>

#include "timing_profile.h"

namespace ascend_sim {

TimingSession::TimingSession(const Platform& platform)
    : platform_(platform), cache_(TimingProfile(platform).l2_bytes)
{
}

std::vector<Finding> TimingSession::Launch(void* entry, const std::vector<KernelArgument>& arguments,
                                           LaunchOptions options)
{
    options.l2_cache = &cache_;
    const std::lock_guard<std::mutex> lock(launch_mutex_);
    return ascend_sim::Launch(entry, arguments, options);
}

void TimingSession::Keep(std::unique_ptr<TimingReport> report)
{
    const std::lock_guard<std::mutex> lock(mutex_);
    reports_.push_back(std::move(report));
}

void TimingSession::SkipStep()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    ++skipped_steps_;
}

std::unique_ptr<TimingReport> TimingSession::TakeReport()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    if (reports_.empty()) {
        return nullptr;
    }
    std::unique_ptr<TimingReport> report = std::move(reports_.front());
    reports_.pop_front();
    return report;
}

uint32_t TimingSession::SkippedSteps()
{
    const std::lock_guard<std::mutex> lock(mutex_);
    return skipped_steps_;
}

namespace {

std::mutex session_mutex;
std::shared_ptr<TimingSession> session;  // guarded by session_mutex

}  // namespace

std::shared_ptr<TimingSession> CurrentTimingSession()
{
    const std::lock_guard<std::mutex> lock(session_mutex);
    return session;
}

void BeginTimingSession()
{
    const std::lock_guard<std::mutex> lock(session_mutex);
    if (session != nullptr) {
        throw std::logic_error("launches are being timed already; end that before beginning anew");
    }
    session = std::make_shared<TimingSession>(CurrentPlatform());
}

void EndTimingSession()
{
    const std::lock_guard<std::mutex> lock(session_mutex);
    session.reset();
}

}  // namespace ascend_sim
