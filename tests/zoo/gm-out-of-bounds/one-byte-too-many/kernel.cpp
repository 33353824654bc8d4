// SPDX-License-Identifier: Apache-2.0
// The last block writes one byte past the tensor.
#include "kernel_operator.h"

class Number {
public:
    __aicore__ inline void Init(GM_ADDR y)
    {
        y_.SetGlobalBuffer(y);
        pipe_.InitBuffer(out_, 1, 32);
    }

    __aicore__ inline void Process()
    {
        constexpr uint32_t kShare = 7;
        const bool last = AscendC::GetBlockIdx() + 1 == AscendC::GetBlockNum();
        const uint32_t bytes = last ? kShare + 1 : kShare;
        AscendC::LocalTensor<uint8_t> tile = out_.AllocTensor<uint8_t>();
        for (uint32_t i = 0; i < bytes; ++i) {
            tile.SetValue(i, i);
        }
        out_.EnQue(tile);
        tile = out_.DeQue<uint8_t>();
        const uint32_t start = AscendC::GetBlockIdx() * kShare;
        AscendC::DataCopyPad(y_[start], tile, {1, bytes, 0, 0, 0});  // finding: gm-out-of-bounds
        out_.FreeTensor(tile);
    }

private:
    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::GlobalTensor<uint8_t> y_;
};

extern "C" __global__ __aicore__ void number(GM_ADDR y)
{
    Number op;
    op.Init(y);
    op.Process();
}
