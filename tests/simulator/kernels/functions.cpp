// SPDX-License-Identifier: Apache-2.0
// One high-level function, chosen by number, on `count` elements of tensors that hold more.
#include "kernel_operator.h"

struct FunctionTiling {
    uint32_t op;
    uint32_t form;  // 0 count, 1 temporary and count, 2 all, 3 temporary and all
    uint32_t count;
    uint32_t size;    // elements of each tensor
    uint32_t scalar;  // bits of T
};

using namespace AscendC;
using T = ELEMENT;

#define FORMS(Name, ...)                  \
    if (t.form == 0) {                    \
        Name(__VA_ARGS__, t.count);       \
    } else if (t.form == 1) {             \
        Name(__VA_ARGS__, work, t.count); \
    } else if (t.form == 2) {             \
        Name(__VA_ARGS__);                \
    } else {                              \
        Name(__VA_ARGS__, work);          \
    }                                     \
    break;
#define COUNT_FORMS(Name, ...)            \
    if (t.form == 0) {                    \
        Name(__VA_ARGS__, t.count);       \
    } else {                              \
        Name(__VA_ARGS__, work, t.count); \
    }                                     \
    break;

extern "C" __global__ __aicore__ void function(GM_ADDR first, GM_ADDR second, GM_ADDR result,
                                               GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(FunctionTiling);
    GET_TILING_DATA(t, tiling);
    TPipe pipe;
    TBuf<> buffers[4];
    for (auto& buffer : buffers) {
        pipe.InitBuffer(buffer, t.size * sizeof(T));
    }
    LocalTensor<T> a = buffers[0].Get<T>(t.size);
    LocalTensor<T> b = buffers[1].Get<T>(t.size);
    LocalTensor<T> c = buffers[2].Get<T>(t.size);
    [[maybe_unused]] LocalTensor<uint8_t> work = buffers[3].Get<uint8_t>();
    GlobalTensor<T> x, y, z;
    x.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(first), t.size);
    y.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(second), t.size);
    z.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(result), t.size);
    DataCopy(a, x, t.size);
    DataCopy(b, y, t.size);
    DataCopy(c, z, t.size);
    PipeBarrier<PIPE_ALL>();
    T scalar;
    for (uint32_t i = 0; i < sizeof(T); ++i) {
        reinterpret_cast<uint8_t*>(&scalar)[i] = static_cast<uint8_t>(t.scalar >> (8 * i));
    }
    switch (t.op) {
#if FLOATING
        case 0:
            FORMS(Tanh, c, a)
        case 1:
            FORMS(Sigmoid, c, a)
        case 2:
            FORMS(Erf, c, a)
        case 3:
            FORMS(Erfc, c, a)
        case 4:
            FORMS(Sin, c, a)
        case 5:
            FORMS(Cos, c, a)
        case 6:
            FORMS(Tan, c, a)
        case 7:
            FORMS(Asin, c, a)
        case 8:
            FORMS(Acos, c, a)
        case 9:
            FORMS(Atan, c, a)
        case 10:
            FORMS(Sinh, c, a)
        case 11:
            FORMS(Cosh, c, a)
        case 12:
            FORMS(Asinh, c, a)
        case 13:
            FORMS(Acosh, c, a)
        case 14:
            FORMS(Atanh, c, a)
        case 15:
            FORMS(Log, c, a)
        case 16:
            FORMS(Log2, c, a)
        case 17:
            FORMS(Log10, c, a)
        case 18:
            FORMS(Lgamma, c, a)
        case 19:
            FORMS(Digamma, c, a)
        case 20:
            FORMS(Sign, c, a)
        case 21:
            FORMS(Floor, c, a)
        case 22:
            FORMS(Ceil, c, a)
        case 23:
            FORMS(Trunc, c, a)
        case 24:
            FORMS(Frac, c, a)
        case 25:
            FORMS(Round, c, a)
        case 26:
            COUNT_FORMS(Gelu, c, a)
        case 27:
            COUNT_FORMS(FasterGelu, c, a)
        case 28:
            COUNT_FORMS(FasterGeluV2, c, a)
        case 29:
            COUNT_FORMS(Silu, c, a)
        case 30:
            Swish(c, a, t.count, scalar);
            break;
        case 31:
            COUNT_FORMS((Exp<T, 5>), c, a)
        case 32:
            FORMS(Fmod, c, a, b)
        case 33:
            if (t.form == 0) {
                ClampMax(c, a, scalar, t.count);
            } else {
                ClampMax(c, a, work, scalar, t.count);
            }
            break;
        case 34:
            if (t.form == 0) {
                ClampMin(c, a, scalar, t.count);
            } else {
                ClampMin(c, a, work, scalar, t.count);
            }
            break;
        case 36:
            FORMS(SwiGLU, c, a, b, 1.5f)
        case 37:
            FORMS(GeGLU, c, a, b)
        case 35:
            Axpy(c, a, scalar, work, t.count);
            break;
#endif
#if POWER
        case 40:
            FORMS(Power, c, a, b)
        case 41:
            FORMS(Power, c, a, scalar)
        case 42:
            FORMS(Power, c, scalar, a)
#endif
#if BITWISE
        case 50:
            FORMS(Xor, c, a, b)
#endif
#if PROGRESSION
        case 60: {
            ArithProgression(c, a.GetValue(0), scalar, static_cast<int32_t>(t.count));
            break;
        }
#endif
    }
    PipeBarrier<PIPE_ALL>();
    DataCopy(z, c, t.size);
}
