// SPDX-License-Identifier: Apache-2.0
// The interface of everything that watches a checked launch.
#pragma once

#include "core.h"

namespace ascend_sim {

// One observer object serves one launch. OnLaunch and OnLaunchEnd run on the launching thread; the others run
// on the thread of the block they concern, several blocks at once, so state belongs per block
// (core.block().index). Events arrive before they take effect. An observer that finds a fault calls
// core.Report(), after which the block goes on, or core.ReportAndSkip() or core.Stop(), if it cannot. What is
// found at one line on one tensor is counted, and shown once.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void OnLaunch(const LaunchState&) {}
    virtual void OnLaunchEnd(LaunchState&) {}
    virtual void OnBlockStart(const Core&) {}
    virtual void OnBlockEnd(const Core&) {}
    virtual void OnInstruction(const Core&, const Instruction&) {}
    virtual void OnCopiedOut(const Core&, const Instruction&) {}  // MTE3; after it has taken effect
    virtual void OnAllocation(const Core&, const AllocationEvent&) {}
    virtual void OnPipeReset(const Core&) {}
    virtual void OnQueue(const Core&, const QueueEvent&) {}
    virtual void OnFlag(const Core&, const FlagEvent&) {}
    virtual void OnBarrier(const Core&, const BarrierEvent&) {}
    virtual void OnCacheHint(const Core&, const CacheHintEvent&) {}
    virtual void OnSyncAll(const Core&, const SyncAllEvent&) {}
    virtual void OnBlockFlag(const Core&, const BlockFlagEvent&) {}
};

}  // namespace ascend_sim
