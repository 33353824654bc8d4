// SPDX-License-Identifier: Apache-2.0
// An absent weight is not touched.
#include "kernel_operator.h"

struct LossTiling {
    uint32_t length;  // elements of each array
    uint32_t tile;    // elements that a core takes at once
};

class BinaryCrossEntropy {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR target, GM_ADDR weight, GM_ADDR loss,
                                const LossTiling& tiling)
    {
        length_ = tiling.length;
        tile_ = tiling.tile;
        weighted_ = weight != nullptr;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), length_);
        target_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(target), length_);
        weight_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(weight), length_);
        loss_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(loss), length_);
        pipe_.InitBuffer(xQueue_, 2, tile_ * sizeof(float));
        pipe_.InitBuffer(targetQueue_, 2, tile_ * sizeof(float));
        pipe_.InitBuffer(weightQueue_, 2, tile_ * sizeof(float));
        pipe_.InitBuffer(lossQueue_, 2, tile_ * sizeof(float));
        pipe_.InitBuffer(scratch_, tile_ * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        const uint32_t stride = AscendC::GetBlockNum() * tile_;
        for (uint32_t start = AscendC::GetBlockIdx() * tile_; start < length_; start += stride) {
            const uint32_t count = length_ - start < tile_ ? length_ - start : tile_;
            CopyIn(xQueue_, x_[start], count);
            CopyIn(targetQueue_, target_[start], count);
            Compute(count);
            if (weighted_) {
                CopyIn(weightQueue_, weight_[start], count);
                Weigh(count);
            }
            CopyOut(start, count);
        }
    }

private:
    using InQueue = AscendC::TQue<AscendC::QuePosition::VECIN, 1>;

    __aicore__ inline void CopyIn(InQueue& queue, const AscendC::GlobalTensor<float>& source, uint32_t count)
    {
        AscendC::LocalTensor<float> tile = queue.AllocTensor<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(tile, source, exact, AscendC::DataCopyPadExtParams<float>{});
        queue.EnQue(tile);
    }

    // -(t ln(x) + (1 - t) ln(1 - x))
    __aicore__ inline void Compute(uint32_t count)
    {
        AscendC::LocalTensor<float> x = xQueue_.DeQue<float>();
        AscendC::LocalTensor<float> target = targetQueue_.DeQue<float>();
        AscendC::LocalTensor<float> loss = lossQueue_.AllocTensor<float>();
        AscendC::LocalTensor<float> log = scratch_.Get<float>();
        AscendC::Ln(log, x, count);
        AscendC::Maxs(log, log, -100.0f, count);
        AscendC::Mul(loss, target, log, count);
        AscendC::Muls(log, x, -1.0f, count);
        AscendC::Adds(log, log, 1.0f, count);
        AscendC::Ln(log, log, count);
        AscendC::Maxs(log, log, -100.0f, count);
        AscendC::Muls(target, target, -1.0f, count);
        AscendC::Adds(target, target, 1.0f, count);
        AscendC::Mul(log, target, log, count);
        AscendC::Add(loss, loss, log, count);
        AscendC::Muls(loss, loss, -1.0f, count);
        lossQueue_.EnQue(loss);
        xQueue_.FreeTensor(x);
        targetQueue_.FreeTensor(target);
    }

    __aicore__ inline void Weigh(uint32_t count)
    {
        AscendC::LocalTensor<float> weight = weightQueue_.DeQue<float>();
        AscendC::LocalTensor<float> loss = lossQueue_.DeQue<float>();
        AscendC::Mul(loss, loss, weight, count);
        lossQueue_.EnQue(loss);
        weightQueue_.FreeTensor(weight);
    }

    __aicore__ inline void CopyOut(uint32_t start, uint32_t count)
    {
        AscendC::LocalTensor<float> loss = lossQueue_.DeQue<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(loss_[start], loss, exact);
        lossQueue_.FreeTensor(loss);
    }

    AscendC::TPipe pipe_;
    InQueue xQueue_;
    InQueue targetQueue_;
    InQueue weightQueue_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> lossQueue_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> scratch_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> target_;
    AscendC::GlobalTensor<float> weight_;
    AscendC::GlobalTensor<float> loss_;
    uint32_t length_ = 0;
    uint32_t tile_ = 0;
    bool weighted_ = false;
};

extern "C" __global__ __aicore__ void binary_cross_entropy(GM_ADDR x, GM_ADDR target, GM_ADDR weight,
                                                           GM_ADDR loss, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(LossTiling);
    GET_TILING_DATA(data, tiling);
    BinaryCrossEntropy op;
    op.Init(x, target, weight, loss, data);
    op.Process();
}
