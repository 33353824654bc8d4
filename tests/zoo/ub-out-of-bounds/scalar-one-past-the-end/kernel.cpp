// SPDX-License-Identifier: Apache-2.0
// A loop of the scalar unit writes one element past its buffer.
#include "kernel_operator.h"

class Countdown {
public:
    __aicore__ inline void Init(GM_ADDR y)
    {
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y), kCount);
        pipe_.InitBuffer(out_, 1, kCount * sizeof(int32_t));
    }

    __aicore__ inline void Process()
    {
        AscendC::LocalTensor<int32_t> tile = out_.AllocTensor<int32_t>();
        for (int32_t i = 0; i <= kCount; ++i) {
            tile.SetValue(i, kCount - i);  // finding: ub-out-of-bounds
        }
        out_.EnQue(tile);
        tile = out_.DeQue<int32_t>();
        AscendC::DataCopy(y_, tile, kCount);
        out_.FreeTensor(tile);
    }

private:
    static constexpr int32_t kCount = 16;
    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::GlobalTensor<int32_t> y_;
};

extern "C" __global__ __aicore__ void countdown(GM_ADDR y)
{
    Countdown op;
    op.Init(y);
    op.Process();
}
