// SPDX-License-Identifier: Apache-2.0
// A kernel that lays out the unified buffer itself takes more than there is.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void claim(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> output;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    AscendC::LocalMemAllocator<AscendC::Hardware::UB> allocator;
#ifdef FAULTY
    constexpr uint32_t kBytes = 96 * 1024;
#else
    constexpr uint32_t kBytes = 96 * 1024 - 256;
#endif
    allocator.Alloc<uint8_t>(96 * 1024);
    allocator.Alloc<uint8_t>(kBytes);  // FINDING
    output.SetValue(0, 1);
}
