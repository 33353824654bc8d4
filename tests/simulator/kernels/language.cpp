// SPDX-License-Identifier: Apache-2.0
// Ways of writing that published kernels use: operators on tensors, pools of buffers, assertions without a
// semicolon before them, bit counts.
#include "kernel_operator.h"

using namespace AscendC;

constexpr uint32_t kCount = 64;
constexpr TQueConfig kConfig{.nd2nz = false, .enableLoopQueue = true};

struct Numbers {
    __aicore__ inline void Set(uint32_t value)
    {
        // As formatters leave it: builds for the device drop the assertion, and the line is whole.
        first = value ASSERT(value != 0 && "value can not be zero!");
        ASSERT(value <= 100)
        count = 1;
    }
    uint32_t first;
    uint32_t count;
};

// out: a + b, a - b, a * b, a / b, then a < b as bits, then numbers.
extern "C" __global__ __aicore__ void language(GM_ADDR a, GM_ADDR b, GM_ADDR out, GM_ADDR bits,
                                               GM_ADDR numbers, uint32_t value, float factor)
{
    TPipe pipe;
    TBufPool<TPosition::VECCALC, 8> whole;
    TBufPool<TPosition::VECCALC> first;
    TBufPool<TPosition::VECCALC> second;
    TQue<TPosition::VECIN, 1, &kConfig> inputs;
    TQue<TPosition::VECOUT, 1> sums;
    TQue<TPosition::VECOUT, 1> quotients;
    TBuf<TPosition::VECCALC> mask;
    const uint32_t bytes = kCount * sizeof(float);
    pipe.InitBufPool(whole, 6 * bytes);
    pipe.InitBuffer(mask, 1, 32);
    whole.InitBuffer(inputs, 2, bytes);
    whole.InitBufPool(first, 2 * bytes);
    whole.InitBufPool(second, 2 * bytes, first);
    first.InitBuffer(sums, 2, bytes);

    GlobalTensor<float> aGm;
    GlobalTensor<float> bGm;
    GlobalTensor<float> outGm;
    GlobalTensor<uint8_t> bitsGm;
    GlobalTensor<int64_t> numbersGm;
    aGm.SetGlobalBuffer((__gm__ float*)a, kCount);
    bGm.SetGlobalBuffer((__gm__ float*)b, kCount);
    outGm.SetGlobalBuffer((__gm__ float*)out, 4 * kCount);
    bitsGm.SetGlobalBuffer((__gm__ uint8_t*)bits, 32);
    numbersGm.SetGlobalBuffer((__gm__ int64_t*)numbers);

    LocalTensor<float> left = inputs.AllocTensor<float>();
    DataCopy(left, aGm, kCount);
    inputs.EnQue(left);
    LocalTensor<float> x = inputs.DeQue<float>();
    LocalTensor<float> right = inputs.AllocTensor<float>();
    DataCopy(right, bGm, kCount);
    inputs.EnQue(right);
    LocalTensor<float> y = inputs.DeQue<float>();

    for (int i = 0; i < 2; ++i) {
        LocalTensor<float> sum = sums.AllocTensor<float>();
        if (i == 0) {
            sum = x + y;
        } else {
            sum = x - y;
        }
        Muls(sum, sum, factor, kCount);
        sums.EnQue(sum);
        LocalTensor<float> ready = sums.DeQue<float>();
        DataCopy(outGm[i * kCount], ready, kCount);
        sums.FreeTensor(ready);
    }
    first.Reset();
    second.InitBuffer(quotients, 2, bytes);
    for (int i = 2; i < 4; ++i) {
        LocalTensor<float> quotient = quotients.AllocTensor<float>();
        if (i == 2) {
            quotient = x * y;
        } else {
            quotient = x / y;
        }
        quotients.EnQue(quotient);
        LocalTensor<float> ready = quotients.DeQue<float>();
        DataCopy(outGm[i * kCount], ready, kCount);
        quotients.FreeTensor(ready);
    }
    LocalTensor<uint8_t> less = mask.Get<uint8_t>();
    Duplicate(less.ReinterpretCast<int16_t>(), static_cast<int16_t>(0), 16);
    PipeBarrier<PIPE_V>();
    less = x < y;
    const TEventID event = pipe.FetchEventID(HardEvent::V_MTE3);
    SetFlag<HardEvent::V_MTE3>(event);
    WaitFlag<HardEvent::V_MTE3>(event);
    DataCopy(bitsGm, less, 32);
    inputs.FreeTensor(x);
    inputs.FreeTensor(y);

    Numbers held;
    held.Set(value);
    numbersGm.SetValue(0, held.first);
    numbersGm.SetValue(1, ScalarGetCountOfValue<1>(value));
    numbersGm.SetValue(2, ScalarCountLeadingZero(value));
    numbersGm.SetValue(3, CountBitsCntSameAsSignBit(value));
    numbersGm.SetValue(4, ScalarGetSFFValue<1>(value));
    numbersGm.SetValue(5, AlignUp(static_cast<int64_t>(value), 32u));
    numbersGm.SetValue(6, DivCeil(value, 32u));
    numbersGm.SetValue(7, static_cast<int64_t>(sqrt(static_cast<float>(value))));
}
