// SPDX-License-Identifier: Apache-2.0
// A loss as kernels usually are: queues of DEPTH buffers, a scratch buffer, a sum over the tiles, a shorter
// tile at the end.
#include "kernel_operator.h"

struct TilesTiling {
    uint32_t length;
    uint32_t tile;
};

class Tiles {
public:
    __aicore__ inline void Run(const TilesTiling& t, GM_ADDR x, GM_ADDR y, GM_ADDR loss, GM_ADDR sum)
    {
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x), t.length);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), t.length);
        loss_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(loss), t.length);
        sum_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(sum), 2 * t.tile);
        pipe_.InitBuffer(inX_, DEPTH, t.tile * sizeof(half));
        pipe_.InitBuffer(inY_, DEPTH, t.tile * sizeof(float));
        pipe_.InitBuffer(out_, DEPTH, t.tile * sizeof(float));
        pipe_.InitBuffer(outSum_, 1, 2 * t.tile * sizeof(float));
        pipe_.InitBuffer(scratch_, 2 * t.tile * sizeof(float));
        pipe_.InitBuffer(watch_, t.tile * sizeof(float));
        const auto watch = watch_.Get<float>();
        AscendC::Duplicate(watch, 0.0f, t.tile);
        for (uint32_t begin = 0; begin < t.length; begin += t.tile) {
            const uint32_t count = t.length - begin < t.tile ? t.length - begin : t.tile;
            CopyIn(begin, count);
            Compute(t.tile, count);
            const auto loss = out_.DeQue<float>();
            AscendC::DataCopy(loss_[begin], loss, count);
            out_.FreeTensor(loss);
        }
        // What the last tile has left in the scratch buffer, and the sums.
        const auto left = outSum_.AllocTensor<float>();
        AscendC::Adds(left, scratch_.Get<float>()[t.tile], 0.0f, t.tile);
        AscendC::Adds(left[t.tile], watch, 0.0f, t.tile);
        AscendC::BlockReduceSum(left[t.tile], watch, t.tile / 64, 64, 1, 1, 8);
        outSum_.EnQue(left);
        AscendC::DataCopy(sum_, outSum_.DeQue<float>(), 2 * t.tile);
        outSum_.FreeTensor(left);
    }

private:
    __aicore__ inline void CopyIn(uint32_t begin, uint32_t count)
    {
        const auto x = inX_.AllocTensor<half>();
        AscendC::DataCopy(x, x_[begin], count);
        inX_.EnQue(x);
        const auto y = inY_.AllocTensor<float>();
        AscendC::DataCopy(y, y_[begin], count);
        inY_.EnQue(y);
    }

    __aicore__ inline void Compute(uint32_t tile, uint32_t count)
    {
        const auto x = inX_.DeQue<half>();
        const auto y = inY_.DeQue<float>();
        const auto loss = out_.AllocTensor<float>();
        const auto wide = scratch_.Get<float>();
        const auto soft = wide[tile];
        const auto watch = watch_.Get<float>();
        AscendC::Cast(wide, x, AscendC::RoundMode::CAST_NONE, count);
        AscendC::Abs(soft, wide, count);
        AscendC::Muls(soft, soft, -1.0f, count);
        AscendC::Exp(soft, soft, count);
        AscendC::Adds(soft, soft, 1.0f, count);
        AscendC::Ln(soft, soft, count);
        AscendC::Mul(loss, wide, y, count);
        AscendC::Relu(wide, wide, count);
        AscendC::Sub(wide, wide, loss, count);
        AscendC::Add(loss, wide, soft, count);
        AscendC::Add(watch, watch, loss, count);
        inX_.FreeTensor(x);
        inY_.FreeTensor(y);
        out_.EnQue(loss);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, DEPTH> inX_;
    AscendC::TQue<AscendC::QuePosition::VECIN, DEPTH> inY_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, DEPTH> out_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> outSum_;
    AscendC::TBuf<> scratch_;
    AscendC::TBuf<> watch_;
    AscendC::GlobalTensor<half> x_;
    AscendC::GlobalTensor<float> y_;
    AscendC::GlobalTensor<float> loss_;
    AscendC::GlobalTensor<float> sum_;
};

extern "C" __global__ __aicore__ void fused_tiles(GM_ADDR x, GM_ADDR y, GM_ADDR loss, GM_ADDR sum,
                                                  GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(TilesTiling);
    GET_TILING_DATA(t, tiling);
    Tiles().Run(t, x, y, loss, sum);
}
