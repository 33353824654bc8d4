// SPDX-License-Identifier: Apache-2.0
// A lane is chosen by a comparison with padding. Its bit shares 16 bits with those of the lanes before it.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void larger(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> values;
    AscendC::TBuf<AscendC::TPosition::VECCALC> selectors;
    pipe.InitBuffer(values, 512);
    pipe.InitBuffer(selectors, 32);
    const AscendC::LocalTensor<float> tile = values.Get<float>();
    const AscendC::LocalTensor<float> ones = tile[64];
    const AscendC::LocalTensor<uint8_t> selector = selectors.Get<uint8_t>();
    AscendC::DataCopyPad(tile, input, AscendC::DataCopyExtParams{1, 5 * sizeof(float), 0, 0, 0},
                         AscendC::DataCopyPadExtParams<float>{false, 0, 0, 0.0f});
    AscendC::Duplicate(ones, 1.0f, 64);
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::CompareScalar(selector, tile, 0.0f, AscendC::CMPMODE::GT, 64);
    const AscendC::LocalTensor<uint16_t> bits = selector.ReinterpretCast<uint16_t>();
    AscendC::And(bits, bits, bits, 16);
    AscendC::Select(tile, selector, ones, 2.0f, AscendC::SELMODE::VSEL_TENSOR_SCALAR_MODE, 64);
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
#ifdef FAULTY
    constexpr uint32_t kCount = 6;
#else
    constexpr uint32_t kCount = 5;
#endif
    constexpr uint32_t kBytes = kCount * sizeof(float);
    AscendC::DataCopyPad(output, tile, AscendC::DataCopyExtParams{1, kBytes, 0, 0, 0});  // FINDING
}
