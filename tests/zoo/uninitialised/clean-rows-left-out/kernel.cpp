// SPDX-License-Identifier: Apache-2.0
// Whole tiles of rows are reduced, of which the last is partly loaded; results of the other rows are dropped.
#include "kernel_operator.h"

constexpr uint32_t kRows = 8;      // of a tile
constexpr uint32_t kColumns = 64;  // one repeat of float

struct RowTiling {
    uint32_t rows;
};

class Rows {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR sums, GM_ADDR maxima, const RowTiling& tiling)
    {
        rows_ = tiling.rows;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), rows_ * kColumns);
        sums_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(sums), rows_);
        maxima_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(maxima), rows_);
        pipe_.InitBuffer(in_, 2, kRows * kColumns * sizeof(float));
        pipe_.InitBuffer(out_, 2, 2 * kRows * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        const uint32_t stride = AscendC::GetBlockNum() * kRows;
        for (uint32_t row = AscendC::GetBlockIdx() * kRows; row < rows_; row += stride) {
            const uint32_t rows = rows_ - row < kRows ? rows_ - row : kRows;
            AscendC::LocalTensor<float> x = in_.AllocTensor<float>();
            AscendC::DataCopy(x, x_[row * kColumns], rows * kColumns);
            in_.EnQue(x);
            Compute();
            CopyOut(row, rows);
        }
    }

private:
    __aicore__ inline void Compute()
    {
        AscendC::LocalTensor<float> x = in_.DeQue<float>();
        AscendC::LocalTensor<float> y = out_.AllocTensor<float>();
        AscendC::WholeReduceSum(y, x, kColumns, kRows, 1, 1, 8);
        AscendC::WholeReduceMax(y[kRows], x, kColumns, kRows, 1, 1, 8,
                                AscendC::ReduceOrder::ORDER_ONLY_VALUE);
        AscendC::Muls(y, y, 2.0f, 2 * kRows);
        out_.EnQue(y);
        in_.FreeTensor(x);
    }

    __aicore__ inline void CopyOut(uint32_t row, uint32_t rows)
    {
        AscendC::LocalTensor<float> y = out_.DeQue<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(rows * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(sums_[row], y, exact);
        AscendC::DataCopyPad(maxima_[row], y[kRows], exact);
        out_.FreeTensor(y);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> sums_;
    AscendC::GlobalTensor<float> maxima_;
    uint32_t rows_ = 0;
};

extern "C" __global__ __aicore__ void rows(GM_ADDR x, GM_ADDR sums, GM_ADDR maxima, GM_ADDR workspace,
                                           GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(RowTiling);
    GET_TILING_DATA(data, tiling);
    Rows op;
    op.Init(x, sums, maxima, data);
    op.Process();
}
