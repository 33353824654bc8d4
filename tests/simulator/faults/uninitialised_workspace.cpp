// SPDX-License-Identifier: Apache-2.0
// Sums are added up in the workspace, which is not zero when a kernel begins.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void sum(GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    AscendC::GlobalTensor<float> output;
    AscendC::GlobalTensor<float> total;
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
    total.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(workspace));
    AscendC::TPipe pipe;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, 32);
    const AscendC::LocalTensor<float> ones = buffer.Get<float>();
#ifndef FAULTY
    if (AscendC::GetBlockIdx() == 0) {
        AscendC::InitGlobalMemory(total, 8, 0.0f);
    }
    AscendC::SyncAll();
#endif
    AscendC::Duplicate(ones, 1.0f, 8);
    AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
    AscendC::SetAtomicAdd<float>();
    AscendC::DataCopy(total, ones, 8);  // FINDING
    AscendC::SetAtomicNone();
    AscendC::SyncAll();
    if (AscendC::GetBlockIdx() == 0) {
        output.SetValue(0, total.GetValue(0));
    }
}
