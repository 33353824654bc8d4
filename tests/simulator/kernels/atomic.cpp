// SPDX-License-Identifier: Apache-2.0
// Every block combines its row of x into y, by the operation COMBINE.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void atomic(GM_ADDR x, GM_ADDR y)
{
    constexpr uint32_t kLength = 24;
    AscendC::GlobalTensor<ELEMENT> input;
    AscendC::GlobalTensor<ELEMENT> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ ELEMENT*>(x) + kLength * AscendC::GetBlockIdx(), kLength);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ ELEMENT*>(y), kLength);
    AscendC::TPipe pipe;
    AscendC::TBuf<> buffer;
    pipe.InitBuffer(buffer, 128);
    AscendC::LocalTensor<ELEMENT> row = buffer.Get<ELEMENT>();
    const AscendC::DataCopyExtParams params{1, kLength * sizeof(ELEMENT), 0, 0, 0};
    AscendC::DataCopyPad(row, input, params, AscendC::DataCopyPadExtParams<ELEMENT>{});
    AscendC::PipeBarrier<PIPE_ALL>();
    AscendC::COMBINE<ELEMENT>();
    AscendC::DataCopyPad(output, row, params);
    AscendC::SetAtomicNone();
}
