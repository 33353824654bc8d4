// SPDX-License-Identifier: Apache-2.0
// TPipe lays out the unified buffer; TQue and TBuf are what it hands out.
#pragma once

#include "tensor.h"

namespace AscendC {

class TPipe;
template <TPosition position, uint32_t max_buffers>
class TBufPool;

// What may be said of a queue besides its depth: `TQue<position, depth, &config>`.
struct TQueConfig {
    bool nd2nz = false;
    bool nz2nd = false;
    bool scmBlockGroup = false;
    uint32_t bufferLen = 0;
    uint32_t bufferNumber = 0;
    uint32_t consumerSize = 0;
    TPosition consumer[8] = {};
    bool enableStaticEvtId = false;
    bool enableLoopQueue = false;
};

namespace detail {

// The pipe that fills the tensors of a queue, and the one that empties them. A queue that leads from the
// unified buffer to the unified buffer (TQueBind<VECIN, VECOUT>) is for kernels that only copy.
constexpr ascend_sim::Pipe ProducerOf(TPosition source, TPosition destination)
{
    const bool copies_in = source == TPosition::GM || destination != TPosition::GM;
    return copies_in ? ascend_sim::Pipe::kMte2 : ascend_sim::Pipe::kVector;
}
constexpr ascend_sim::Pipe ConsumerOf(TPosition source, TPosition destination)
{
    const bool computes = source == TPosition::GM && destination != TPosition::GM;
    return computes ? ascend_sim::Pipe::kVector : ascend_sim::Pipe::kMte3;
}
constexpr TPosition QueueSource(TPosition position)
{
    return position == TPosition::VECIN ? TPosition::GM : position;
}
constexpr TPosition QueueDestination(TPosition position)
{
    return position == TPosition::VECOUT ? TPosition::GM : position;
}

}  // namespace detail

// Buffers that a producer fills and a consumer empties, in order. `depth` is how many tensors may be enqueued
// at once; how many buffers there are is InitBuffer's business (2 for double buffering).
template <TPosition source, TPosition destination, int32_t depth, auto mask = 0>
class TQueBind {
public:
    template <class T>
    LocalTensor<T> AllocTensor(Where where = Where::Here())
    {
        uint32_t index = cursor_;
        uint32_t tried = 0;
        while (tried < count_ && Busy(index)) {
            index = Next(index);
            ++tried;
        }
        Report(ascend_sim::QueueAction::kAlloc,
               tried < count_ ? first_buffer_ + index : ascend_sim::kNoBuffer, where);
        busy_ |= uint64_t{1} << index;
        cursor_ = static_cast<uint8_t>(Next(index));
        return MakeTensor<T>(index);
    }

    template <class T>
    bool EnQue(const LocalTensor<T>& tensor, Where where = Where::Here())
    {
        return EnQue<source, destination>(tensor, where);
    }
    // A step of a tensor that goes through the queue more than once: the event is that of these positions.
    template <TPosition from, TPosition to, class T>
    bool EnQue(const LocalTensor<T>& tensor, Where where = Where::Here())
    {
        Report<from, to>(ascend_sim::QueueAction::kEnQue, tensor.BufferNumber(), where);
        queue_[(head_ + queued_) % kSlots] = static_cast<uint8_t>(tensor.BufferNumber() - first_buffer_);
        ++queued_;
        return true;
    }

    template <class T>
    LocalTensor<T> DeQue(Where where = Where::Here())
    {
        return DeQue<source, destination, T>(where);
    }
    template <TPosition from, TPosition to, class T>
    LocalTensor<T> DeQue(Where where = Where::Here())
    {
        const uint32_t index = queue_[head_];
        Report<from, to>(ascend_sim::QueueAction::kDeQue,
                         queued_ > 0 ? first_buffer_ + index : ascend_sim::kNoBuffer, where);
        head_ = static_cast<uint8_t>((head_ + 1) % kSlots);
        --queued_;
        return MakeTensor<T>(index);
    }

    template <class T>
    void FreeTensor(const LocalTensor<T>& tensor, Where where = Where::Here())
    {
        Report(ascend_sim::QueueAction::kFree, tensor.BufferNumber(), where);
        busy_ &= ~(uint64_t{1} << ((tensor.BufferNumber() - first_buffer_) & 63));
    }

