// SPDX-License-Identifier: Apache-2.0
// The second half of a row begins at a block of 32 bytes, and tails are copied to the byte.
#include "kernel_operator.h"

struct FoldTiling {
    uint32_t rows;
    uint32_t columns;
};

// y = the left half of each row of x + the right half
class Fold {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, const FoldTiling& tiling)
    {
        rows_ = tiling.rows;
        columns_ = tiling.columns;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
        pipe_.InitBuffer(in_, 2, (columns_ + 7) / 8 * 32);
        pipe_.InitBuffer(out_, 2, (columns_ / 2 + 7) / 8 * 32);
    }

    __aicore__ inline void Process()
    {
        for (uint32_t row = 0; row < rows_; ++row) {
            AscendC::LocalTensor<float> x = in_.AllocTensor<float>();
            const AscendC::DataCopyExtParams whole{1, static_cast<uint32_t>(columns_ * sizeof(float)), 0, 0,
                                                   0};
            AscendC::DataCopyPad(x, x_[row * columns_], whole, AscendC::DataCopyPadExtParams<float>{});
            in_.EnQue(x);
            Compute();
            AscendC::LocalTensor<float> y = out_.DeQue<float>();
            const AscendC::DataCopyExtParams half{1, static_cast<uint32_t>(columns_ / 2 * sizeof(float)), 0,
                                                  0, 0};
            AscendC::DataCopyPad(y_[row * (columns_ / 2)], y, half);
            out_.FreeTensor(y);
        }
    }

private:
    __aicore__ inline void Compute()
    {
        AscendC::LocalTensor<float> x = in_.DeQue<float>();
        AscendC::LocalTensor<float> y = out_.AllocTensor<float>();
        AscendC::Add(y, x, x[columns_ / 2], columns_ / 2);
        out_.EnQue(y);
        in_.FreeTensor(x);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> y_;
    uint32_t rows_ = 0;
    uint32_t columns_ = 0;
};

extern "C" __global__ __aicore__ void fold(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(FoldTiling);
    GET_TILING_DATA(data, tiling);
    Fold op;
    op.Init(x, y, data);
    op.Process();
}
