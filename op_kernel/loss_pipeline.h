// SPDX-License-Identifier: Apache-2.0
// From inputs in GM to the loss of every element, or to the sum or mean of all in the same launch, then also
// with the gradient of every element.
//
// What a Formula has to offer:
//   Loss<LIMITS, Input, Target>(loss, x, t, p or null, scratch, count): the loss up to the weight. With
//       LIMITS, RestoreLimits(loss, scratch, count) follows when the weight has been applied;
//   SPLITS: whether the loss without p is margin + ln(1 + e), as Split<LIMITS, Input, Target>(x -> e,
//       t -> margin, scratch, count) gives them and Join(loss, e, margin, scratch, count) adds them up. Then
//       a sum without weights takes one logarithm for eight elements, that of a product;
//   LossAndGradient<Input, Target>(gradient, x, t, p or null, scratch, count), where a gradient is wanted:
//       leaves the loss in t or, if p is null, what Split does; the gradient times GRADIENT_SIGN.
#pragma once

#include "binary_cross_entropy_tiling_data.h"
#include "elementary_functions.h"
#include "kernel_operator.h"
#include "tile_io.h"
#include "tree_reduction.h"

namespace bce {

enum class Result { LOSS, SUM, SUM_AND_GRADIENT };

template <typename Formula, typename Input, typename Target, Result RESULT>
class LossPipeline {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR input, GM_ADDR target, GM_ADDR weight,
                                GM_ADDR posWeight, GM_ADDR loss, GM_ADDR gradient, GM_ADDR workspace,
                                const BceLossTilingData& tiling)
    {
        elements_ = tiling.elements;
        divisor_ = tiling.divisor;
        input_.Init(pipe, input, WholeOperand(elements_), tiling.tileLength);
        target_.Init(pipe, target, WholeOperand(elements_), tiling.tileLength);
        if (tiling.bypassL2) {
            input_.BypassL2();
            target_.BypassL2();
        }
        pipe.InitBuffer(scratchMemory_, Scratch::Bytes(tiling.scratchTiles, tiling.tileLength));
        scratch_ = Scratch(scratchMemory_.Get<float>(), tiling.scratchTiles, tiling.tileLength);
        if constexpr (RESULT == Result::SUM_AND_GRADIENT) {
            gradient_.Init(pipe, gradient, tiling.tileLength);
        }
        if constexpr (REDUCES) {
            reduction_.Init(pipe);
            sums_.Init(pipe, workspace);
            loss_.Init(pipe, loss, FLOATS_PER_BLOCK);
        } else {
            loss_.Init(pipe, loss, tiling.tileLength);
            pipe.InitBuffer(watch_, tiling.tileLength * sizeof(float));
        }
        weighted_ = tiling.weight.rank != 0;
        BceOperand weightOperand = tiling.weight;
        scalarWeight_ = TakeScalar<float>(weight, weightOperand);
        weight_.Init(pipe, weight, weightOperand, tiling.tileLength);
        posWeight_.Init(pipe, posWeight, tiling.posWeight, tiling.tileLength);
    }

    __aicore__ inline void Process()
    {
        const Share share = ShareOfBlock(elements_);
        if constexpr (REDUCES) {
            constexpr uint64_t BATCH = uint64_t(BCE_CHUNK) * ChunkSums::CAPACITY;
            for (uint64_t begin = share.begin; begin < share.end; begin += BATCH) {
                SumChunks(begin, share.end - begin < BATCH ? share.end : begin + BATCH);
            }
            if (AscendC::GetBlockNum() > 1) {
                AscendC::SyncAll();
            }
            if (AscendC::GetBlockIdx() == 0) {
                WriteTotal();
            }
        } else {
            WriteLosses(share.begin, share.end);
        }
    }

private:
    static constexpr bool REDUCES = RESULT != Result::LOSS;