    bool VacantInQue() const { return queued_ < static_cast<int32_t>(kSlots); }
    bool HasTensorInQue() const { return queued_ > 0; }
    int32_t GetTensorCountInQue() const { return queued_; }
    bool HasIdleBuffer() const
    {
        return busy_ != (count_ == 64 ? ~uint64_t{0} : (uint64_t{1} << count_) - 1);
    }
    // On the device: waits for the flags of freed buffers. Freed here means free.
    void FreeAllEvent() {}

private:
    friend class TPipe;
    template <TPosition, uint32_t>
    friend class TBufPool;
    static constexpr uint32_t kSlots = depth > 0 ? depth : 1;

    // Called by TPipe::InitBuffer.
    void Attach(uint8_t* address, uint32_t buffer_bytes, uint32_t count, uint16_t first_buffer, Where where)
    {
        base_ = address;
        buffer_bytes_ = buffer_bytes;
        count_ = static_cast<uint8_t>(count);
        first_buffer_ = first_buffer;
        cursor_ = head_ = 0;
        queued_ = 0;
        busy_ = 0;
        made_ = where;
    }

    bool Busy(uint32_t index) const { return (busy_ >> index & 1) != 0; }
    uint32_t Next(uint32_t index) const { return index + 1 < count_ ? index + 1 : 0; }

    template <class T>
    LocalTensor<T> MakeTensor(uint32_t index) const
    {
        uint8_t* address = base_ + size_t{index} * buffer_bytes_;
        ascend_sim::Extent extent;
        extent.begin = reinterpret_cast<uintptr_t>(address);
        extent.bytes = buffer_bytes_;
        extent.allocated = made_;
        extent.buffer = first_buffer_ + index;
        return LocalTensor<T>(reinterpret_cast<T*>(address), buffer_bytes_ / sizeof(T),
                              static_cast<uint16_t>(first_buffer_ + index),
                              source == TPosition::GM ? TPosition::VECIN : source, extent);
    }

    template <TPosition from = source, TPosition to = destination>
    void Report([[maybe_unused]] ascend_sim::QueueAction action, [[maybe_unused]] uint32_t buffer,
                [[maybe_unused]] Where where) const
    {
        if constexpr (ascend_sim::kChecked) {
            ascend_sim::CurrentCore().OnQueue(
                {action, first_buffer_, count_, static_cast<uint32_t>(depth), static_cast<uint32_t>(queued_),
                 buffer, detail::ProducerOf(from, to), detail::ConsumerOf(from, to), where});
        }
    }

    uint8_t* base_ = nullptr;
    uint64_t busy_ = 0;  // bit i: buffer i is allocated and not yet freed
    uint32_t buffer_bytes_ = 0;
    int32_t queued_ = 0;
    uint16_t first_buffer_ = 0;
    uint8_t count_ = 0;
    uint8_t cursor_ = 0;
    uint8_t head_ = 0;
    uint8_t queue_[kSlots] = {};
    Where made_;
};

template <TPosition position, int32_t depth, auto mask = 0>
class TQue : public TQueBind<detail::QueueSource(position), detail::QueueDestination(position), depth, mask> {
};

// A buffer that stays allocated.
template <TPosition position = TPosition::LCM>
class TBuf {
public:
    template <class T>
    LocalTensor<T> Get() const
    {
        return Make<T>(0, bytes_);
    }
    template <class T>
    LocalTensor<T> Get(uint32_t size) const
    {
        return Make<T>(0, size * sizeof(T));
    }
    // The calls of a queue, for code that takes either. There is nothing to wait for.
    template <class T>
    LocalTensor<T> AllocTensor() const
    {
        return Get<T>();
    }
    template <class T>
    void EnQue(const LocalTensor<T>&) const
    {
    }
    template <class T>
    LocalTensor<T> DeQue() const
    {
        return Get<T>();
    }
    template <class T>
    void FreeTensor(const LocalTensor<T>&) const
    {
    }
    // `size` in elements, `offset` in bytes.
    template <class T>
    LocalTensor<T> GetWithOffset(uint32_t size, uint32_t offset) const
    {
        return Make<T>(offset, size * sizeof(T));
    }

    uint32_t GetBufLen() const { return bytes_; }

private:
    friend class TPipe;
    template <TPosition, uint32_t>
    friend class TBufPool;

    void Attach(uint8_t* address, uint32_t bytes, uint16_t buffer, Where where)
    {
        base_ = address;
        bytes_ = bytes;
        buffer_ = buffer;
        made_ = where;
    }

