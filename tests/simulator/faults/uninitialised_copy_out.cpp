// SPDX-License-Identifier: Apache-2.0
// Half a tile is loaded, all of it is computed, and more than what was loaded is copied out.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void twice(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<half> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x));
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> narrow;
    AscendC::TBuf<AscendC::TPosition::VECCALC> wide;
    pipe.InitBuffer(narrow, 64);
    pipe.InitBuffer(wide, 128);
    const AscendC::LocalTensor<half> tile = narrow.Get<half>();
    const AscendC::LocalTensor<float> values = wide.Get<float>();
    AscendC::DataCopy(tile, input, 16);
    AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
    AscendC::Cast(values, tile, AscendC::RoundMode::CAST_NONE, 32);
    AscendC::Add(values, values, values, 32);
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
#ifdef FAULTY
    constexpr uint32_t kCount = 24;
#else
    constexpr uint32_t kCount = 16;
#endif
    AscendC::DataCopy(output, values, kCount);  // FINDING
}
