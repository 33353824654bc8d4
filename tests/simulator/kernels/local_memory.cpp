// SPDX-License-Identifier: Apache-2.0
// Tensors without a TPipe, flags by hand; an entry with a C++ name and typed pointers.
#include "kernel_operator.h"

__vector__ __global__ void copy_twice(__gm__ float* x, __gm__ const float* unused, __gm__ float* y)
{
    constexpr uint32_t kLength = 8;
    AscendC::InitSocState();
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(x + block_idx * kLength, kLength);
    output.SetGlobalBuffer(y + 2 * block_idx * kLength, 2 * kLength);
    AscendC::LocalMemAllocator<AscendC::Hardware::UB> allocator;
    AscendC::LocalTensor<uint8_t> odd = allocator.Alloc<uint8_t, 5>();
    AscendC::LocalTensor<float> first = allocator.Alloc<float, kLength>();
    AscendC::LocalTensor<float> second(AscendC::TPosition::VECOUT, allocator.GetCurAddr(), kLength);
    AscendC::DataCopy(first, input, kLength);
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(EVENT_ID0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(EVENT_ID0);
    AscendC::DataCopy(second, first, kLength);
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(EVENT_ID0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(EVENT_ID0);
    AscendC::DataCopy(output, first, kLength);
    AscendC::DataCopy(output[kLength], second, kLength);
    if (unused == nullptr && get_block_idx() == get_block_num() - 1) {
        output.SetValue(0, second.GetPhyAddr() - reinterpret_cast<float*>(odd.GetPhyAddr()));
    }
}
