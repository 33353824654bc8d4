// SPDX-License-Identifier: Apache-2.0
// From inputs in GM to the loss of every element, or to the sum or mean of all in the same launch.
//
// Formula::Loss<LIMITS>(loss, input, target, posWeight or null, scratch, count) is the arithmetic, up to the
// weight. With LIMITS, Formula::RestoreLimits(loss, scratch, count) follows when the weight has been applied.
#pragma once

#include "binary_cross_entropy_tiling_data.h"
#include "kernel_operator.h"
#include "tile_io.h"
#include "tree_reduction.h"

namespace bce {

template <typename Formula, typename Input, typename Target, bool REDUCE>
class LossPipeline {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR input, GM_ADDR target, GM_ADDR weight,
                                GM_ADDR posWeight, GM_ADDR out, GM_ADDR workspace,
                                const BceLossTilingData& tiling)
    {
        elements_ = tiling.elements;
        divisor_ = tiling.divisor;
        tileLength_ = tiling.tileLength;
        input_.Init(pipe, input, WholeOperand(elements_), tileLength_);
        target_.Init(pipe, target, WholeOperand(elements_), tileLength_);
        weight_.Init(pipe, weight, tiling.weight, tileLength_);
        posWeight_.Init(pipe, posWeight, tiling.posWeight, tileLength_);
        scratch_.Init(pipe, tileLength_);
        if constexpr (REDUCE) {
            reduction_.Init(pipe);
            sums_.Init(pipe, workspace);
            out_.Init(pipe, out, FLOATS_PER_BLOCK);
        } else {
            out_.Init(pipe, out, tileLength_);
            pipe.InitBuffer(watch_, tileLength_ * sizeof(float));
        }
    }

    __aicore__ inline void Process()
    {
        const uint64_t chunks = (elements_ + BCE_CHUNK - 1) / BCE_CHUNK;
        const uint64_t first = chunks * AscendC::GetBlockIdx() / AscendC::GetBlockNum();
        const uint64_t end = chunks * (AscendC::GetBlockIdx() + 1) / AscendC::GetBlockNum();
        if constexpr (REDUCE) {
            for (uint64_t chunk = first; chunk < end; chunk += ChunkSums::CAPACITY) {
                SumChunks(chunk, end - chunk < ChunkSums::CAPACITY ? end : chunk + ChunkSums::CAPACITY);
            }
            if (AscendC::GetBlockNum() > 1) {
                AscendC::SyncAll();
            }
            if (AscendC::GetBlockIdx() == 0) {
                WriteTotal(chunks);
            }
        } else {
            WriteLosses(first * BCE_CHUNK, end * BCE_CHUNK);
        }
    }

private:
    __aicore__ inline void SumChunks(uint64_t first, uint64_t end)
    {
        const uint32_t count = static_cast<uint32_t>(end - first);
        Tile sums = sums_.Reserve();
        ForEachTile<false>(first * BCE_CHUNK, end * BCE_CHUNK, sums);
        if (sums_.HaveNan(sums, count)) {
            ForEachTile<true>(first * BCE_CHUNK, end * BCE_CHUNK, sums);
        }
        sums_.CopyOut(sums, first, count);
    }

    __aicore__ inline void WriteTotal(uint64_t chunks)
    {
        Tile loss = out_.Reserve();
        sums_.Total(reduction_, chunks, loss);
        const Tile divisor = scratch_[0];
        AscendC::Duplicate(divisor, divisor_, 1);
        AscendC::Div(loss, loss, divisor, 1);
        out_.CopyOut(0, 1);
    }

    __aicore__ inline void WriteLosses(uint64_t begin, uint64_t end)
    {
        Tile watch = watch_.Get<float>();
        AscendC::Duplicate(watch, 0.0f, tileLength_);
        ForEachTile<false>(begin, end, watch);
        if (HaveNan(watch, tileLength_)) {
            ForEachTile<true>(begin, end, watch);
        }
    }

    // Computes the elements [begin, end). `collected` takes the sums of their chunks or, lane by lane, the
    // sum of all tiles: either is NaN where a loss is. With LIMITS an infinite input gives the limit of its
    // loss, which costs time that is only spent where a NaN was seen.
    template <bool LIMITS>
    __aicore__ inline void ForEachTile(uint64_t begin, uint64_t end, const Tile& collected)
    {
        end = end < elements_ ? end : elements_;
        uint32_t length = 0;
        for (uint64_t start = begin; start < end; start += length) {
            // Tiles start at multiples of their length, so that small operands stay in phase with them.
            length = tileLength_ - static_cast<uint32_t>(start % tileLength_);
            length = end - start < length ? static_cast<uint32_t>(end - start) : length;
            input_.CopyIn(start, length);
            target_.CopyIn(start, length);
            weight_.CopyIn(start, length);
            posWeight_.CopyIn(start, length);
            const Tile t = target_.Take(start, length);
            const Tile loss = REDUCE ? t : out_.Reserve();
            ComputeLoss<LIMITS>(loss, t, start, length);
            if constexpr (REDUCE) {
                reduction_.Add(loss, start, length, start + length == elements_, collected,
                               begin / BCE_CHUNK);
            } else {
                AscendC::Add(collected, collected, loss, length);
                out_.CopyOut(start, length);
            }
            target_.Release();
        }
    }

    template <bool LIMITS>
    __aicore__ inline void ComputeLoss(const Tile& loss, const Tile& t, uint64_t start, uint32_t length)
    {
        const Tile x = input_.Take(start, length);
        if (posWeight_.Present()) {
            const Tile p = posWeight_.Take(start, length);
            Formula::template Loss<LIMITS>(loss, x, t, &p, scratch_, length);
            posWeight_.Release();
        } else {
            Formula::template Loss<LIMITS>(loss, x, t, nullptr, scratch_, length);
        }
        input_.Release();
        if (weight_.Present()) {
            AscendC::Mul(loss, loss, weight_.Take(start, length), length);
            weight_.Release();
        }
        if constexpr (LIMITS) {
            Formula::RestoreLimits(loss, scratch_, length);
        }
    }

    uint64_t elements_ = 0;
    float divisor_ = 1.0f;
    uint32_t tileLength_ = 0;
    TileReader<Input> input_;
    TileReader<Target> target_;
    TileReader<float> weight_;
    TileReader<float> posWeight_;
    TileWriter<Target> out_;
    Scratch scratch_;
    TreeReduction reduction_;                           // with REDUCE
    ChunkSums sums_;                                    // with REDUCE
    AscendC::TBuf<AscendC::TPosition::VECCALC> watch_;  // without
};

}  // namespace bce
