// SPDX-License-Identifier: Apache-2.0
// A Cast widens in place: every repeat overwrites the source of the next. From the upper half it may.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void widen(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<half> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 1024);
    const AscendC::LocalTensor<float> wide = buffer.Get<float>();
#ifdef FAULTY
    const AscendC::LocalTensor<half> narrow = buffer.Get<half>();
#else
    const AscendC::LocalTensor<half> narrow = buffer.Get<half>()[256];
#endif
    AscendC::DataCopy(narrow, input, 256);
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::Cast(wide, narrow, AscendC::RoundMode::CAST_NONE, 256);  // FINDING
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::DataCopy(output, wide, 256);
}
