// SPDX-License-Identifier: Apache-2.0
// Repeats are summed into one place: destination and second source are the same, with stride 0.
#include "kernel_operator.h"

struct ColumnSumTiling {
    uint32_t rows;
};

// Sums the rows of 64 floats of each block's tile.
class ColumnSum {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR sums, const ColumnSumTiling& tiling)
    {
        rows_ = tiling.rows;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), rows_ * kColumns);
        sums_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(sums), kColumns);
        pipe_.InitBuffer(tile_, 1, rows_ * kColumns * sizeof(float));
        pipe_.InitBuffer(out_, 1, kColumns * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        AscendC::LocalTensor<float> x = tile_.AllocTensor<float>();
        AscendC::DataCopy(x, x_, rows_ * kColumns);
        tile_.EnQue(x);
        x = tile_.DeQue<float>();
        // Every repeat adds one row to the first one.
        const AscendC::BinaryRepeatParams params{1, 1, 1, 0, 8, 0};
        AscendC::Add(x, x[kColumns], x, kColumns, rows_ - 1, params);
        AscendC::LocalTensor<float> sums = out_.AllocTensor<float>();
        AscendC::Muls(sums, x, 1.0f, kColumns);
        out_.EnQue(sums);
        tile_.FreeTensor(x);
        sums = out_.DeQue<float>();
        AscendC::DataCopy(sums_, sums, kColumns);
        out_.FreeTensor(sums);
    }

private:
    static constexpr uint64_t kColumns = 64;
    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> tile_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> sums_;
    uint32_t rows_ = 0;
};

extern "C" __global__ __aicore__ void column_sum(GM_ADDR x, GM_ADDR sums, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(ColumnSumTiling);
    GET_TILING_DATA(data, tiling);
    ColumnSum op;
    op.Init(x, sums, data);
    op.Process();
}
