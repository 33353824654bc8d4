// SPDX-License-Identifier: Apache-2.0
// One high-level function of rows, chosen by number: of x (and y), into z, with a block or an element a row
// in u and v.
#include "kernel_operator.h"
#include "kernel_tiling/kernel_tiling.h"

struct RowsTiling {
    uint32_t op;
    uint32_t temporary;  // whether the caller brings one
    uint32_t rows;
    uint32_t stride;
    uint32_t count;
    float epsilon;
};

using namespace AscendC;
using T = ELEMENT;
using S = SUMS;

extern "C" __global__ __aicore__ void rows(GM_ADDR x, GM_ADDR y, GM_ADDR z, GM_ADDR u, GM_ADDR v,
                                           GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(RowsTiling);
    GET_TILING_DATA(t, tiling);
    TPipe pipe;
    TBuf<> buffers[6];
    const uint32_t size = t.rows * t.stride;
    const uint32_t small = (t.rows * 32 + 31) / 32 * 32;  // bytes
    for (uint32_t i = 0; i < 4; ++i) {
        pipe.InitBuffer(buffers[i], size * sizeof(T));
    }
    pipe.InitBuffer(buffers[4], small);
    pipe.InitBuffer(buffers[5], small);
    LocalTensor<T> a = buffers[0].Get<T>(), b = buffers[1].Get<T>(), c = buffers[2].Get<T>();
    LocalTensor<uint8_t> work = buffers[3].Get<uint8_t>();
    LocalTensor<S> d = buffers[4].Get<S>(), e = buffers[5].Get<S>();
    GlobalTensor<T> gx, gy, gz;
    GlobalTensor<S> gu, gv;
    gx.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(x));
    gy.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(y));
    gz.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(z));
    gu.SetGlobalBuffer(reinterpret_cast<__gm__ S*>(u));
    gv.SetGlobalBuffer(reinterpret_cast<__gm__ S*>(v));
    DataCopy(a, gx, size);
    DataCopy(b, gy, size);
    DataCopy(c, gz, size);
    DataCopy(d, gu, small / sizeof(S));
    DataCopy(e, gv, small / sizeof(S));
    PipeBarrier<PIPE_ALL>();
    const SoftMaxTiling none{};
    const SoftMaxShapeInfo shape{t.rows, t.stride, t.rows, t.count};
    switch (t.op) {
        case 0:
            if (t.temporary != 0) {
                SoftMax<T>(c, d, e, a, work, none, shape);
            } else {
                SoftMax<T>(c, d, e, a, none, shape);
            }
            break;
        case 1:
            if (t.temporary != 0) {
                SoftMax<T>(c, a, work, none, shape);
            } else {
                SoftMax<T>(c, a, none, shape);
            }
            break;
        case 2:
            if (t.temporary != 0) {
                SimpleSoftMax<T>(c, d, e, a, work, none, shape);
            } else {
                SimpleSoftMax<T>(c, d, e, a, none, shape);
            }
            break;
        case 3:
            if (t.temporary != 0) {
                SoftmaxGrad<T>(c, b, a, work, none, false, shape);
            } else {
                SoftmaxGrad<T>(c, b, a, none, false, shape);
            }
            break;
        case 4:
            if (t.temporary != 0) {
                SoftmaxGradFront<T>(c, b, a, work, none, shape);
            } else {
                SoftmaxGradFront<T>(c, b, a, none, shape);
            }
            break;
#if SAME
        case 5:
            LogSoftMax<T>(c, d, e, a, work, LogSoftMaxTiling(), shape);
            break;
        case 6: {
            LayerNormTiling norm{};
            norm.bLength = 1;
            norm.sLength = t.rows;
            norm.hLength = t.stride;
            norm.originalHLength = t.count;
            if (t.temporary != 0) {
                LayerNorm<T>(c, d, e, a, b, b[t.stride], work, static_cast<T>(t.epsilon), norm);
            } else {
                LayerNorm<T>(c, d, e, a, b, b[t.stride], static_cast<T>(t.epsilon), norm);
            }
            break;
        }
        case 7: {
            RmsNormTiling norm{};
            norm.bLength = t.rows;
            norm.sLength = 1;
            norm.hLength = t.stride;
            norm.originalHLength = t.count;
            if (t.temporary != 0) {
                RmsNorm<T>(c, a, b, work, static_cast<T>(t.epsilon), norm);
            } else {
                RmsNorm<T>(c, a, b, static_cast<T>(t.epsilon), norm);
            }
            break;
        }
#endif
    }
    PipeBarrier<PIPE_ALL>();
    DataCopy(gz, c, size);
    DataCopy(gu, d, small / sizeof(S));
    DataCopy(gv, e, small / sizeof(S));
}