    template <class T>
    LocalTensor<T> Make(uint32_t offset, size_t bytes) const
    {
        ascend_sim::Extent extent;
        extent.begin = reinterpret_cast<uintptr_t>(base_);
        extent.bytes = bytes_;
        extent.allocated = made_;
        extent.buffer = buffer_;
        return LocalTensor<T>(reinterpret_cast<T*>(base_ + offset), static_cast<uint32_t>(bytes / sizeof(T)),
                              buffer_, position, extent);
    }

    uint8_t* base_ = nullptr;
    uint32_t bytes_ = 0;
    uint16_t buffer_ = ascend_sim::kNoBuffer;
    Where made_;
};

// The layout of one core's unified buffer. Buffers are laid side by side, each a multiple of 32 bytes.
class TPipe {
public:
    static constexpr uint32_t kMaxBuffers = 64;

    TPipe() { Init(); }
    ~TPipe() { Leave(); }
    TPipe(const TPipe&) = delete;
    TPipe& operator=(const TPipe&) = delete;

    void Init(Where where = Where::Here())
    {
        Complete(where);  // as the destructor of a TPipe before this one does on the device
        ascend_sim::CurrentBlock().pipe = this;
        Reset();
    }
    void Destroy(Where where = Where::Here())
    {
        Complete(where);
        Leave();
    }
    void DestroyWithoutPipeAll() { Leave(); }
    // Takes every buffer back; queues and buffers must be initialised anew.
    void Reset()
    {
        used_ = 0;
        buffers_ = 0;
        for (uint8_t& events : events_) {
            events = 0;
        }
        if constexpr (ascend_sim::kChecked) {
            ascend_sim::CurrentCore().OnPipeReset();
        }
    }

    template <TPosition source, TPosition destination, int32_t depth, auto mask>
    bool InitBuffer(TQueBind<source, destination, depth, mask>& queue, uint8_t count, uint32_t bytes,
                    Where where = Where::Here())
    {
        const uint32_t rounded = detail::RoundUpToBlock(bytes);
        uint8_t* address = Take(count, rounded, where);
        queue.Attach(address, rounded, count, static_cast<uint16_t>(buffers_ - count), where);
        return true;
    }

    template <TPosition position>
    bool InitBuffer(TBuf<position>& buffer, uint32_t bytes, Where where = Where::Here())
    {
        const uint32_t rounded = detail::RoundUpToBlock(bytes);
        uint8_t* address = Take(1, rounded, where);
        buffer.Attach(address, rounded, static_cast<uint16_t>(buffers_ - 1), where);
        return true;
    }

    // A buffer written as a queue's: `count` times `bytes` in one piece.
    template <TPosition position>
    bool InitBuffer(TBuf<position>& buffer, uint8_t count, uint32_t bytes, Where where = Where::Here())
    {
        return InitBuffer(buffer, count * detail::RoundUpToBlock(bytes), where);
    }

    // Sets `bytes` aside for a pool, which hands them out in its turn.
    template <TPosition position, uint32_t max_buffers>
    bool InitBufPool(TBufPool<position, max_buffers>& pool, uint32_t bytes, Where where = Where::Here())
    {
        const uint32_t rounded = detail::RoundUpToBlock(bytes);
        pool.Attach(Reserve(1, rounded, where), rounded);
        return true;
    }
    // A pool over the same bytes as `shared`.
    template <TPosition position, uint32_t max_buffers, TPosition shared_position, uint32_t shared_buffers>
    bool InitBufPool(TBufPool<position, max_buffers>& pool, uint32_t bytes,
                     const TBufPool<shared_position, shared_buffers>& shared, Where where = Where::Here())
    {
        pool.Share(bytes, shared, where);
        return true;
    }

    uint8_t* GetBaseAddr(int8_t) const { return ascend_sim::CurrentBlock().unified_buffer; }

    // An event id of that pipe pair that nobody holds; held until ReleaseEventID.
    template <HardEvent event>
    TEventID AllocEventID(Where where = Where::Here())
    {
        const TEventID id = FetchEventID(event, where);
        events_[static_cast<size_t>(event)] |= static_cast<uint8_t>(1u << id);
        return id;
    }
    template <HardEvent event>
    void ReleaseEventID(TEventID id)
    {
        events_[static_cast<size_t>(event)] &= static_cast<uint8_t>(~(1u << id));
    }
    // An event id that nobody holds, for a SetFlag and WaitFlag that follow at once.
    template <HardEvent event>
    TEventID FetchEventID(Where where = Where::Here())
    {
        return FetchEventID(event, where);
    }
    TEventID FetchEventID(HardEvent event, Where where = Where::Here())
    {
        for (TEventID id = 0; id < QUE_MAX_EVENT; ++id) {
            if ((events_[static_cast<size_t>(event)] >> id & 1) == 0) {
                return id;
            }
        }
        ascend_sim::RaiseFindingAt(
            "event-exhausted", "all 8 event ids of this pipe pair are held; release one with ReleaseEventID",
            where);
    }

private:
    template <TPosition, uint32_t>
    friend class TBufPool;

