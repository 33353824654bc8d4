// SPDX-License-Identifier: Apache-2.0
// An absent optional input is read.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> input;
    AscendC::GlobalTensor<int32_t> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
#ifndef FAULTY
    if (x == nullptr) {
        output.SetValue(0, -1);
        return;
    }
#endif
    output.SetValue(0, input.GetValue(0));  // FINDING
}
