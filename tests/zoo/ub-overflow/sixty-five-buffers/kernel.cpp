// SPDX-License-Identifier: Apache-2.0
// A TPipe has 64 buffers, and one is claimed for each row.
#include "kernel_operator.h"

class Fill {
public:
    __aicore__ inline void Init(GM_ADDR y)
    {
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), kRows * kColumns);
        for (auto& row : rows_) {
            pipe_.InitBuffer(row, kColumns * sizeof(float));  // finding: ub-overflow
        }
    }

    __aicore__ inline void Process()
    {
        for (uint32_t row = 0; row < kRows; ++row) {
            AscendC::Duplicate(rows_[row].Get<float>(), static_cast<float>(row), kColumns);
        }
        AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
        AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
        for (uint32_t row = 0; row < kRows; ++row) {
            AscendC::DataCopy(y_[row * kColumns], rows_[row].Get<float>(), kColumns);
        }
    }

private:
    static constexpr uint32_t kRows = 65;
    static constexpr uint32_t kColumns = 8;
    AscendC::TPipe pipe_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> rows_[kRows];
    AscendC::GlobalTensor<float> y_;
};

extern "C" __global__ __aicore__ void fill(GM_ADDR y)
{
    Fill op;
    op.Init(y);
    op.Process();
}
