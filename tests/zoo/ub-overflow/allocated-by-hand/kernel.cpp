// SPDX-License-Identifier: Apache-2.0
// A kernel that lays out the unified buffer itself takes more than there is.
#include "kernel_operator.h"

// y = |x| on one tile.
extern "C" __global__ __aicore__ void absolute(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kTile = 96 * 1024;
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::LocalMemAllocator<AscendC::Hardware::UB> allocator;
    AscendC::LocalTensor<float> a = allocator.Alloc<float>(kTile / sizeof(float));
    AscendC::LocalTensor<float> b = allocator.Alloc<float>(kTile / sizeof(float));  // finding: ub-overflow
    AscendC::DataCopy(a, input, 256);
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::Abs(b, a, 256);
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopy(output, b, 256);
}
