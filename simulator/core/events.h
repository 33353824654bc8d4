// SPDX-License-Identifier: Apache-2.0
// What a core does besides executing instructions: it lays out its unified buffer, moves tensors through
// queues, and synchronises its pipes. Only the checked build tells the core about these.
#pragma once

#include <cstdint>

#include "instruction.h"

namespace ascend_sim {

// TPipe::InitBuffer: `count` buffers of `bytes` each, side by side from `address`, numbered from
// `first_buffer`.
struct AllocationEvent {
    uint32_t first_buffer = 0;
    uint32_t count = 0;
    size_t bytes = 0;
    uintptr_t address = 0;
    Where where;
};

enum class QueueAction : uint8_t { kAlloc, kEnQue, kDeQue, kFree };

// One step of a tensor on its way through a queue. A queue is known by the numbers of its buffers.
struct QueueEvent {
    QueueAction action = QueueAction::kAlloc;
    uint32_t first_buffer = 0;
    uint32_t buffer_count = 0;
    uint32_t depth = 0;   // tensors that may be enqueued at once
    uint32_t queued = 0;  // tensors enqueued before this step
    uint32_t buffer = 0;  // the tensor's buffer; kNoBuffer when every buffer is in use or the queue is empty
    Pipe producer = Pipe::kMte2;
    Pipe consumer = Pipe::kVector;
    Where where;
};

inline constexpr uint32_t kNoBuffer = 0xFFFF;

// SetFlag (in the order of pipe `from`) or WaitFlag (in the order of pipe `to`).
struct FlagEvent {
    bool wait = false;
    Pipe from = Pipe::kMte2;
    Pipe to = Pipe::kVector;
    int32_t id = 0;
    Where where;
};

// PipeBarrier: later instructions of `pipe` start after its earlier ones have ended.
struct BarrierEvent {
    Pipe pipe = Pipe::kAll;
    Where where;
};

// GlobalTensor::SetL2CacheHint: whether later reads (or writes) of a launch argument are kept in the L2
// cache.
struct CacheHintEvent {
    uintptr_t argument = 0;  // where it begins
    bool reads = false;      // whether the hint is about reads
    bool writes = false;
    bool keeps = true;
    Where where;
};

// A flag that blocks set for one another: CrossCoreSetFlag, IBSet, NotifyNextBlock, or the wait for it.
struct BlockFlagEvent {
    bool wait = false;
    Where where;
};

// SyncAll: `participants` blocks (0: all) wait for one another.
struct SyncAllEvent {
    uint32_t participants = 0;
    Where where;
};

}  // namespace ascend_sim
