// SPDX-License-Identifier: Apache-2.0
// Timing of what the ACL runtime launches: every kernel between the begin and the end of a session, in turn,
// on one L2 cache that is cold at the begin.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "../core/launch.h"
#include "l2_cache.h"
#include "report.h"

namespace ascend_sim {

class TimingSession {
public:
    // Throws std::invalid_argument if nothing is timed on the platform.
    explicit TimingSession(const Platform& platform);

    const Platform& platform() const { return platform_; }

    // A timed launch, on the session's cache. Those of several threads run in turn, as on one stream.
    std::vector<Finding> Launch(void* entry, const std::vector<KernelArgument>& arguments,
                                LaunchOptions options);
    void Keep(std::unique_ptr<TimingReport> report);
    // Notes a step for which the runtime has no kernel, so that it takes no time.
    void SkipStep();

    // The oldest report that was kept and has not been taken yet; null if there is none.
    std::unique_ptr<TimingReport> TakeReport();
    uint32_t SkippedSteps();

private:
    const Platform& platform_;
    std::mutex launch_mutex_;  // guards cache_
    L2Cache cache_;
    std::mutex mutex_;  // guards what follows
    std::deque<std::unique_ptr<TimingReport>> reports_;
    uint32_t skipped_steps_ = 0;
};

// The session that is open; null if none is.
std::shared_ptr<TimingSession> CurrentTimingSession();
// Opens one on CurrentPlatform(). Throws std::logic_error if one is open.
void BeginTimingSession();
void EndTimingSession();

}  // namespace ascend_sim
