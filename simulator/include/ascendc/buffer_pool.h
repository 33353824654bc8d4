// SPDX-License-Identifier: Apache-2.0
// TBufPool: a part of the unified buffer that is laid out by itself, so that stages of a kernel can use the
// same bytes one after another.
#pragma once

#include "pipe.h"

namespace AscendC {

template <TPosition position, uint32_t max_buffers = 4>
class TBufPool {
public:
    static constexpr TPosition poolPos = position;

    template <TPosition source, TPosition destination, int32_t depth, auto mask>
    bool InitBuffer(TQueBind<source, destination, depth, mask>& queue, uint8_t count, uint32_t bytes,
                    Where where = Where::Here())
    {
        const uint32_t rounded = detail::RoundUpToBlock(bytes);
        uint8_t* address = Take(count, rounded, where);
        queue.Attach(address, rounded, count, static_cast<uint16_t>(pipe_->buffers_ - count), where);
        return true;
    }
    template <TPosition buffer_position>
    bool InitBuffer(TBuf<buffer_position>& buffer, uint32_t bytes, Where where = Where::Here())
    {
        const uint32_t rounded = detail::RoundUpToBlock(bytes);
        uint8_t* address = Take(1, rounded, where);
        buffer.Attach(address, rounded, static_cast<uint16_t>(pipe_->buffers_ - 1), where);
        return true;
    }

    // A pool within this one.
    template <TPosition pool_position, uint32_t pool_buffers>
    bool InitBufPool(TBufPool<pool_position, pool_buffers>& pool, uint32_t bytes, Where where = Where::Here())
    {
        const uint32_t rounded = detail::RoundUpToBlock(bytes);
        pool.Attach(Reserve(1, rounded, where), rounded);
        return true;
    }
    // A pool over the same bytes as `shared`.
    template <TPosition pool_position, uint32_t pool_buffers, TPosition shared_position,
              uint32_t shared_buffers>
    bool InitBufPool(TBufPool<pool_position, pool_buffers>& pool, uint32_t bytes,
                     const TBufPool<shared_position, shared_buffers>& shared, Where where = Where::Here())
    {
        pool.Share(bytes, shared, where);
        return true;
    }

    // Waits for what still works on the pool's buffers, so that another pool may have the bytes. The buffers
    // stay as they are for a later turn of this pool.
    void Reset([[maybe_unused]] Where where = Where::Here())
    {
        if constexpr (ascend_sim::kChecked) {
            ascend_sim::CurrentCore().OnBarrier({ascend_sim::Pipe::kAll, where});
        }
    }

private:
    friend class TPipe;
    template <TPosition, uint32_t>
    friend class TBufPool;

    void Attach(uint8_t* address, uint32_t bytes)
    {
        pipe_ = ascend_sim::CurrentBlock().pipe;
        base_ = address;
        bytes_ = bytes;
        used_ = 0;
        buffers_ = 0;
    }
    template <TPosition shared_position, uint32_t shared_buffers>
    void Share(uint32_t bytes, const TBufPool<shared_position, shared_buffers>& shared, Where where)
    {
        const uint32_t rounded = detail::RoundUpToBlock(bytes);
        if (rounded > shared.bytes_) {
            ascend_sim::RaiseFindingAt("ub-overflow",
                                       "InitBufPool asks for " + std::to_string(rounded) +
                                           " bytes shared with a pool of " + std::to_string(shared.bytes_) +
                                           "; a pool may not be longer than the one it shares its bytes with",
                                       where);
        }
        Attach(shared.base_, rounded);
    }

    uint8_t* Take(uint32_t count, uint32_t bytes, Where where)
    {
        if (buffers_ + count > max_buffers) {
            ascend_sim::RaiseFindingAt("ub-overflow",
                                       "InitBuffer makes buffer number " + std::to_string(buffers_ + count) +
                                           " of a pool for " + std::to_string(max_buffers) +
                                           "; raise the second template argument of TBufPool, at most to 16",
                                       where);
        }
        uint8_t* address = Reserve(count, bytes, where);
        pipe_->Number(count, bytes, address, where);
        buffers_ += count;
        return address;
    }

    uint8_t* Reserve(uint32_t count, uint32_t bytes, Where where)
    {
        const uint64_t wanted = uint64_t{count} * bytes;
        if (used_ + wanted > bytes_) {
            ascend_sim::RaiseFindingAt("ub-overflow",
                                       std::to_string(count) + " x " + std::to_string(bytes) +
                                           " bytes are asked of a pool that has " +
                                           std::to_string(bytes_ - used_) + " of " + std::to_string(bytes_) +
                                           " left; make the pool larger or the tile smaller",
                                       where);
        }
        uint8_t* address = base_ + used_;
        used_ += static_cast<uint32_t>(wanted);
        return address;
    }

    TPipe* pipe_ = nullptr;
    uint8_t* base_ = nullptr;
    uint32_t bytes_ = 0;
    uint32_t used_ = 0;
    uint32_t buffers_ = 0;
};

}  // namespace AscendC
