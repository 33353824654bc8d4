// SPDX-License-Identifier: Apache-2.0
// A sum takes in the padding behind a tail, which nobody has given a value.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void sum(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 96);
    const AscendC::LocalTensor<float> tile = buffer.Get<float>();
#ifdef FAULTY
    constexpr bool kPads = false;
#else
    constexpr bool kPads = true;
#endif
    AscendC::DataCopyPad(tile, input, AscendC::DataCopyExtParams{1, 5 * sizeof(float), 0, 0, 0},
                         AscendC::DataCopyPadExtParams<float>{kPads, 0, 3, 0.0f});
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::ReduceSum(tile[8], tile, tile[16], 8);  // FINDING
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopyPad(output, tile[8], AscendC::DataCopyExtParams{1, sizeof(float), 0, 0, 0});
}
