// SPDX-License-Identifier: Apache-2.0
// Two copies' worth of work in the ways that SCENARIO names, on tiles of 2048 floats.
#include "kernel_operator.h"

using AscendC::HardEvent;

namespace {

constexpr int32_t kCount = 2048;

class Pipes {
public:
    __aicore__ inline Pipes(GM_ADDR x, GM_ADDR y, AscendC::TPipe& pipe)
    {
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
        pipe.InitBuffer(in_, kCount * sizeof(float));
        pipe.InitBuffer(out_, kCount * sizeof(float));
    }

    __aicore__ inline void CopyIn() { AscendC::DataCopy(in_.Get<float>(), x_, kCount); }
    __aicore__ inline void Compute() { AscendC::Adds(out_.Get<float>(), in_.Get<float>(), 1.0f, kCount); }
    __aicore__ inline void CopyOut() { AscendC::DataCopy(y_, out_.Get<float>(), kCount); }
    __aicore__ inline void CopyThrough() { AscendC::DataCopy(y_, in_.Get<float>(), kCount); }
    __aicore__ inline void Repeat(uint64_t mask, uint8_t repeats)
    {
        AscendC::Adds(out_.Get<float>(), in_.Get<float>(), 1.0f, mask, repeats, {1, 1, 8, 8});
    }

private:
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> y_;
    AscendC::TBuf<AscendC::QuePosition::VECCALC> in_;
    AscendC::TBuf<AscendC::QuePosition::VECCALC> out_;
};

template <HardEvent event>
__aicore__ inline void Meet()
{
    AscendC::SetFlag<event>(0);
    AscendC::WaitFlag<event>(0);
}

}  // namespace

extern "C" __global__ __aicore__ void pipes(GM_ADDR x, GM_ADDR y)
{
    AscendC::TPipe pipe;
    Pipes work(x, y, pipe);
#if SCENARIO == 0  // flags
    work.CopyIn();
    Meet<HardEvent::MTE2_V>();
    work.Compute();
    Meet<HardEvent::V_MTE3>();
    work.CopyOut();
#elif SCENARIO == 1  // barriers
    work.CopyIn();
    AscendC::PipeBarrier<PIPE_ALL>();
    work.Compute();
    AscendC::PipeBarrier<PIPE_ALL>();
    work.CopyOut();
#elif SCENARIO == 2  // everything at once
    work.CopyIn();
    work.Compute();
    work.CopyOut();
#elif SCENARIO == 3  // the scalar pipe, which hands out instructions, waits
    work.CopyIn();
    Meet<HardEvent::MTE2_S>();
    work.CopyThrough();
#elif SCENARIO == 4  // a barrier of one pipe waits for the copy's data
    work.CopyIn();
    AscendC::PipeBarrier<PIPE_MTE2>();
    work.CopyIn();
#elif SCENARIO == 5  // as many copies as the block's number, meet, one more
    for (int64_t i = 0; i < AscendC::GetBlockIdx(); ++i) {
        work.CopyIn();
    }
    AscendC::SyncAll();
    work.CopyIn();
#elif SCENARIO == 6  // masked repeats
    work.CopyIn();
    AscendC::PipeBarrier<PIPE_ALL>();
    work.Repeat(64, 32);
    work.Repeat(64, 2);
    work.Repeat(64, 1);
    work.Repeat(13, 2);
    work.Repeat(13, 1);
#elif SCENARIO == 7  // leaves the tensor
    work.CopyIn();
    Meet<HardEvent::MTE2_V>();
    work.Repeat(64, 255);
#endif
}
