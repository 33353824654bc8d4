// SPDX-License-Identifier: Apache-2.0
// Sums in an order that depends on nothing but the index of an element: not on tiles, cores or UB size.
//
// A chunk of BCE_CHUNK elements is 8 rows of BCE_LANES. Rows are added lane by lane and pairwise, like the
// digits of a binary counter: row r waits at level 0 if r is even, else it is added to the row that waits
// there and the sum is carried to level 1, and so on. The lanes of a finished chunk are halved down to 64,
// which one WholeReduceSum adds pairwise. Chunk sums are summed by the same tree until one is left. So the
// error grows with the logarithm of the count: thirteen additions for each level of chunks.
#pragma once

#include "binary_cross_entropy_tiling_data.h"
#include "kernel_operator.h"
#include "tile_io.h"

namespace bce {

class TreeReduction {
public:
    static constexpr uint32_t LEVELS = BCE_REDUCTION_LEVELS;
    static_assert(BCE_LANES << LEVELS == BCE_CHUNK, "a chunk is one full turn of the counter");

    __aicore__ inline void Init(AscendC::TPipe& pipe)
    {
        pipe.InitBuffer(buffer_, LEVELS * BCE_LANES * sizeof(float));
    }

    // Adds `length` values, overwriting them, at `position`: a multiple of 8 and the end of the values added
    // before. The sum of a chunk that they complete, or that ends with the `last` value, goes to sums[chunk -
    // firstChunk].
    __aicore__ inline void Add(const Tile& values, uint64_t position, uint32_t length, bool last,
                               const Tile& sums, uint64_t firstChunk)
    {
        if (last) {
            length = PadWithZeros(values, length);
        }
        for (uint32_t done = 0; done < length;) {
            const uint32_t begin = static_cast<uint32_t>((position + done) % BCE_CHUNK);
            const uint32_t row = begin / BCE_LANES;
            const uint32_t lane = begin % BCE_LANES;
            const uint32_t left = length - done;
            uint32_t count = left < BCE_LANES - lane ? left : BCE_LANES - lane;
            if (lane == 0 && row % 2 == 0 && left >= 2 * BCE_LANES) {  // both rows of a pair are at hand
                AscendC::Add(values[done], values[done], values[done + BCE_LANES], BCE_LANES);
                Carry(values[done], 1, row / 2, 0, BCE_LANES);
                count = 2 * BCE_LANES;
            } else {
                Carry(values[done], 0, row, lane, count);
            }
            const uint64_t chunk = (position + done) / BCE_CHUNK - firstChunk;
            done += count;
            if (begin + count == BCE_CHUNK || (last && done == length)) {
                Finish(begin + count, sums[static_cast<uint32_t>(chunk)]);
            }
        }
    }

private:
    __aicore__ inline Tile Level(uint32_t level) { return buffer_.Get<float>()[level * BCE_LANES]; }

    __aicore__ inline uint32_t PadWithZeros(const Tile& values, uint32_t length)
    {
        constexpr uint32_t BLOCK = 8;
        const uint32_t used = length % BLOCK;
        if (used == 0) {
            return length;
        }
        uint64_t mask[2] = {((1ULL << BLOCK) - 1) & ~((1ULL << used) - 1), 0};
        AscendC::Duplicate(values[length - used], 0.0f, mask, 1, 1, 8);
        return length - used + BLOCK;
    }

    // Carries values into the counter at `level`, where `before` values of that level came earlier in the
    // chunk.
    __aicore__ inline void Carry(const Tile& values, uint32_t level, uint32_t before, uint32_t lane,
                                 uint32_t count)
    {
        if (before % 2 == 0) {
            AscendC::Muls(Level(level)[lane], values, 1.0f, count);
            return;
        }
        for (; before % 2 == 1; before /= 2, ++level) {
            const bool settles = before / 2 % 2 == 0;
            // The sum of all rows moves into level 0, which is free by then.
            const Tile sum = settles ? Level((level + 1) % LEVELS)[lane] : values;
            AscendC::Add(sum, Level(level)[lane], values, count);
        }
    }

    // Sums the lanes of a chunk whose first `length` elements have been added; the others count as zeros.
    __aicore__ inline void Finish(uint32_t length, const Tile& sum)
    {
        const Tile lanes = Level(0);
        if (length < BCE_CHUNK) {
            const uint32_t rows = length / BCE_LANES;
            const uint32_t longer = length % BCE_LANES;  // lanes that have one row more
            Settle(rows + 1, 0, longer);
            Settle(rows, longer, BCE_LANES - longer);
        }
        for (uint32_t width = BCE_LANES / 2; width >= 64; width /= 2) {
            AscendC::Add(lanes, lanes, lanes[width], width);
        }
        AscendC::WholeReduceSum(sum, lanes, 64, 1, 1, 1, 8);
    }

    // Adds up what waits in the counter after `rows` rows, lowest level first, and leaves it in level 0.
    __aicore__ inline void Settle(uint32_t rows, uint32_t lane, uint32_t count)
    {
        if (count == 0 || rows == 1U << LEVELS) {  // a full turn of the counter ends in level 0
            return;
        }
        const Tile sum = Level(0)[lane];
        if (rows % 2 == 0) {
            AscendC::Duplicate(sum, 0.0f, count);
        }
        for (uint32_t level = 1; level < LEVELS; ++level) {
            if (rows >> level & 1U) {
                AscendC::Add(sum, Level(level)[lane], sum, count);
            }
        }
    }

    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer_;
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
        pipe.InitBuffer(tile_, BCE_LANES * sizeof(float));
    }

    __aicore__ inline Tile Reserve() { return queue_.AllocTensor<float>(); }

    __aicore__ inline bool HaveNan(const Tile& sums, uint32_t count)
    {
        const Tile copy = tile_.Get<float>();
        AscendC::Muls(copy, sums, 1.0f, count);
        return bce::HaveNan(copy, count);
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
    // the last. Barriers instead of a queue order the few copies: the readers of the operands have used up
    // the events.
    __aicore__ inline void Total(TreeReduction& reduction, uint64_t count, const Tile& total)
    {
        if (count == 0) {
            AscendC::Duplicate(total, 0.0f, 1);
            return;
        }
        const Tile tile = tile_.Get<float>();
        uint64_t begin = 0;
        while (count > 1) {
            const uint64_t chunks = (count + BCE_CHUNK - 1) / BCE_CHUNK;
            for (uint64_t first = 0; first < chunks; first += CAPACITY) {
                const uint64_t end = chunks - first < CAPACITY ? chunks : first + CAPACITY;
                const uint64_t stop = count < end * BCE_CHUNK ? count : end * BCE_CHUNK;
                const Tile sums = Reserve();
                uint32_t length = 0;
                for (uint64_t position = first * BCE_CHUNK; position < stop; position += length) {
                    length = static_cast<uint32_t>(stop - position < BCE_LANES ? stop - position : BCE_LANES);
                    CopyIn(tile, begin + position, length);
                    reduction.Add(tile, position, length, position + length == count, sums, first);
                }
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
    AscendC::TBuf<AscendC::TPosition::VECCALC> tile_;
};

}  // namespace bce
