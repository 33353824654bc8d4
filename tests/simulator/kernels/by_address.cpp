// SPDX-License-Identifier: Apache-2.0
// Calls of the vector API that are handed to templates and functions by address.
#include "kernel_operator.h"

using AscendC::LocalTensor;

template <typename T>
using Unary = void(const LocalTensor<T>&, const LocalTensor<T>&, const int32_t&);
template <typename T>
using Binary = void(const LocalTensor<T>&, const LocalTensor<T>&, const LocalTensor<T>&, const int32_t&);
template <typename T>
using WithScalar = void(const LocalTensor<T>&, const LocalTensor<T>&, const T&, const int32_t&);
using Rows = void (*)(const LocalTensor<float>&, const LocalTensor<float>&, const LocalTensor<float>&,
                      uint64_t, uint8_t, const AscendC::BinaryRepeatParams&);

constexpr uint32_t kCount = 64;

// result = one(with_scalar(two(x, x), 3)), then rows(result, x)
template <typename T, Unary<T>* one, Binary<T>* two, WithScalar<T>* with_scalar>
__aicore__ inline void Compute(const LocalTensor<T>& result, const LocalTensor<T>& x, int32_t count,
                               Rows rows)
{
    two(result, x, x, count);
    with_scalar(result, result, static_cast<T>(3), kCount);
    one(result, result, kCount);
    rows(result, result, x, kCount, 1, {1, 1, 1, 8, 8, 8});
}

template <Binary<float>* two>
__aicore__ inline void Run(GM_ADDR x, GM_ADDR y, int32_t count)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), kCount);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), kCount);
    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, kCount * sizeof(float));
    pipe.InitBuffer(out, 1, kCount * sizeof(float));
    LocalTensor<float> tile = in.AllocTensor<float>();
    AscendC::DataCopy(tile, input, kCount);
    in.EnQue(tile);
    tile = in.DeQue<float>();
    LocalTensor<float> result = out.AllocTensor<float>();
    Compute<float, AscendC::Abs, two, AscendC::Adds>(result, tile, count, AscendC::Mul);
    in.FreeTensor(tile);
    out.EnQue(result);
    result = out.DeQue<float>();
    AscendC::DataCopy(output, result, kCount);
    out.FreeTensor(result);
}

extern "C" __global__ __aicore__ void by_address(GM_ADDR x, GM_ADDR y, bool subtract, int32_t count)
{
    subtract ? Run<AscendC::Sub>(x, y, count) : Run<AscendC::Mul<float>>(x, y, count);
}