    __aicore__ inline void SumChunks(uint64_t begin, uint64_t end)
    {
        const uint32_t count = static_cast<uint32_t>((end - begin + BCE_CHUNK - 1) / BCE_CHUNK);
        const Tile sums = sums_.Reserve();
        reduction_.Begin(sums);
        ForEachTile<false>(begin, end);
        reduction_.End(scratch_[0]);
        if (sums_.HaveNan(sums, scratch_[0], count)) {
            reduction_.Begin(sums);
            ForEachTile<true>(begin, end);
            reduction_.End(scratch_[0]);
        }
        sums_.CopyOut(sums, begin / BCE_CHUNK, count);
    }

    __aicore__ inline void WriteTotal()
    {
        const Tile loss = loss_.Reserve();
        sums_.Total(reduction_, (elements_ + BCE_CHUNK - 1) / BCE_CHUNK, loss, scratch_[0], scratch_[1],
                    scratch_.TileLength());
        const Tile divisor = scratch_[0];
        AscendC::Duplicate(divisor, divisor_, 1);
        AscendC::Div(loss, loss, divisor, 1);
        loss_.CopyOut(0, 1);
    }

    __aicore__ inline void WriteLosses(uint64_t begin, uint64_t end)
    {
        const Tile watch = watch_.Get<float>();
        AscendC::Duplicate(watch, 0.0f, scratch_.TileLength());
        ForEachTile<false>(begin, end);
        if (HaveNan(watch, scratch_.TileLength())) {
            ForEachTile<true>(begin, end);
        }
    }

    // Computes the elements [begin, end). The sums of their chunks or, lane by lane, the sum of all tiles is
    // NaN where a loss is. With LIMITS an infinite input gives the limit of its loss, which costs time and
    // scratch tiles that are only spent where a NaN was seen.
    template <bool LIMITS>
    __aicore__ inline void ForEachTile(uint64_t begin, uint64_t end)
    {
        if constexpr (LIMITS) {
            AscendC::PipeBarrier<PIPE_MTE3>();  // what the first pass wrote is overwritten
        }
        const Scratch scratch = LIMITS ? scratch_.Halved() : scratch_;
        uint32_t length = 0;
        for (uint64_t start = begin; start < end; start += length) {
            length = LengthOfTile(start, end, scratch.TileLength());
            input_.CopyIn(start, length);
            target_.CopyIn(start, length);
            weight_.CopyIn(start, length);
            posWeight_.CopyIn(start, length);
            const Tile x = input_.Take(start, length);
            const Tile t = target_.Take(start, length);
            if constexpr (REDUCES) {
                AddLosses<LIMITS>(x, t, scratch, start, length);
            } else {
                const Tile loss = loss_.Reserve();
                ComputeLoss<LIMITS>(loss, x, t, scratch, start, length);
                const Tile watch = watch_.Get<float>();
                AscendC::Add(watch, watch, loss, length);
                loss_.CopyOut(start, length);
            }
            input_.Release();
            target_.Release();
        }
    }

    template <bool LIMITS>
    __aicore__ inline void AddLosses(const Tile& x, const Tile& t, const Scratch& scratch, uint64_t start,
                                     uint32_t length)
    {
        if constexpr (Formula::SPLITS) {
            if (!weighted_ && !posWeight_.Present()) {
                if constexpr (RESULT == Result::SUM_AND_GRADIENT && !LIMITS) {
                    ComputeBoth(x, t, scratch, start, length);
                } else {
                    Formula::template Split<LIMITS, Input, Target>(x, t, scratch, length);
                }
                if constexpr (LIMITS) {
                    Formula::RestoreLimits(t, scratch, length);
                }
                PadWithZeros(x, length);
                AddProducts(x, t, scratch, PadWithZeros(t, length));
                return;
            }
        }
        if constexpr (RESULT == Result::SUM_AND_GRADIENT && !LIMITS) {
            ComputeBoth(x, t, scratch, start, length);
        } else {
            ComputeLoss<LIMITS>(t, x, t, scratch, start, length);
        }
        reduction_.Add(t, scratch[0], PadWithZeros(t, length));
    }

