// SPDX-License-Identifier: Apache-2.0
// Integers can only be compared for equality.
#include "kernel_operator.h"

struct EqualTiling {
    uint32_t length;
};

// The bits of y say which elements of x are below 3.
class Three {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, const EqualTiling& tiling)
    {
        length_ = tiling.length;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(x), length_);
        y_.SetGlobalBuffer(y, length_ / 8);
        pipe_.InitBuffer(in_, 1, length_ * sizeof(int32_t));
        pipe_.InitBuffer(out_, 1, length_ / 8);
        pipe_.InitBuffer(three_, length_ * sizeof(int32_t));
    }

    __aicore__ inline void Process()
    {
        AscendC::LocalTensor<int32_t> x = in_.AllocTensor<int32_t>();
        AscendC::DataCopy(x, x_, length_);
        in_.EnQue(x);
        Compute();
        AscendC::LocalTensor<uint8_t> y = out_.DeQue<uint8_t>();
        AscendC::DataCopy(y_, y, length_ / 8);
        out_.FreeTensor(y);
    }

private:
    __aicore__ inline void Compute()
    {
        AscendC::LocalTensor<int32_t> x = in_.DeQue<int32_t>();
        AscendC::LocalTensor<uint8_t> y = out_.AllocTensor<uint8_t>();
        AscendC::LocalTensor<int32_t> three = three_.Get<int32_t>();
        AscendC::Duplicate(three, 3, length_);
        AscendC::Compare(y, x, three, AscendC::CMPMODE::LT, length_);  // finding: compare-mode
        out_.EnQue(y);
        in_.FreeTensor(x);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> three_;
    AscendC::GlobalTensor<int32_t> x_;
    AscendC::GlobalTensor<uint8_t> y_;
    uint32_t length_ = 0;
};

extern "C" __global__ __aicore__ void three(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(EqualTiling);
    GET_TILING_DATA(data, tiling);
    Three op;
    op.Init(x, y, data);
    op.Process();
}
