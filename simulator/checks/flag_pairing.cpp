// SPDX-License-Identifier: Apache-2.0
// flag-pairing: a WaitFlag without its SetFlag, or a SetFlag without its WaitFlag.
//
// Pipes run at their own pace, so a WaitFlag may stand before its SetFlag in the kernel, unless the scalar
// unit waits: it issues the instructions of all pipes, the SetFlag among them.
#include <deque>
#include <map>
#include <string>
#include <tuple>

#include "../core/launch_state.h"
#include "checks.h"
#include "describe.h"

namespace ascend_sim {

namespace {

using Flag = std::tuple<Pipe, Pipe, int32_t>;  // from, to, id

// "MTE2_V with id 3", as kernels name it.
std::string Describe(const Flag& flag)
{
    const auto& [from, to, id] = flag;
    return std::string(PipeName(from)) + "_" + PipeName(to) + " with id " + std::to_string(id);
}

class FlagPairingCheck : public Observer {
    // The calls that have not met their counterparts yet; all of one kind.
    struct Unpaired {
        bool waits = false;
        std::deque<Where> calls;
    };

    void OnLaunch(const LaunchState& launch) override { blocks_.resize(launch.options().block_dim); }

    void OnFlag(const Core& core, const FlagEvent& event) override
    {
        Unpaired& unpaired = blocks_[core.block().index][{event.from, event.to, event.id}];
        if (!unpaired.calls.empty() && unpaired.waits != event.wait) {
            unpaired.calls.pop_front();
            return;
        }
        if (event.wait && event.to == Pipe::kScalar) {
            core.Stop(kCode, DescribeWait({event.from, event.to, event.id}), event.where, nullptr, kMendWait);
        }
        unpaired.waits = event.wait;
        unpaired.calls.push_back(event.where);
    }

    void OnBlockEnd(const Core& core) override
    {
        // The core that waits for ever never comes to what it leaves set.
        if (!ReportUnpaired(core, true)) {
            ReportUnpaired(core, false);
        }
    }

    // Reports the waits, or else the flags, that have no counterpart. Whether there were any.
    bool ReportUnpaired(const Core& core, bool waits)
    {
        bool any = false;
        for (const auto& [flag, unpaired] : blocks_[core.block().index]) {
            if (unpaired.waits != waits || unpaired.calls.empty()) {
                continue;
            }
            any = true;
            if (waits) {
                core.Report(kCode, DescribeWait(flag), unpaired.calls.front(), nullptr, kMendWait);
            } else {
                core.Report(kCode,
                            "SetFlag of " + Describe(flag) +
                                " is never waited for; it stays set, and releases the next wait for this "
                                "flag, perhaps of another kernel, too early",
                            unpaired.calls.front(), nullptr, "add the WaitFlag, or remove the SetFlag");
            }
        }
        return any;
    }

    static std::string DescribeWait(const Flag& flag)
    {
        return "WaitFlag of " + Describe(flag) + " has no SetFlag; the core would wait for ever";
    }

    static constexpr char kCode[] = "flag-pairing";
    static constexpr char kMendWait[] =
        "call SetFlag with the same event and id after the instruction to wait for";

    std::vector<std::map<Flag, Unpaired>> blocks_;
};

}  // namespace

std::unique_ptr<Observer> MakeFlagPairingCheck()
{
    return std::make_unique<FlagPairingCheck>();
}

}  // namespace ascend_sim