    // Waits for every pipe.
    static void Complete([[maybe_unused]] Where where)
    {
        if constexpr (ascend_sim::kChecked) {
            ascend_sim::CurrentCore().OnBarrier({ascend_sim::Pipe::kAll, where});
        }
    }
    void Leave()
    {
        if (ascend_sim::CurrentBlock().pipe == this) {
            ascend_sim::CurrentBlock().pipe = nullptr;
        }
    }

    uint8_t* Take(uint32_t count, uint32_t bytes, Where where)
    {
        uint8_t* address = Reserve(count, bytes, where);
        Number(count, bytes, address, where);
        return address;
    }

    // Checked in both builds: the memory behind the unified buffer is not ours to write.
    uint8_t* Reserve(uint32_t count, uint32_t bytes, Where where)
    {
        const ascend_sim::Block& block = ascend_sim::CurrentBlock();
        const uint64_t wanted = uint64_t{count} * bytes;
        if (used_ + wanted > block.unified_buffer_bytes) {
            ascend_sim::RaiseFindingAt("ub-overflow",
                                       "InitBuffer asks for " + std::to_string(count) + " x " +
                                           std::to_string(bytes) + " bytes of unified buffer, but of " +
                                           std::to_string(block.unified_buffer_bytes) + " bytes only " +
                                           std::to_string(block.unified_buffer_bytes - used_) +
                                           " are left; make the tile smaller (derive it from the platform's "
                                           "UB size) or use fewer buffers",
                                       where);
        }
        uint8_t* address = block.unified_buffer + used_;
        used_ += static_cast<uint32_t>(wanted);
        return address;
    }

    // Gives the buffers at `address` their numbers, which end with buffers_ - 1.
    void Number(uint32_t count, uint32_t bytes, uint8_t* address, Where where)
    {
        if (buffers_ + count > kMaxBuffers) {
            ascend_sim::RaiseFindingAt(
                "ub-overflow",
                "InitBuffer makes buffer number " + std::to_string(buffers_ + count) +
                    " of this TPipe, and a TPipe has at most 64; let tensors share buffers",
                where);
        }
        if constexpr (ascend_sim::kChecked) {
            ascend_sim::CurrentCore().OnAllocation(
                {buffers_, count, bytes, reinterpret_cast<uintptr_t>(address), where});
        }
        buffers_ += count;
    }

    uint32_t used_ = 0;
    uint32_t buffers_ = 0;
    uint8_t events_[static_cast<size_t>(HardEvent::MAX)] = {};  // bit i: id i is held
};

// Lays out the unified buffer without a TPipe: tensors side by side, each a multiple of 32 bytes.
template <Hardware hardware = Hardware::UB>
class LocalMemAllocator {
    static_assert(hardware == Hardware::UB, "an AI vector core has a unified buffer only");

public:
    uint32_t GetCurAddr() const { return used_; }

    template <TPosition position, class T>
    LocalTensor<T> Alloc(uint32_t size, Where where = Where::Here())
    {
        const LocalTensor<T> tensor(position, used_, size, where);
        used_ += detail::RoundUpToBlock(size * uint32_t{sizeof(T)});
        return tensor;
    }
    template <TPosition position, class T, uint32_t size>
    LocalTensor<T> Alloc(Where where = Where::Here())
    {
        return Alloc<position, T>(size, where);
    }
    template <class T, uint32_t size>
    LocalTensor<T> Alloc(Where where = Where::Here())
    {
        return Alloc<TPosition::VECCALC, T>(size, where);
    }
    template <class T>
    LocalTensor<T> Alloc(uint32_t size, Where where = Where::Here())
    {
        return Alloc<TPosition::VECCALC, T>(size, where);
    }

private:
    uint32_t used_ = 0;
};

inline TPipe* GetTPipePtr()
{
    return ascend_sim::CurrentBlock().pipe;
}

}  // namespace AscendC

using AscendC::GetTPipePtr;
