// SPDX-License-Identifier: Apache-2.0
// From inputs in GM to the gradient of every element.
//
// Formula::Gradient(gradient, input, target, posWeight or null, scratch, count) is the arithmetic, to be
// multiplied by Formula::GRADIENT_SIGN, which is free: there is a scale to multiply by anyway.
#pragma once

#include "binary_cross_entropy_tiling_data.h"
#include "kernel_operator.h"
#include "tile_io.h"

namespace bce {

template <typename Formula, typename GradOutput, typename Input, typename Target, typename Gradient>
class GradientPipeline {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR gradOutput, GM_ADDR input, GM_ADDR target,
                                GM_ADDR weight, GM_ADDR posWeight, GM_ADDR out,
                                const BceGradientTilingData& tiling)
    {
        elements_ = tiling.elements;
        tileLength_ = tiling.tileLength;
        input_.Init(pipe, input, WholeOperand(elements_), tileLength_);
        target_.Init(pipe, target, Formula::READS_TARGET ? WholeOperand(elements_) : BceOperand{},
                     tileLength_);
        if (tiling.bypassL2) {
            input_.BypassL2();
            target_.BypassL2();
        }
        out_.Init(pipe, out, tileLength_);
        pipe.InitBuffer(scratchMemory_, Scratch::Bytes(tiling.scratchTiles, tileLength_));
        scratch_ = Scratch(scratchMemory_.Get<float>(), tiling.scratchTiles, tileLength_);

        BceOperand gradOutputOperand = tiling.gradOutput;
        BceOperand weightOperand = tiling.weight;
        scale_ = Formula::GRADIENT_SIGN * TakeScalar<GradOutput>(gradOutput, gradOutputOperand) *
                 TakeScalar<float>(weight, weightOperand) / tiling.divisor;
        gradOutput_.Init(pipe, gradOutput, gradOutputOperand, tileLength_);
        const uint32_t weightBuffers = gradOutput_.Present() ? 1 : BCE_BUFFERS;
        weight_.Init(pipe, weight, weightOperand, tileLength_, weightBuffers);
        posWeight_.Init(pipe, posWeight, tiling.posWeight, tileLength_, weightBuffers);
    }

    __aicore__ inline void Process()
    {
        const Share share = ShareOfBlock(elements_);
        uint32_t length = 0;
        for (uint64_t start = share.begin; start < share.end; start += length) {
            length = LengthOfTile(start, share.end, tileLength_);
            ProcessTile(start, length);
        }
    }

private:
    __aicore__ inline void ProcessTile(uint64_t start, uint32_t length)
    {
        input_.CopyIn(start, length);
        target_.CopyIn(start, length);
        posWeight_.CopyIn(start, length);
        weight_.CopyIn(start, length);
        gradOutput_.CopyIn(start, length);

        const Tile gradient = out_.Reserve();
        const Tile x = input_.Take(start, length);
        const Tile t = Formula::READS_TARGET ? target_.Take(start, length) : x;
        if (posWeight_.Present()) {
            const Tile p = posWeight_.Take(start, length);
            Formula::Gradient(gradient, x, t, &p, scratch_, length);
            posWeight_.Release();
        } else {
            Formula::Gradient(gradient, x, t, nullptr, scratch_, length);
        }
        input_.Release();
        target_.Release();

        AscendC::Muls(gradient, gradient, scale_, length);
        if (weight_.Present()) {
            AscendC::Mul(gradient, gradient, weight_.Take(start, length), length);
            weight_.Release();
        }
        if (gradOutput_.Present()) {
            AscendC::Mul(gradient, gradient, gradOutput_.Take(start, length), length);
            gradOutput_.Release();
        }
        out_.CopyOut(start, length);
    }

    uint64_t elements_ = 0;
    uint32_t tileLength_ = 0;
    float scale_ = 0.0f;
    TileReader<GradOutput> gradOutput_;
    TileReader<Input> input_;
    TileReader<Target> target_;
    TileReader<float> weight_;
    TileReader<float> posWeight_;
    TileWriter<Gradient> out_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> scratchMemory_;
    Scratch scratch_;
};

}  // namespace bce
