// SPDX-License-Identifier: Apache-2.0
// Sums in an order that depends on nothing but the index of an element: not on tiles, cores or UB size.
//
// The tree has eight branches everywhere: neighbours are added eight at a time, and so are their sums, up to
// one total. BlockReduceSum does that, pairwise within a block, so the error grows with the logarithm of the
// count. A chunk, four levels, is what a core hands on; the sums of chunks are summed by the same tree.
#pragma once

#include "binary_cross_entropy_tiling_data.h"
#include "kernel_operator.h"
#include "tile_io.h"

namespace bce {

// Sets what follows `length` values to zero, up to whole units of BCE_TILE_UNIT. Returns the new length.
__aicore__ inline uint32_t PadWithZeros(const Tile& values, uint32_t length)
{
    const uint32_t used = length % FLOATS_PER_BLOCK;
    if (used != 0) {
        uint64_t mask[2] = {(1ULL << FLOATS_PER_BLOCK) - (1ULL << used), 0};
        AscendC::Duplicate(values[length - used], 0.0f, mask, 1, 1, 8);
        length += FLOATS_PER_BLOCK - used;
    }
    const uint32_t padded = (length + BCE_TILE_UNIT - 1) / BCE_TILE_UNIT * BCE_TILE_UNIT;
    if (padded > length) {
        AscendC::Duplicate(values[length], 0.0f, padded - length);
    }
    return padded;
}

// sums <- the sums of eight neighbours each; `count` is a multiple of 64.
__aicore__ inline void SumEights(const Tile& sums, const Tile& values, uint32_t count)
{
    AscendC::BlockReduceSum(sums, values, static_cast<int32_t>(count / 64), 64, 1, 1, 8);
}

// Takes the values of consecutive tiles and gives the sums of chunks.
class TreeReduction {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe)
    {
        pipe.InitBuffer(partial_, BCE_PARTIAL_SUMS * sizeof(float));
    }

    // The sums of chunks go to sums[0], sums[1]...
    __aicore__ inline void Begin(const Tile& sums)
    {
        sums_ = sums;
        chunks_ = 0;
    }

    // Adds `count` values, a multiple of BCE_TILE_UNIT. `spare` has room for an eighth of them.
    __aicore__ inline void Add(const Tile& values, const Tile& spare, uint32_t count)
    {
        SumEights(spare, values, count);
        AddSumsOfEight(spare, values, count / 8);
    }

    // The same for values that have been added eight by eight already. Overwrites `spare`.
    __aicore__ inline void AddSumsOfEight(const Tile& values, const Tile& spare, uint32_t count)
    {
        if (used_ + count / 8 > BCE_PARTIAL_SUMS) {
            Flush(spare);
        }
        SumEights(partial_.Get<float>()[used_], values, count);
        used_ += count / 8;
    }

    // Completes the sums; the last chunk may be short. `spare` has room for BCE_PARTIAL_SUMS / 8.
    __aicore__ inline void End(const Tile& spare)
    {
        used_ = PadWithZeros(partial_.Get<float>(), used_);
        Flush(spare);
    }

private:
    // Reduces what waits to sums of chunks, eight chunks at a time; what is left waits on.
    __aicore__ inline void Flush(const Tile& spare)
    {
        const Tile partial = partial_.Get<float>();
        const uint32_t whole = used_ / BCE_TILE_UNIT * BCE_TILE_UNIT;
        const uint32_t rest = used_ - whole;
        SumEights(spare, partial, whole);
        SumEights(sums_[chunks_], spare, whole / 8);
        chunks_ += whole * 64 / BCE_CHUNK;
        if (rest > 0) {
            AscendC::Muls(partial, partial[whole], 1.0f, rest);
        }
        used_ = rest;
    }

    AscendC::TBuf<AscendC::TPosition::VECCALC> partial_;
    Tile sums_;
    uint32_t chunks_ = 0;  // whose sums have been given
    uint32_t used_ = 0;    // sums of 64 that wait; End leaves none
};

