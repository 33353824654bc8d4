// SPDX-License-Identifier: Apache-2.0
// The gradient of a reduced loss is one value, which is read as if it had the input's size.
#include "kernel_operator.h"

struct GradientTiling {
    uint32_t length;  // elements of each array
    uint32_t tile;    // elements that a core takes at once
};

class BinaryCrossEntropyGrad {
public:
    __aicore__ inline void Init(GM_ADDR grad_output, GM_ADDR x, GM_ADDR target, GM_ADDR grad,
                                const GradientTiling& tiling)
    {
        length_ = tiling.length;
        tile_ = tiling.tile;
        gradOutput_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(grad_output));
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
        target_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(target));
        grad_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(grad));
        for (auto* queue : {&gradOutputQueue_, &xQueue_, &targetQueue_}) {
            pipe_.InitBuffer(*queue, 2, tile_ * sizeof(float));
        }
        pipe_.InitBuffer(gradQueue_, 2, tile_ * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        const uint32_t stride = AscendC::GetBlockNum() * tile_;
        for (uint32_t start = AscendC::GetBlockIdx() * tile_; start < length_; start += stride) {
            const uint32_t count = length_ - start < tile_ ? length_ - start : tile_;
            CopyIn(start, count);
            Compute(count);
            CopyOut(start, count);
        }
    }

private:
    using InQueue = AscendC::TQue<AscendC::QuePosition::VECIN, 1>;

    __aicore__ inline void CopyIn(uint32_t start, uint32_t count)
    {
        AscendC::LocalTensor<float> gradOutput = gradOutputQueue_.AllocTensor<float>();
        AscendC::LocalTensor<float> x = xQueue_.AllocTensor<float>();
        AscendC::LocalTensor<float> target = targetQueue_.AllocTensor<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        const AscendC::DataCopyPadExtParams<float> padding{};
        AscendC::DataCopyPad(x, x_[start], exact, padding);
        AscendC::DataCopyPad(target, target_[start], exact, padding);
        AscendC::DataCopyPad(gradOutput, gradOutput_[start], exact, padding);  // finding: gm-out-of-bounds
        xQueue_.EnQue(x);
        targetQueue_.EnQue(target);
        gradOutputQueue_.EnQue(gradOutput);
    }

    // g (x - t) / max(x (1 - x), 1e-12)
    __aicore__ inline void Compute(uint32_t count)
    {
        AscendC::LocalTensor<float> gradOutput = gradOutputQueue_.DeQue<float>();
        AscendC::LocalTensor<float> x = xQueue_.DeQue<float>();
        AscendC::LocalTensor<float> target = targetQueue_.DeQue<float>();
        AscendC::LocalTensor<float> grad = gradQueue_.AllocTensor<float>();
        AscendC::Sub(target, x, target, count);
        AscendC::Mul(target, target, gradOutput, count);
        AscendC::Mul(grad, x, x, count);
        AscendC::Sub(grad, x, grad, count);
        AscendC::Maxs(grad, grad, 1e-12f, count);
        AscendC::Div(grad, target, grad, count);
        gradQueue_.EnQue(grad);
        gradOutputQueue_.FreeTensor(gradOutput);
        xQueue_.FreeTensor(x);
        targetQueue_.FreeTensor(target);
    }

    __aicore__ inline void CopyOut(uint32_t start, uint32_t count)
    {
        AscendC::LocalTensor<float> grad = gradQueue_.DeQue<float>();
        const AscendC::DataCopyExtParams exact{1, static_cast<uint32_t>(count * sizeof(float)), 0, 0, 0};
        AscendC::DataCopyPad(grad_[start], grad, exact);
        gradQueue_.FreeTensor(grad);
    }

    AscendC::TPipe pipe_;
    InQueue gradOutputQueue_;
    InQueue xQueue_;
    InQueue targetQueue_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> gradQueue_;
    AscendC::GlobalTensor<float> gradOutput_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> target_;
    AscendC::GlobalTensor<float> grad_;
    uint32_t length_ = 0;
    uint32_t tile_ = 0;
};

extern "C" __global__ __aicore__ void binary_cross_entropy_grad(GM_ADDR grad_output, GM_ADDR x,
                                                                GM_ADDR target, GM_ADDR grad,
                                                                GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(GradientTiling);
    GET_TILING_DATA(data, tiling);
    BinaryCrossEntropyGrad op;
    op.Init(grad_output, x, target, grad, data);
    op.Process();
}
