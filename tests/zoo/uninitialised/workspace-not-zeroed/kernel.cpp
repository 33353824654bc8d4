// SPDX-License-Identifier: Apache-2.0
// Blocks add their sums up in the workspace, which holds anything when a kernel begins.
#include "kernel_operator.h"

struct TotalTiling {
    uint32_t length;  // of x, the same for each block
};

class Total {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, const TotalTiling& tiling)
    {
        share_ = tiling.length / AscendC::GetBlockNum();
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x) + share_ * AscendC::GetBlockIdx(), share_);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), 1);
        partial_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(workspace), 8 * AscendC::GetBlockNum());
        pipe_.InitBuffer(in_, 1, share_ * sizeof(float));
        pipe_.InitBuffer(out_, 1, 32);
        pipe_.InitBuffer(work_, share_ * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        AscendC::SetAtomicAdd<float>();
        Sum(x_, share_, partial_, 8);
        AscendC::SetAtomicNone();
        AscendC::SyncAll();
        if (AscendC::GetBlockIdx() == 0) {
            Sum(partial_, 8, y_, 1);
        }
    }

private:
    // Sums `count` elements, and writes the sum and `written` - 1 zeros.
    __aicore__ inline void Sum(const AscendC::GlobalTensor<float>& source, uint32_t count,
                               const AscendC::GlobalTensor<float>& target, uint32_t written)
    {
        AscendC::LocalTensor<float> x = in_.AllocTensor<float>();
        AscendC::DataCopy(x, source, count);
        in_.EnQue(x);
        x = in_.DeQue<float>();
        AscendC::LocalTensor<float> sum = out_.AllocTensor<float>();
        AscendC::Duplicate(sum, 0.0f, 8);
        AscendC::ReduceSum(sum, x, work_.Get<float>(), count);
        out_.EnQue(sum);
        in_.FreeTensor(x);
        sum = out_.DeQue<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(written * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(target, sum, exact);  // finding: uninitialised
        out_.FreeTensor(sum);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> out_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> work_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> y_;
    AscendC::GlobalTensor<float> partial_;
    uint32_t share_ = 0;
};

extern "C" __global__ __aicore__ void total(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_MIX_AIV_1_0);  // SyncAll needs it
    REGISTER_TILING_DEFAULT(TotalTiling);
    GET_TILING_DATA(data, tiling);
    Total op;
    op.Init(x, y, AscendC::GetUserWorkspace(workspace), data);
    op.Process();
}
