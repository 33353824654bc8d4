// SPDX-License-Identifier: Apache-2.0
// Each function depends on one synchronisation, which is left out unless the tiling says so.
#include "kernel_operator.h"

using namespace AscendC;

namespace {

constexpr uint32_t kCount = 64;

struct Tiling {
    uint32_t which;
    uint32_t mended;
};

template <HardEvent event>
void Order(bool wanted = true)
{
    if (wanted) {
        SetFlag<event>(EVENT_ID0);
        WaitFlag<event>(EVENT_ID0);
    }
}

class Cases {
public:
    Cases(GM_ADDR x, GM_ADDR y, GM_ADDR slots, bool mended) : mended_(mended)
    {
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y));
        slots_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(slots));
        pipe_.InitBuffer(buffers_, 3 * kCount * sizeof(float));
        a_ = buffers_.Get<float>();
        b_ = a_[kCount];
        c_ = a_[2 * kCount];
    }

    // Copied in, then read by the vector unit.
    void CopyInThenCompute()
    {
        DataCopy(a_, x_, kCount);
        Order<HardEvent::MTE2_V>(mended_);
        Adds(b_, a_, 1.0f, kCount);
        CopyOut(b_, 0);
    }

    // Computed, then copied out.
    void ComputeThenCopyOut()
    {
        CopyIn(a_, 0);
        Adds(b_, a_, 1.0f, kCount);
        Order<HardEvent::V_MTE3>(mended_);
        DataCopy(y_, b_, kCount);
    }

    // Copied in, then out.
    void CopyInThenCopyOut()
    {
        DataCopy(a_, x_, kCount);
        Order<HardEvent::MTE2_MTE3>(mended_);
        DataCopy(y_, a_, kCount);
    }

    // Copied in over what is being copied out.
    void CopyOutThenCopyIn()
    {
        for (uint32_t tile = 0; tile < 2; ++tile) {
            DataCopy(a_, x_[tile * kCount], kCount);
            Order<HardEvent::MTE2_MTE3>();
            DataCopy(y_[tile * kCount], a_, kCount);
            Order<HardEvent::MTE3_MTE2>(mended_);
        }
    }

    // Copied in over what is being computed on.
    void ComputeThenCopyIn()
    {
        for (uint32_t tile = 0; tile < 2; ++tile) {
            CopyIn(a_, tile);
            Adds(tile == 0 ? b_ : c_, a_, 1.0f, kCount);
            Order<HardEvent::V_MTE2>(mended_);
        }
        CopyOut(b_, 0);
        CopyOut(c_, 1);
    }

    // Computed into what is being copied out.
    void CopyOutThenCompute()
    {
        CopyIn(a_, 0);
        for (uint32_t tile = 0; tile < 2; ++tile) {
            Adds(b_, a_, static_cast<float>(tile), kCount);
            CopyOut(b_, tile);
            Order<HardEvent::MTE3_V>(mended_);
        }
    }

    // Copied out twice to the same place.
    void CopyOutTwice()
    {
        CopyIn(a_, 0);
        Adds(b_, a_, 1.0f, kCount);
        Order<HardEvent::V_MTE3>();
        DataCopy(y_, a_, kCount);
        if (mended_) {
            PipeBarrier<PIPE_MTE3>();
        }
        DataCopy(y_, b_, kCount);
    }

    // Copied in twice to the same place.
    void CopyInTwice()
    {
        DataCopy(a_, x_, kCount);
        if (mended_) {
            PipeBarrier<PIPE_MTE2>();
        }
        DataCopy(a_, x_[kCount], kCount);
        Order<HardEvent::MTE2_MTE3>();
        DataCopy(y_, a_, kCount);
    }

    // Computed from what was just computed.
    void ComputeThenCompute()
    {
        CopyIn(a_, 0);
        Adds(b_, a_, 1.0f, kCount);
        if (mended_) {
            PipeBarrier<PIPE_V>();
        }
        Muls(c_, b_, 2.0f, kCount);
        CopyOut(c_, 0);
    }

    // Computed, then read by the scalar unit.
    void ComputeThenRead()
    {
        CopyIn(a_, 0);
        Adds(b_, a_, 1.0f, kCount);
        Order<HardEvent::V_S>(mended_);
        const float value = b_.GetValue(3);
        Order<HardEvent::S_V>(mended_);
        Duplicate(c_, value, kCount);
        CopyOut(c_, 0);
    }

    // A tensor used without DeQue.
    void Queue()
    {
        TQue<TPosition::VECIN, 1> queue;
        pipe_.InitBuffer(queue, 1, kCount * sizeof(float));
        LocalTensor<float> in = queue.AllocTensor<float>();
        DataCopy(in, x_, kCount);
        if (mended_) {
            queue.EnQue(in);
            in = queue.DeQue<float>();
        }
        Adds(b_, in, 1.0f, kCount);
        queue.FreeTensor(in);
        CopyOut(b_, 0);
    }

    // Written by one core, read by another.
    void Exchange()
    {
        const int64_t block = GetBlockIdx();
        const int64_t blocks = GetBlockNum();
        Duplicate(a_, static_cast<float>(block + 1), 8);
        Order<HardEvent::V_MTE3>();
        DataCopy(slots_[block * 8], a_, 8);
        if (mended_) {
            SyncAll();
        }
        DataCopy(b_, slots_[(block + 1) % blocks * 8], 8);
        Order<HardEvent::MTE2_MTE3>();
        DataCopy(y_[block * 8], b_, 8);
    }

    // Two pipes each wait for what the other does after its own wait.
    void Deadlock()
    {
        if (mended_) {
            SetFlag<HardEvent::V_MTE3>(EVENT_ID1);
        }
        WaitFlag<HardEvent::MTE3_V>(EVENT_ID0);  // WAITS
        WaitFlag<HardEvent::V_MTE3>(EVENT_ID1);
        if (!mended_) {
            SetFlag<HardEvent::V_MTE3>(EVENT_ID1);
        }
        SetFlag<HardEvent::MTE3_V>(EVENT_ID0);
    }

    // One block ends without meeting the others.
    void EarlyEnd()
    {
        if (mended_ || GetBlockIdx() != 0) {
            SyncAll();  // MEETS
        }
    }

