// SPDX-License-Identifier: Apache-2.0
// A comparison with a tensor that nothing has filled. Padding may be compared and selected, for it is
// dropped.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void larger(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> values;
    AscendC::TBuf<AscendC::TPosition::VECCALC> limits;
    AscendC::TBuf<AscendC::TPosition::VECCALC> selectors;
    pipe.InitBuffer(values, 256);
    pipe.InitBuffer(limits, 256);
    pipe.InitBuffer(selectors, 32);
    const AscendC::LocalTensor<float> tile = values.Get<float>();
    const AscendC::LocalTensor<float> limit = limits.Get<float>();
    const AscendC::LocalTensor<uint8_t> selector = selectors.Get<uint8_t>();
    AscendC::DataCopyPad(tile, input, AscendC::DataCopyExtParams{1, 5 * sizeof(float), 0, 0, 0},
                         AscendC::DataCopyPadExtParams<float>{false, 0, 0, 0.0f});
#ifndef FAULTY
    AscendC::Duplicate(limit, 1.0f, 64);
#endif
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::Compare(selector, tile, limit, AscendC::CMPMODE::GT, 64);  // FINDING
    AscendC::Select(tile, selector, tile, limit, AscendC::SELMODE::VSEL_TENSOR_TENSOR_MODE, 64);
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopyPad(output, tile, AscendC::DataCopyExtParams{1, 5 * sizeof(float), 0, 0, 0});
}
