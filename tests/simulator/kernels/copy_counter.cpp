// SPDX-License-Identifier: Apache-2.0
// Copy in counter mode, which repeats, unlike other calls.
#include "kernel_operator.h"

using namespace AscendC;

extern "C" __global__ __aicore__ void copy_counter(GM_ADDR in, GM_ADDR out, uint32_t count, uint32_t repeats,
                                                   uint16_t targetStride, uint16_t sourceStride,
                                                   uint16_t targetRepeat, uint16_t sourceRepeat)
{
    constexpr uint32_t kCount = 2048;
    TPipe pipe;
    TBuf<TPosition::VECCALC> from;
    TBuf<TPosition::VECCALC> to;
    pipe.InitBuffer(from, kCount * sizeof(int32_t));
    pipe.InitBuffer(to, kCount * sizeof(int32_t));
    GlobalTensor<int32_t> inGm;
    GlobalTensor<int32_t> outGm;
    inGm.SetGlobalBuffer((__gm__ int32_t*)in);
    outGm.SetGlobalBuffer((__gm__ int32_t*)out);
    LocalTensor<int32_t> source = from.Get<int32_t>();
    LocalTensor<int32_t> target = to.Get<int32_t>();
    DataCopy(source, inGm, kCount);
    DataCopy(target, outGm, kCount);
    PipeBarrier<PIPE_ALL>();
    set_mask_count();
    SetVectorMask<int32_t, MaskMode::COUNTER>(count);
    Copy<int32_t, false>(target, source, MASK_PLACEHOLDER, repeats,
                         {targetStride, sourceStride, targetRepeat, sourceRepeat});
    set_mask_norm();
    ResetMask();
    PipeBarrier<PIPE_ALL>();
    DataCopy(outGm, target, kCount);
}