private:
    void CopyIn(const LocalTensor<float>& to, uint32_t tile)
    {
        DataCopy(to, x_[tile * kCount], kCount);
        Order<HardEvent::MTE2_V>();
    }
    void CopyOut(const LocalTensor<float>& from, uint32_t tile)
    {
        Order<HardEvent::V_MTE3>();
        DataCopy(y_[tile * kCount], from, kCount);
    }

    bool mended_;
    TPipe pipe_;
    TBuf<> buffers_;
    GlobalTensor<float> x_;
    GlobalTensor<float> y_;
    GlobalTensor<float> slots_;
    LocalTensor<float> a_;
    LocalTensor<float> b_;
    LocalTensor<float> c_;
};

}  // namespace

extern "C" __global__ __aicore__ void schedules(GM_ADDR x, GM_ADDR y, GM_ADDR slots, GM_ADDR workspace,
                                                GM_ADDR tiling)
{
    GET_TILING_DATA_WITH_STRUCT(Tiling, data, tiling);
    using Case = void (Cases::*)();
    constexpr Case kCases[] = {
        &Cases::CopyInThenCompute,
        &Cases::ComputeThenCopyOut,
        &Cases::CopyInThenCopyOut,
        &Cases::CopyOutThenCopyIn,
        &Cases::ComputeThenCopyIn,
        &Cases::CopyOutThenCompute,
        &Cases::CopyOutTwice,
        &Cases::CopyInTwice,
        &Cases::ComputeThenCompute,
        &Cases::ComputeThenRead,
        &Cases::Queue,
        &Cases::Exchange,
        &Cases::Deadlock,
        &Cases::EarlyEnd,
    };
    Cases cases(x, y, slots, data.mended != 0);
    (cases.*kCases[data.which])();
}
