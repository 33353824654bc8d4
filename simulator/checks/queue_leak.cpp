// SPDX-License-Identifier: Apache-2.0
// queue-leak: a tensor that a queue handed out is not returned to it by the end of the block.
#include <map>
#include <string>

#include "../core/launch_state.h"
#include "checks.h"
#include "describe.h"

namespace ascend_sim {

namespace {

// A tensor that is on its way through a queue.
struct Held {
    Where allocated;
    bool enqueued = false;
    Where last;  // its last step through the queue
};

class QueueLeakCheck : public Observer {
    void OnLaunch(const LaunchState& launch) override { blocks_.resize(launch.options().block_dim); }
    void OnBlockEnd(const Core& core) override { ExpectNone(core); }
    // The buffers are handed out anew; what is held now can never be freed.
    void OnPipeReset(const Core& core) override
    {
        ExpectNone(core);
        blocks_[core.block().index].clear();
    }

    void OnQueue(const Core& core, const QueueEvent& event) override
    {
        std::map<uint32_t, Held>& held = blocks_[core.block().index];
        switch (event.action) {
            case QueueAction::kAlloc:
                held[event.buffer] = {event.where, false, event.where};
                return;
            case QueueAction::kEnQue:
            case QueueAction::kDeQue:
                held[event.buffer].enqueued = event.action == QueueAction::kEnQue;
                held[event.buffer].last = event.where;
                return;
            case QueueAction::kFree:
                held.erase(event.buffer);
                return;
        }
    }

    void ExpectNone(const Core& core) const
    {
        for (const auto& [buffer, held] : blocks_[core.block().index]) {
            if (held.enqueued) {
                core.Report("queue-leak",
                            "the tensor enqueued here (buffer " + std::to_string(buffer) +
                                ") is still in its queue when the block ends; its event stays set and "
                                "releases the next wait for it too early",
                            held.last, nullptr, "DeQue and free every tensor");
            } else {
                core.Report(
                    "queue-leak",
                    "the tensor allocated here (buffer " + std::to_string(buffer) +
                        ") is never freed; its queue has one buffer less from now on, and waits for "
                        "ever once there is none",
                    held.allocated, nullptr,
                    "call FreeTensor after its last use (last seen at " + DescribeWhere(held.last) + ")");
            }
        }
    }

    // By block and buffer; ordered, so that the same tensor is reported every time.
    std::vector<std::map<uint32_t, Held>> blocks_;
};

}  // namespace

std::unique_ptr<Observer> MakeQueueLeakCheck()
{
    return std::make_unique<QueueLeakCheck>();
}

}  // namespace ascend_sim
