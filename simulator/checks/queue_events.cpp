// SPDX-License-Identifier: Apache-2.0
// event-exhausted: a flag has a number that no event has, or queues between the same two pipes hold more
// events than the device has.
//
// A queue holds an event from EnQue to DeQue (the producer signals the consumer), and another from FreeTensor
// to the next AllocTensor of the same buffer (the consumer signals the producer). Each direction has eight.
#include <map>
#include <set>
#include <string>
#include <utility>

#include "../core/launch_state.h"
#include "../core/pipe_names.h"
#include "checks.h"

namespace ascend_sim {

namespace {

constexpr size_t kEvents = 8;

class QueueEventsCheck : public Observer {
    void OnLaunch(const LaunchState& launch) override { blocks_.resize(launch.options().block_dim); }
    void OnPipeReset(const Core& core) override { blocks_[core.block().index].clear(); }

    void OnFlag(const Core& core, const FlagEvent& event) override
    {
        if (event.id < 0 || event.id >= static_cast<int32_t>(kEvents)) {
            core.Report("event-exhausted",
                        std::string(event.wait ? "WaitFlag" : "SetFlag") + " of " + PipeName(event.from) +
                            "_" + PipeName(event.to) + " with id " + std::to_string(event.id) +
                            "; a pair of pipes has events 0 to " + std::to_string(kEvents - 1),
                        event.where, nullptr, "use an id that AllocEventID or FetchEventID returned");
        }
    }

    void OnQueue(const Core& core, const QueueEvent& event) override
    {
        const std::pair<Pipe, Pipe> forward{event.producer, event.consumer};
        const std::pair<Pipe, Pipe> backward{event.consumer, event.producer};
        switch (event.action) {
            case QueueAction::kEnQue:
                return Hold(core, event, forward, "EnQue");
            case QueueAction::kDeQue:
                return Release(core, event, forward);
            case QueueAction::kFree:
                return Hold(core, event, backward, "FreeTensor");
            case QueueAction::kAlloc:
                return Release(core, event, backward);
        }
    }

    void Hold(const Core& core, const QueueEvent& event, std::pair<Pipe, Pipe> pipes, const std::string& call)
    {
        std::set<uint32_t>& held = blocks_[core.block().index][pipes];
        held.insert(event.buffer);
        if (held.size() > kEvents) {
            core.Report("event-exhausted",
                        call + " needs an event, but the queues between these two pipes hold all " +
                            std::to_string(kEvents) + " for their other buffers",
                        event.where, nullptr,
                        "give the queues that are used together no more than " + std::to_string(kEvents) +
                            " buffers");
        }
    }

    void Release(const Core& core, const QueueEvent& event, std::pair<Pipe, Pipe> pipes)
    {
        blocks_[core.block().index][pipes].erase(event.buffer);
    }

    // By block and pair of pipes, the buffers that hold an event.
    std::vector<std::map<std::pair<Pipe, Pipe>, std::set<uint32_t>>> blocks_;
};

}  // namespace

std::unique_ptr<Observer> MakeQueueEventsCheck()
{
    return std::make_unique<QueueEventsCheck>();
}

}  // namespace ascend_sim
