// SPDX-License-Identifier: Apache-2.0
// gradient <- grad_output x gradient, in place. The host need not know grad_output: where it is 1, as it
// mostly is, every core returns at once.
#include "kernel_operator.h"
#include "tile_io.h"

namespace bce {

template <typename GradOutput, typename Gradient>
class ScalePipeline {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR gradient, GM_ADDR gradOutput,
                                const BceScaleTilingData& tiling)
    {
        BceOperand scalar = WholeOperand(1);
        scale_ = TakeScalar<GradOutput>(gradOutput, scalar);
        elements_ = tiling.elements;
        tileLength_ = tiling.tileLength;
        in_.Init(pipe, gradient, WholeOperand(elements_), tileLength_);
        out_.Init(pipe, gradient, tileLength_);
    }

    __aicore__ inline void Process()
    {
        if (scale_ == 1.0f) {
            return;
        }
        const Share share = ShareOfBlock(elements_);
        uint32_t length = 0;
        for (uint64_t start = share.begin; start < share.end; start += length) {
            length = LengthOfTile(start, share.end, tileLength_);
            in_.CopyIn(start, length);
            const Tile scaled = out_.Reserve();
            AscendC::Muls(scaled, in_.Take(start, length), scale_, length);
            in_.Release();
            out_.CopyOut(start, length);
        }
    }

private:
    uint64_t elements_ = 0;
    uint32_t tileLength_ = 0;
    float scale_ = 1.0f;
    TileReader<Gradient> in_;
    TileWriter<Gradient> out_;
};

}  // namespace bce

extern "C" __global__ __aicore__ void binary_cross_entropy_scale_gradient(GM_ADDR gradient,
                                                                          GM_ADDR grad_output,
                                                                          GM_ADDR gradient_out,
                                                                          GM_ADDR workspace, GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceScaleTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceScaleTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::ScalePipeline<DTYPE_GRAD_OUTPUT, DTYPE_GRADIENT> op;
        op.Init(pipe, gradient, grad_output, tilingData);
        op.Process();
    }
}
