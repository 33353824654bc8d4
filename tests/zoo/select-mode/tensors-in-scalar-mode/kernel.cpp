// SPDX-License-Identifier: Apache-2.0
// Two tensors are selected from in the mode for a tensor and a scalar.
#include "kernel_operator.h"

struct ClipTiling {
    uint32_t length;  // elements of each array
    uint32_t tile;    // elements that a core takes at once
};

class Clip {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, const ClipTiling& tiling)
    {
        length_ = tiling.length;
        tile_ = tiling.tile;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), length_);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), length_);
        pipe_.InitBuffer(in_, 2, tile_ * sizeof(float));
        pipe_.InitBuffer(out_, 2, tile_ * sizeof(float));
        pipe_.InitBuffer(limit_, tile_ * sizeof(float));
        pipe_.InitBuffer(larger_, tile_ / 8);
    }

    __aicore__ inline void Process()
    {
        AscendC::LocalTensor<float> limit = limit_.Get<float>();
        AscendC::Duplicate(limit, 1.0f, tile_);
        for (uint32_t start = AscendC::GetBlockIdx() * tile_; start < length_;
             start += AscendC::GetBlockNum() * tile_) {
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
        // Comparisons take whole repeats; what they say of the lanes behind the tail is dropped.
        const uint32_t compared = (count + 63) / 64 * 64;
        AscendC::LocalTensor<float> x = in_.DeQue<float>();
        AscendC::LocalTensor<float> y = out_.AllocTensor<float>();
        AscendC::LocalTensor<float> limit = limit_.Get<float>();
        AscendC::LocalTensor<uint8_t> larger = larger_.Get<uint8_t>();
        AscendC::Compare(larger, x, limit, AscendC::CMPMODE::GT, compared);
        AscendC::Select(y, larger, limit, x, AscendC::SELMODE::VSEL_TENSOR_SCALAR_MODE,
                        count);  // finding: select-mode
        out_.EnQue(y);
        in_.FreeTensor(x);
    }

    __aicore__ inline void CopyOut(uint32_t start, uint32_t count)
    {
        AscendC::LocalTensor<float> y = out_.DeQue<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(y_[start], y, exact);
        out_.FreeTensor(y);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> limit_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> larger_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> y_;
    uint32_t length_ = 0;
    uint32_t tile_ = 0;
};

extern "C" __global__ __aicore__ void clip(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(ClipTiling);
    GET_TILING_DATA(data, tiling);
    Clip op;
    op.Init(x, y, data);
    op.Process();
}
