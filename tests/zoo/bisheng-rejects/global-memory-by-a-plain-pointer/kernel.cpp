// SPDX-License-Identifier: Apache-2.0
// Global memory read as if it were the core's own.
#include "kernel_operator.h"

// y[0] = the sum of the rows' first elements, by the scalar unit.
extern "C" __global__ __aicore__ void first_elements(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kRows = 5;
    constexpr uint32_t kRow = 40;
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), kRows * kRow);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), 8);
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 32);
    const float* rows = reinterpret_cast<const float*>(x);  // finding: bisheng-rejects
    float sum = 0;
    for (uint32_t row = 0; row < kRows; ++row) {
        sum += rows[row * kRow];
    }
    AscendC::LocalTensor<float> result = buffer.Get<float>();
    AscendC::Duplicate(result, static_cast<float>(sum), 8);
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopy(output, result, 8);
}
