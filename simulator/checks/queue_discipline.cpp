// SPDX-License-Identifier: Apache-2.0
// wrong-queue, double-free, queue-overflow, queue-empty: a tensor takes a way through a queue that a queue
// does not offer.
#include <string>
#include <unordered_map>

#include "../core/launch_state.h"
#include "checks.h"
#include "describe.h"

namespace ascend_sim {

namespace {

struct BufferState {
    bool allocated = false;
    bool enqueued = false;
    Where freed;
};

class QueueDisciplineCheck : public Observer {
    void OnLaunch(const LaunchState& launch) override { blocks_.resize(launch.options().block_dim); }
    void OnPipeReset(const Core& core) override { blocks_[core.block().index].clear(); }

    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        const auto& buffers = blocks_[core.block().index];
        for (const Operand& operand : instruction.operands) {
            if (operand.space != Space::kUnifiedBuffer || operand.extent.buffer == kNoBuffer) {
                continue;
            }
            const auto found = buffers.find(operand.extent.buffer);
            if (found != buffers.end() && !found->second.allocated) {
                return core.Report("double-free",
                                   std::string(instruction.name) + " " + DescribeAccess(operand.access) +
                                       " " + DescribeTensor(core, operand) + ", which was freed at " +
                                       DescribeWhere(found->second.freed),
                                   instruction.where, &operand, "call FreeTensor after the last use");
            }
        }
    }

    void OnQueue(const Core& core, const QueueEvent& event) override
    {
        switch (event.action) {
            case QueueAction::kAlloc:
                return Alloc(core, event);
            case QueueAction::kEnQue:
                return EnQue(core, event);
            case QueueAction::kDeQue:
                return DeQue(core, event);
            case QueueAction::kFree:
                return Free(core, event);
        }
    }

    BufferState& StateOf(const Core& core, const QueueEvent& event)
    {
        return blocks_[core.block().index][event.buffer];
    }

    void Alloc(const Core& core, const QueueEvent& event)
    {
        if (event.buffer_count == 0) {
            core.Stop("queue-overflow", "AllocTensor on a queue without buffers", event.where, nullptr,
                      "call InitBuffer first");
        }
        if (event.buffer == kNoBuffer) {
            core.Stop("queue-overflow",
                      "AllocTensor finds all " + std::to_string(event.buffer_count) +
                          " buffers of the queue in use; the core would wait for ever",
                      event.where, nullptr, "free a tensor first, or give InitBuffer more buffers");
        }
        StateOf(core, event) = {true, false, {}};
    }

    void EnQue(const Core& core, const QueueEvent& event)
    {
        ExpectOwnBuffer(core, event, "EnQue");
        BufferState& state = StateOf(core, event);
        if (!state.allocated) {
            core.Stop("double-free", "EnQue of a tensor that was freed at " + DescribeWhere(state.freed),
                      event.where);
        }
        if (state.enqueued) {
            core.Stop("queue-overflow", "EnQue of a tensor that is in the queue already", event.where,
                      nullptr, "DeQue it first");
        }
        if (event.queued >= event.depth) {
            core.Stop("queue-overflow",
                      "EnQue of tensor number " + std::to_string(event.queued + 1) +
                          " into a queue of depth " + std::to_string(event.depth),
                      event.where, nullptr, "DeQue first, or declare the queue deeper");
        }
        state.enqueued = true;
    }

    void DeQue(const Core& core, const QueueEvent& event)
    {
        if (event.buffer == kNoBuffer) {
            core.Stop("queue-empty", "DeQue from an empty queue; the core would wait for ever", event.where);
        }
        StateOf(core, event).enqueued = false;
    }

    void Free(const Core& core, const QueueEvent& event)
    {
        ExpectOwnBuffer(core, event, "FreeTensor");
        BufferState& state = StateOf(core, event);
        if (!state.allocated) {
            core.Stop("double-free",
                      "FreeTensor of a tensor that was freed already, at " + DescribeWhere(state.freed),
                      event.where);
        }
        state = {false, false, event.where};
    }

    void ExpectOwnBuffer(const Core& core, const QueueEvent& event, const std::string& call)
    {
        if (event.buffer < event.first_buffer || event.buffer >= event.first_buffer + event.buffer_count) {
            core.Stop("wrong-queue",
                      call + " of a tensor that this queue did not hand out (its buffers are " +
                          std::to_string(event.first_buffer) + " to " +
                          std::to_string(event.first_buffer + event.buffer_count - 1) + ", the tensor's is " +
                          (event.buffer == kNoBuffer ? "none" : std::to_string(event.buffer)) + ")",
                      event.where);
        }
    }

    std::vector<std::unordered_map<uint32_t, BufferState>> blocks_;
};

}  // namespace

std::unique_ptr<Observer> MakeQueueDisciplineCheck()
{
    return std::make_unique<QueueDisciplineCheck>();
}

}  // namespace ascend_sim
