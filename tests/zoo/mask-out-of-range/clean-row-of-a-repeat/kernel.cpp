// SPDX-License-Identifier: Apache-2.0
// A row of 60 floats is summed by one repeat.
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
        padded_ = (columns_ + 15) / 16 * 16;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x), rows_ * columns_);
        sums_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(sums), rows_);
        pipe_.InitBuffer(in_, 2, padded_ * sizeof(half));
        pipe_.InitBuffer(out_, 1, 32);
        pipe_.InitBuffer(wide_, padded_ * sizeof(float));
        pipe_.InitBuffer(work_, padded_ * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        for (uint32_t row = AscendC::GetBlockIdx(); row < rows_; row += AscendC::GetBlockNum()) {
            CopyIn(row);
            Compute();
            CopyOut(row);
        }
    }

private:
    __aicore__ inline void CopyIn(uint32_t row)
    {
        AscendC::LocalTensor<half> x = in_.AllocTensor<half>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(columns_ * sizeof(half)), 0, 0, 0};
        AscendC::DataCopyPad(x, x_[row * columns_], exact, AscendC::DataCopyPadExtParams<half>{});
        in_.EnQue(x);
    }

    __aicore__ inline void Compute()
    {
        AscendC::LocalTensor<half> x = in_.DeQue<half>();
        AscendC::LocalTensor<float> sum = out_.AllocTensor<float>();
        AscendC::LocalTensor<float> wide = wide_.Get<float>();
        AscendC::Cast(wide, x, AscendC::RoundMode::CAST_NONE, columns_);
        AscendC::WholeReduceSum(sum, wide, columns_, 1, 1, 1, 8);
        out_.EnQue(sum);
        in_.FreeTensor(x);
    }

    __aicore__ inline void CopyOut(uint32_t row)
    {
        AscendC::LocalTensor<float> sum = out_.DeQue<float>();
        AscendC::DataCopyPad(sums_[row], sum, {1, sizeof(float), 0, 0, 0});
        out_.FreeTensor(sum);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> wide_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> work_;
    AscendC::GlobalTensor<half> x_;
    AscendC::GlobalTensor<float> sums_;
    uint32_t rows_ = 0;
    uint32_t columns_ = 0;
    uint32_t padded_ = 0;  // a row in UB, whole blocks of 32 bytes
};

extern "C" __global__ __aicore__ void row_sum(GM_ADDR x, GM_ADDR sums, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(RowSumTiling);
    GET_TILING_DATA(data, tiling);
    RowSum op;
    op.Init(x, sums, data);
    op.Process();
}
