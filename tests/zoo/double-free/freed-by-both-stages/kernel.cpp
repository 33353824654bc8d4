// SPDX-License-Identifier: Apache-2.0
// Compute frees its input, and CopyOut frees it once more.
#include "kernel_operator.h"

struct ScaleTiling {
    uint32_t length;  // elements of each array
    uint32_t tile;    // elements that a core takes at once
};

class Scale {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, const ScaleTiling& tiling)
    {
        length_ = tiling.length;
        tile_ = tiling.tile;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), length_);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), length_);
        pipe_.InitBuffer(in_, 2, tile_ * sizeof(float));
        pipe_.InitBuffer(out_, 2, tile_ * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        const uint32_t stride = AscendC::GetBlockNum() * tile_;
        for (uint32_t start = AscendC::GetBlockIdx() * tile_; start < length_; start += stride) {
            const uint32_t count = length_ - start < tile_ ? length_ - start : tile_;
            CopyIn(start, count);
            Compute(count);
            CopyOut(start, count);
        }
    }

private:
    __aicore__ inline void CopyIn(uint32_t start, uint32_t count)
    {
        AscendC::LocalTensor<float> x = in_.AllocTensor<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(x, x_[start], exact, AscendC::DataCopyPadExtParams<float>{});
        in_.EnQue(x);
    }

    __aicore__ inline void Compute(uint32_t count)
    {
        x1_ = in_.DeQue<float>();
        AscendC::LocalTensor<float> y = out_.AllocTensor<float>();
        AscendC::Muls(y, x1_, 2.0f, count);
        out_.EnQue(y);
        in_.FreeTensor(x1_);
    }

    __aicore__ inline void CopyOut(uint32_t start, uint32_t count)
    {
        AscendC::LocalTensor<float> y = out_.DeQue<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(y_[start], y, exact);
        out_.FreeTensor(y);
        in_.FreeTensor(x1_);  // finding: double-free
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::LocalTensor<float> x1_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> y_;
    uint32_t length_ = 0;
    uint32_t tile_ = 0;
};

extern "C" __global__ __aicore__ void scale(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(ScaleTiling);
    GET_TILING_DATA(data, tiling);
    Scale op;
    op.Init(x, y, data);
    op.Process();
}
