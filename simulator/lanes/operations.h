// SPDX-License-Identifier: Apache-2.0
// What one instruction does to one element, or to a vector of them: the loops of isa.cpp and fused programs
// (fused.h) both compute with what stands here, so that they give the same bits.
//
// Floating elements arrive widened to float32. Integers are computed in uint32_t, so that they wrap around,
// except where the sign matters: those take int32_t. A template's V is float or Floats.
#pragma once

#include "element.h"
#include "simd.h"

namespace ascend_sim {
namespace {

// ---- Elements ----

template <class T>
inline float Load(T value)
{
    return Widen(value);
}
inline int32_t Load(int16_t value)
{
    return value;
}
inline int32_t Load(uint16_t value)
{
    return value;
}
inline int32_t Load(int32_t value)
{
    return value;
}
inline uint32_t Load(uint32_t value)
{
    return value;
}

template <class T>
inline T Store(float value)
{
    return Narrow<T>(value);
}
template <class T>
inline T Store(int32_t value)
{
    return static_cast<T>(value);
}
template <class T>
inline T Store(uint32_t value)
{
    return static_cast<T>(value);
}

// Rounds an intermediate result as storing it would.
template <class T>
inline float Round(float value)
{
    return Widen(Narrow<T>(value));
}
template <class T>
inline int32_t Round(int32_t value)
{
    return Load(Store<T>(value));
}
template <class T>
inline Floats Round(Floats value)
{
    static_assert(kDtypeOf<T> == Dtype::kFloat32, "vectors are of float32");
    return value;
}

// ---- Operations ----

inline int32_t Wrap(uint32_t value)
{
    return static_cast<int32_t>(value);
}
inline uint32_t Bits(int32_t value)
{
    return static_cast<uint32_t>(value);
}

struct Add {
    template <class V>
    static V Of(V a, V b)
    {
        return a + b;
    }
    static int32_t Of(int32_t a, int32_t b) { return Wrap(Bits(a) + Bits(b)); }
};
struct Sub {
    template <class V>
    static V Of(V a, V b)
    {
        return a - b;
    }
    static int32_t Of(int32_t a, int32_t b) { return Wrap(Bits(a) - Bits(b)); }
};
struct Mul {
    template <class V>
    static V Of(V a, V b)
    {
        return a * b;
    }
    static int32_t Of(int32_t a, int32_t b) { return Wrap(Bits(a) * Bits(b)); }
};
struct Div {
    template <class V>
    static V Of(V a, V b)
    {
        return a / b;
    }
};
struct Max {
    template <class V>
    static V Of(V a, V b)
    {
        return (a > b) | (a != a) ? a : b;
    }
#if defined(__AVX2__)
    static Floats Of(Floats a, Floats b) { return Larger(a, b); }
#endif
    static int32_t Of(int32_t a, int32_t b) { return a > b ? a : b; }
};
struct Min {
    template <class V>
    static V Of(V a, V b)
    {
        return (a < b) | (a != a) ? a : b;
    }
#if defined(__AVX2__)
    static Floats Of(Floats a, Floats b) { return Smaller(a, b); }
#endif
    static int32_t Of(int32_t a, int32_t b) { return a < b ? a : b; }
};
struct And {
    template <class T>
    static T Of(T a, T b)
    {
        return a & b;
    }
};
struct Or {
    template <class T>
    static T Of(T a, T b)
    {
        return a | b;
    }
};
struct Xor {
    static int32_t Of(int32_t a, int32_t b) { return a ^ b; }
};
struct Relu {
    template <class V>
    static V Of(V x)
    {
        return x <= V{} ? V{} : x;  // NaN is not below
    }
};
struct Abs {
    static float Of(float x) { return __builtin_fabsf(x); }
    static Floats Of(Floats x) { return reinterpret_cast<Floats>(reinterpret_cast<Ints>(x) & 0x7fffffff); }
};
struct Sqrt {
    static float Of(float x) { return __builtin_sqrtf(x); }
    static Floats Of(Floats x) { return SquareRoot(x); }
};
struct Rsqrt {
    static float Of(float x) { return static_cast<float>(1.0 / __builtin_sqrt(static_cast<double>(x))); }
};
struct Reciprocal {
    template <class V>
    static V Of(V x)
    {
        return 1.0f / x;
    }
};
struct Not {
    static int32_t Of(int32_t x) { return ~x; }
};
struct LeakyRelu {
    template <class V>
    static V Of(V x, V slope)
    {
        return x >= V{} ? x : x * slope;
    }
};
// Shifts by the width or more leave nothing but the sign.
struct ShiftLeft {
    template <class T>
    static T Of(T x, T by)
    {
        return Bits(by) < 32u ? static_cast<T>(Bits(x) << by) : T{0};
    }
    static uint32_t Bits(uint32_t x) { return x; }
};
struct ShiftRight {
    static int32_t Of(int32_t x, int32_t by) { return x >> (Bits(by) < 32u ? by : 31); }
    static uint32_t Of(uint32_t x, uint32_t by) { return by < 32u ? x >> by : 0u; }
};
struct ShiftRightRound {
    template <class T>
    static T Of(T x, T by)
    {
        return by == 0
                   ? x
                   : static_cast<T>(ShiftRight::Of(x, by) + (ShiftRight::Of(x, static_cast<T>(by - 1)) & 1));
    }
};

// ---- Operations of two steps ----
// The first step's result is rounded to the T of the destination as well: the device does not promise a
// single rounding.

struct AddRelu {
    template <class T = float, class V>
    static V Of(V a, V b)
    {
        return Relu::Of(Round<T>(Add::Of(a, b)));
    }
};
struct SubRelu {
    template <class T = float, class V>
    static V Of(V a, V b)
    {
        return Relu::Of(Round<T>(Sub::Of(a, b)));
    }
};
// The last operand is what the destination held.
struct MulAddDst {
    template <class T = float, class V>
    static V Of(V a, V b, V dst)
    {
        return Add::Of(Round<T>(Mul::Of(a, b)), dst);
    }
};
struct FusedMulAdd {
    template <class T = float, class V>
    static V Of(V a, V b, V dst)
    {
        return MulAddDst::Of<T>(a, dst, b);
    }
};
struct FusedMulAddRelu {
    template <class T = float, class V>
    static V Of(V a, V b, V dst)
    {
        return Relu::Of(FusedMulAdd::Of<T>(a, b, dst));
    }
};
struct Axpy {
    template <class T = float, class V>
    static V Of(V x, V scalar, V dst)
    {
        return MulAddDst::Of<T>(scalar, x, dst);
    }
};

}  // namespace
}  // namespace ascend_sim