// Whether any of `count` values is NaN (or infinities of both signs meet). Overwrites the values.
__aicore__ inline bool HaveNan(const Tile& values, uint32_t count)
{
    while (count > 64) {
        const uint32_t kept = (count + 15) / 16 * 8;
        AscendC::Add(values, values, values[kept], count - kept);
        count = kept;
    }
    AscendC::WholeReduceSum(values, values, count, 1, 1, 1, 8);
    const float sum = values.GetValue(0);
    return sum != sum;
}

// The sums of chunks on their way to one total: every block writes those of its chunks to the workspace, and
// after a SyncAll one block sums them level by level.
class ChunkSums {
public:
    static constexpr uint32_t CAPACITY = BCE_SUMS_PER_WRITE;

    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR workspace)
    {
        global_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(workspace));
        pipe.InitBuffer(queue_, 1, CAPACITY * sizeof(float));
    }

    __aicore__ inline Tile Reserve() { return queue_.AllocTensor<float>(); }

    __aicore__ inline bool HaveNan(const Tile& sums, const Tile& spare, uint32_t count)
    {
        AscendC::Muls(spare, sums, 1.0f, count);
        return bce::HaveNan(spare, count);
    }

    __aicore__ inline void CopyOut(const Tile& sums, uint64_t offset, uint32_t count)
    {
        queue_.EnQue(sums);
        Tile written = queue_.DeQue<float>();
        const AscendC::DataCopyExtParams copy{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(global_[offset], written, copy);
        queue_.FreeTensor(written);
    }

    // Sums the `count` chunk sums at the start of the workspace into total[0]. Each level is written behind
    // the last. `tile` and `spare` have room for `tileLength` values. Barriers instead of a queue order the
    // few copies: the readers of the operands have used up the events.
    __aicore__ inline void Total(TreeReduction& reduction, uint64_t count, const Tile& total,
                                 const Tile& tile, const Tile& spare, uint32_t tileLength)
    {
        if (count == 0) {
            AscendC::Duplicate(total, 0.0f, 1);
            return;
        }
        uint64_t begin = 0;
        while (count > 1) {
            const uint64_t chunks = (count + BCE_CHUNK - 1) / BCE_CHUNK;
            for (uint64_t first = 0; first < chunks; first += CAPACITY) {
                const uint64_t end = chunks - first < CAPACITY ? chunks : first + CAPACITY;
                const uint64_t stop = count < end * BCE_CHUNK ? count : end * BCE_CHUNK;
                const Tile sums = Reserve();
                reduction.Begin(sums);
                for (uint64_t position = first * BCE_CHUNK; position < stop; position += tileLength) {
                    const uint64_t left = stop - position;
                    const uint32_t length = static_cast<uint32_t>(left < tileLength ? left : tileLength);
                    CopyIn(tile, begin + position, length);
                    reduction.Add(tile, spare, PadWithZeros(tile, length));
                }
                reduction.End(spare);
                CopyOut(sums, begin + count + first, static_cast<uint32_t>(end - first));
            }
            begin += count;
            count = chunks;
        }
        CopyIn(tile, begin, 1);
        AscendC::Muls(total, tile, 1.0f, 1);
    }

private:
    __aicore__ inline void CopyIn(const Tile& tile, uint64_t offset, uint32_t length)
    {
        AscendC::PipeBarrier<PIPE_ALL>();  // what was written is in the workspace, and the tile has been read
        const AscendC::DataCopyExtParams copy{1, static_cast<uint32_t>(length * sizeof(float)), 0, 0, 0};
        const AscendC::DataCopyPadExtParams<float> pad{false, 0, 0, 0.0f};
        AscendC::DataCopyPad(tile, global_[offset], copy, pad);
        AscendC::PipeBarrier<PIPE_ALL>();
    }

    AscendC::GlobalTensor<float> global_;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> queue_;
};

}  // namespace bce