    // Adds margin + ln(1 + e), where the logarithms of eight values are that of their product. Overwrites
    // both.
    __aicore__ inline void AddProducts(const Tile& e, const Tile& margin, const Scratch& scratch,
                                       uint32_t count)
    {
        constexpr bool PRECISE = sizeof(Target) == sizeof(float);  // a half result could not tell
        const Tile product = scratch[0], sum = scratch[1];
        const auto pairs = static_cast<uint8_t>(count / 128);
        MultiplyPairs<PRECISE>(product, e, pairs);
        MultiplyPairs<PRECISE>(e, product, pairs / 2);
        MultiplyPairs<PRECISE>(product, e, pairs / 4);
        LogOnePlus<PRECISE>(product, e, sum, count / 8);
        AddPairs(sum, margin, pairs);
        AddPairs(margin, sum, pairs / 2);
        AddPairs(sum, margin, pairs / 4);
        AscendC::Add(e, product, sum, count / 8);
        reduction_.AddSumsOfEight(e, margin, count / 8);
    }

    template <bool LIMITS>
    __aicore__ inline void ComputeLoss(const Tile& loss, const Tile& x, const Tile& t, const Scratch& scratch,
                                       uint64_t start, uint32_t length)
    {
        if (posWeight_.Present()) {
            const Tile p = posWeight_.Take(start, length);
            Formula::template Loss<LIMITS, Input, Target>(loss, x, t, &p, scratch, length);
            posWeight_.Release();
        } else {
            Formula::template Loss<LIMITS, Input, Target>(loss, x, t, nullptr, scratch, length);
        }
        if (weight_.Present()) {
            AscendC::Mul(loss, loss, weight_.Take(start, length), length);
            weight_.Release();
        } else if (weighted_) {
            AscendC::Muls(loss, loss, scalarWeight_, length);
        }
        if constexpr (LIMITS) {
            Formula::RestoreLimits(loss, scratch, length);
        }
    }

    // Writes the gradient and leaves the loss in t, or in x and t as Split does.
    __aicore__ inline void ComputeBoth(const Tile& x, const Tile& t, const Scratch& scratch, uint64_t start,
                                       uint32_t length)
    {
        const Tile gradient = gradient_.Reserve();
        if (posWeight_.Present()) {
            const Tile p = posWeight_.Take(start, length);
            Formula::template LossAndGradient<Input, Target>(gradient, x, t, &p, scratch, length);
            posWeight_.Release();
        } else {
            Formula::template LossAndGradient<Input, Target>(gradient, x, t, nullptr, scratch, length);
            if (weighted_) {
                Formula::Join(t, x, t, scratch, length);
            }
        }
        AscendC::Muls(gradient, gradient, Formula::GRADIENT_SIGN * scalarWeight_ / divisor_, length);
        if (weight_.Present()) {
            const Tile w = weight_.Take(start, length);
            AscendC::Mul(gradient, gradient, w, length);
            AscendC::Mul(t, t, w, length);
            weight_.Release();
        } else if (weighted_) {
            AscendC::Muls(t, t, scalarWeight_, length);
        }
        gradient_.CopyOut(start, length);
    }

    uint64_t elements_ = 0;
    float divisor_ = 1.0f;
    float scalarWeight_ = 1.0f;  // of all elements; a larger weight is what weight_ reads
    bool weighted_ = false;
    TileReader<Input> input_;
    TileReader<Target> target_;
    TileReader<float> weight_;
    TileReader<float> posWeight_;
    TileWriter<Target> loss_;
    TileWriter<Input> gradient_;  // of SUM_AND_GRADIENT
    AscendC::TBuf<AscendC::TPosition::VECCALC> scratchMemory_;
    Scratch scratch_;
    TreeReduction reduction_;                           // of sums
    ChunkSums sums_;                                    // of sums
    AscendC::TBuf<AscendC::TPosition::VECCALC> watch_;  // of LOSS
};

}  // namespace bce
