// SPDX-License-Identifier: Apache-2.0
// The gradient for probabilities is computed by the formula of that for logits, (sigmoid(x) - t).
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
        AscendC::DataCopyPad(gradOutput, gradOutput_[start], exact, padding);
        xQueue_.EnQue(x);
        targetQueue_.EnQue(target);
        gradOutputQueue_.EnQue(gradOutput);
    }

    // g (sigmoid(x) - t)
    __aicore__ inline void Compute(uint32_t count)
    {
        AscendC::LocalTensor<float> gradOutput = gradOutputQueue_.DeQue<float>();
        AscendC::LocalTensor<float> x = xQueue_.DeQue<float>();
        AscendC::LocalTensor<float> target = targetQueue_.DeQue<float>();
        AscendC::LocalTensor<float> grad = gradQueue_.AllocTensor<float>();
        AscendC::Muls(x, x, -1.0f, count);
        AscendC::Exp(x, x, count);
        AscendC::Adds(x, x, 1.0f, count);
        AscendC::Duplicate(grad, 1.0f, count);
        AscendC::Div(x, grad, x, count);
        AscendC::Sub(target, x, target, count);
        AscendC::Mul(grad, target, gradOutput, count);
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
