// SPDX-License-Identifier: Apache-2.0
// DataCopyPad pads each row of a tile to 32 bytes, for which the buffer has no room.
#include "kernel_operator.h"

struct RowSumTiling {
    uint32_t rows;
    uint32_t columns;
};

class RowSum {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR sums, const RowSumTiling& tiling)
    {
        rows_ = tiling.rows;
        columns_ = tiling.columns;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x), rows_ * columns_);
        sums_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(sums), rows_);
        pipe_.InitBuffer(in_, 1, rows_ * columns_ * sizeof(half));
        pipe_.InitBuffer(out_, 1, 32);
        pipe_.InitBuffer(work_, columns_ * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        CopyIn();
        Compute();
        CopyOut();
    }

private:
    __aicore__ inline void CopyIn()
    {
        AscendC::LocalTensor<half> x = in_.AllocTensor<half>();
        const AscendC::DataCopyExtParams rows{static_cast<uint16_t>(rows_),
                                              static_cast<uint32_t>(columns_ * sizeof(half)), 0, 0, 0};
        const AscendC::DataCopyPadExtParams<half> noPadding{};
        AscendC::DataCopyPad(x, x_, rows, noPadding);  // finding: ub-out-of-bounds
        in_.EnQue(x);
    }

    __aicore__ inline void Compute()
    {
        AscendC::LocalTensor<half> x = in_.DeQue<half>();
        AscendC::LocalTensor<float> sum = out_.AllocTensor<float>();
        AscendC::LocalTensor<float> wide = work_.Get<float>();
        for (uint32_t row = 0; row < rows_; ++row) {
            AscendC::LocalTensor<half> narrow = x[row * ((columns_ + 15) / 16 * 16)];
            AscendC::Cast(wide, narrow, AscendC::RoundMode::CAST_NONE,
                          columns_);  // finding: ub-out-of-bounds
            AscendC::WholeReduceSum(sum[row], wide, columns_, 1, 1, 1, 8);
        }
        out_.EnQue(sum);
        in_.FreeTensor(x);
    }

    __aicore__ inline void CopyOut()
    {
        AscendC::LocalTensor<float> sum = out_.DeQue<float>();
        AscendC::DataCopyPad(sums_, sum, {1, static_cast<uint32_t>(rows_ * sizeof(float)), 0, 0, 0});
        out_.FreeTensor(sum);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> work_;
    AscendC::GlobalTensor<half> x_;
    AscendC::GlobalTensor<float> sums_;
    uint32_t rows_ = 0;
    uint32_t columns_ = 0;
};

extern "C" __global__ __aicore__ void row_sum(GM_ADDR x, GM_ADDR sums, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(RowSumTiling);
    GET_TILING_DATA(data, tiling);
    RowSum op;
    op.Init(x, sums, data);
    op.Process();
}
