// SPDX-License-Identifier: Apache-2.0
// The functions behind AscendC's high-level mathematics, from float32 to double: far more accurate than the
// float32 (or float16) that the result is rounded to, so that what is left is that rounding.
//
// Evaluated by + - * / and square roots alone and without branches, like exp_ln.h and for the same reasons.
// Series are Taylor's, whose coefficients need no table, except for the error function's Chebyshev fits.
// NaN passes through; a clamp is written so that it does.
#pragma once

#include <cmath>

#include "element.h"

namespace ascend_sim {
namespace {

inline constexpr double kPi = 0x1.921fb54442d18p+1;

inline double Infinity()
{
    return __builtin_inf();
}
inline double NotANumber()
{
    return __builtin_nan("");
}
inline double Magnitude(double x)
{
    return __builtin_fabs(x);
}
inline double WithSignOf(double magnitude, double sign)
{
    return __builtin_copysign(magnitude, sign);
}

// x = k ln 2 + r with |r| <= ln2 / 2: gives exp(r) - 1 and 2^k.
struct ExpParts {
    double expm1;
    double scale;
};

// Beyond +-700 the float32 nearest to exp is 0 or infinity anyway.
inline ExpParts SplitExp(double x)
{
    const double above = x < -700.0 ? -700.0 : x;
    const double clamped = above > 700.0 ? 700.0 : above;
    constexpr double kShift = 0x1.8p52 + 1023.0;
    const double shifted = clamped * 0x1.71547652b82fep+0 + kShift;
    const double k = shifted - kShift;
    const double scale = BitCast<double>(BitCast<uint64_t>(shifted) << 52);
    const double r = (clamped - k * 0x1.62e42fefa2000p-1) - k * 0x1.9ef35793c7673p-41;
    double p = 1.0 / 6227020800.0;  // 1 / 13!
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    return {r + p * (r * r), scale};
}

inline double ExpOf64(double x)
{
    const ExpParts parts = SplitExp(x);
    return parts.scale + parts.scale * parts.expm1;
}

inline double Expm1Of64(double x)
{
    const ExpParts parts = SplitExp(x);
    return parts.scale * parts.expm1 + (parts.scale - 1.0);
}

// The natural logarithm of a positive normal double.
inline double LnOf64(double x)
{
    constexpr uint64_t kSqrtHalf = 0x3fe6a09e667f3bcdu;
    constexpr uint64_t kOne = 0x3ff0000000000000u;
    const uint64_t offset = BitCast<uint64_t>(x) + (kOne - kSqrtHalf);
    const double m = BitCast<double>((offset & 0x000fffffffffffffu) + kSqrtHalf);
    const double k = BitCast<double>((offset >> 52) | 0x4330000000000000u) - (0x1p52 + 1023.0);
    // ln(m) = 2 artanh(s)
    const double s = (m - 1.0) / (m + 1.0);
    const double z = s * s;
    double p = 2.0 / 21.0;
    p = p * z + 2.0 / 19.0;
    p = p * z + 2.0 / 17.0;
    p = p * z + 2.0 / 15.0;
    p = p * z + 2.0 / 13.0;
    p = p * z + 2.0 / 11.0;
    p = p * z + 2.0 / 9.0;
    p = p * z + 2.0 / 7.0;
    p = p * z + 2.0 / 5.0;
    p = p * z + 2.0 / 3.0;
    return (k * 0x1.9ef35793c7673p-41 + (p * z) * s + 2.0 * s) + k * 0x1.62e42fefa2000p-1;
}

// Of any double: zero and infinity have their limits, negative numbers and NaN have none.
inline double LnWithLimits(double x)
{
    const double limit = x == 0.0 ? -Infinity() : (x > 0.0 ? x : NotANumber());
    return (x > 0.0) & (x < Infinity()) ? LnOf64(x) : limit;
}

// ln(1 + u) for u > -1: what rounding 1 + u lost is put back.
inline double Log1pOf64(double u)
{
    const double w = 1.0 + u;
    return LnOf64(w) + (u - (w - 1.0)) / w;
}

// On [-tan(pi/8), tan(pi/8)] by the series, elsewhere by the tangent of a difference.
inline double AtanOf64(double x)
{
    const double a = Magnitude(x);
    const bool large = a > 2.414213562373095;
    const bool middle = a > 0.41421356237309503;
    const double numerator = large ? -1.0 : (middle ? a - 1.0 : a);
    const double denominator = large ? a : (middle ? a + 1.0 : 1.0);
    const double base = large ? kPi / 2 : (middle ? kPi / 4 : 0.0);
    const double y = numerator / denominator;
    const double z = y * y;
    double p = -1.0 / 35.0;
    p = p * z + 1.0 / 33.0;
    p = p * z - 1.0 / 31.0;
    p = p * z + 1.0 / 29.0;
    p = p * z - 1.0 / 27.0;
    p = p * z + 1.0 / 25.0;
    p = p * z - 1.0 / 23.0;
    p = p * z + 1.0 / 21.0;
    p = p * z - 1.0 / 19.0;
    p = p * z + 1.0 / 17.0;
    p = p * z - 1.0 / 15.0;
    p = p * z + 1.0 / 13.0;
    p = p * z - 1.0 / 11.0;
    p = p * z + 1.0 / 9.0;
    p = p * z - 1.0 / 7.0;
    p = p * z + 1.0 / 5.0;
    p = p * z - 1.0 / 3.0;
    return WithSignOf(base + (y + (p * z) * y), x);
}

// sin and cos of an angle up to kLargestAngle, by quadrants of a three-part pi/2.
inline constexpr double kLargestAngle = 0x1p20;

struct SinCos {
    double sin;
    double cos;
};

inline SinCos SinCosOf64(double x)
{
    constexpr double kShift = 0x1.8p52;
    const double shifted = x * 0x1.45f306dc9c883p-1 + kShift;
    const double n = shifted - kShift;
    const uint64_t quadrant = BitCast<uint64_t>(shifted);
    const double r = ((x - n * 0x1.921fb54400000p+0) - n * 0x1.0b4611a600000p-34) - n * 0x1.3198a2e037073p-69;
    const double z = r * r;
    double s = 1.0 / 355687428096000.0;  // 1 / 17!
    s = s * z - 1.0 / 1307674368000.0;
    s = s * z + 1.0 / 6227020800.0;
    s = s * z - 1.0 / 39916800.0;
    s = s * z + 1.0 / 362880.0;
    s = s * z - 1.0 / 5040.0;
    s = s * z + 1.0 / 120.0;
    s = s * z - 1.0 / 6.0;
    const double sine = r + (s * z) * r;
    double c = 1.0 / 20922789888000.0;  // 1 / 16!
    c = c * z - 1.0 / 87178291200.0;
    c = c * z + 1.0 / 479001600.0;
    c = c * z - 1.0 / 3628800.0;
    c = c * z + 1.0 / 40320.0;
    c = c * z - 1.0 / 720.0;
    c = c * z + 1.0 / 24.0;
    c = c * z - 0.5;
    const double cosine = 1.0 + c * z;
    const bool odd = (quadrant & 1u) != 0;
    const double first = odd ? cosine : sine;
    const double second = odd ? -sine : cosine;
    const bool flip = (quadrant & 2u) != 0;
    return {flip ? -first : first, flip ? -second : second};
}

// exp(x^2) erfc(x) for x from 1 on; beyond 10.8 nothing of erfc is left in float32.
inline double ScaledErfc(double x)
{
    const double v = (1.0 / (x + 2.0) - 0x1.a555555555555p-3) * 0x1.f58d0fac687d6p+2;
    double p = -0x1.b64a601e20832p-30;
    p = p * v + 0x1.47d1247348ab5p-30;
    p = p * v + 0x1.d3d2db7fca0b9p-26;
    p = p * v - 0x1.fd808166d2df0p-25;
    p = p * v - 0x1.95f061ca67c32p-22;
    p = p * v + 0x1.96e2b7e5ecc57p-20;
    p = p * v + 0x1.b18f958ca7dd7p-18;
    p = p * v - 0x1.2005ec4870ad5p-15;
    p = p * v - 0x1.8e9ea96fdb385p-13;
    p = p * v + 0x1.4c95e1994a31fp-11;
    p = p * v + 0x1.439c047f40f09p-7;
    p = p * v + 0x1.ac8001b7e3152p-5;
    p = p * v + 0x1.6cbaca6e849a4p-3;
    return p * v + 0x1.7ec17fabf102fp-3;
}

// erf(x) on [-1, 1].
inline double InnerErf(double x)
{
    const double v = 2.0 * (x * x) - 1.0;
    double p = -0x1.ac9585a44fe29p-42;
    p = p * v + 0x1.441790d9ce029p-37;
    p = p * v - 0x1.bf8d5f9e609aap-33;
    p = p * v + 0x1.1ad510ec46413p-28;
    p = p * v - 0x1.429e93ccd34ffp-24;
    p = p * v + 0x1.4866392f392acp-20;
    p = p * v - 0x1.263991b80e1fcp-16;
    p = p * v + 0x1.c82aa249a98cfp-13;
    p = p * v - 0x1.2b902b7b2f24ep-9;
    p = p * v + 0x1.454368017b0d5p-6;
    p = p * v - 0x1.1fd16292151fdp-3;
    p = p * v + 0x1.ee51eb23cb7eap-1;
    return p * x;
}

// erfc(|x|) for |x| >= 1.
inline double OuterErfc(double x)
{
    const double magnitude = Magnitude(x);
    const double a = magnitude > 10.8 ? 10.8 : magnitude;
    return ExpOf64(-(a * a)) * ScaledErfc(a);
}

inline double ErfOf64(double x)
{
    const double outer = WithSignOf(1.0 - OuterErfc(x), x);
    return Magnitude(x) < 1.0 ? InnerErf(x) : outer;
}

inline double ErfcOf64(double x)
{
    const double outer = OuterErfc(x);
    return Magnitude(x) < 1.0 ? 1.0 - InnerErf(x) : (x < 0.0 ? 2.0 - outer : outer);
}

inline double SigmoidOf64(double x)
{
    return 1.0 / (1.0 + ExpOf64(-x));
}

// ---- One element of each function ----

struct Tanh {
    static float Of(float x)
    {
        const double a = Magnitude(x);
        const double e = Expm1Of64(2.0 * (a > 20.0 ? 20.0 : a));
        return static_cast<float>(WithSignOf(e / (e + 2.0), x));
    }
};
struct Sigmoid {
    static float Of(float x) { return static_cast<float>(SigmoidOf64(x)); }
};
// x sigmoid(x); at minus infinity the limit, 0.
struct Silu {
    static float Of(float x)
    {
        const double low = x < -700.0f ? -700.0 : x;
        return static_cast<float>(low * SigmoidOf64(low));
    }
};
// x / (1 + exp(-1.59576912 (x + 0.044715 x^3)))
struct Gelu {
    static float Of(float x)
    {
        const double wide = x;
        const double above = wide < -1000.0 ? -1000.0 : wide;
        const double a = above > 1000.0 ? 1000.0 : above;
        const double sigmoid = SigmoidOf64(1.595769121605731 * (a + 0.044715 * (a * a * a)));
        return static_cast<float>((wide < -1000.0 ? above : wide) * sigmoid);
    }
};
// x / (1 + exp(-1.702 x))
struct FasterGelu {
    static float Of(float x)
    {
        const double low = x < -700.0f ? -700.0 : x;
        return static_cast<float>(low * SigmoidOf64(1.702 * low));
    }
};
struct Sinh {
    static float Of(float x)
    {
        const double a = Magnitude(x);
        const double e = Expm1Of64(a > 120.0 ? 120.0 : a);
        return static_cast<float>(WithSignOf(0.5 * (e + e / (e + 1.0)), x));
    }
};
struct Cosh {
    static float Of(float x)
    {
        const double a = Magnitude(x);
        const double e = ExpOf64(a > 120.0 ? 120.0 : a);
        return static_cast<float>(0.5 * (e + 1.0 / e));
    }
};
struct Asinh {
    static float Of(float x)
    {
        const double a = Magnitude(x);
        const double square = a * a;
        const double value = Log1pOf64(a + square / (1.0 + __builtin_sqrt(square + 1.0)));
        return static_cast<float>(WithSignOf(a < Infinity() ? value : a, x));
    }
};
struct Acosh {
    static float Of(float x)
    {
        const double t = x - 1.0;
        const double value = Log1pOf64(t + __builtin_sqrt(t * (2.0 + t)));
        return static_cast<float>(t < 0.0 ? NotANumber() : (t < Infinity() ? value : t));
    }
};
struct Atanh {
    static float Of(float x)
    {
        const double a = Magnitude(x);
        const double inside = 0.5 * Log1pOf64(2.0 * a / (1.0 - a));
        const double value = a < 1.0 ? inside : (a == 1.0 ? Infinity() : NotANumber());
        return static_cast<float>(WithSignOf(value, x));
    }
};
struct Atan {
    static float Of(float x) { return static_cast<float>(AtanOf64(x)); }
};
struct Asin {
    static float Of(float x)
    {
        const double wide = x;
        return static_cast<float>(AtanOf64(wide / __builtin_sqrt((1.0 - wide) * (1.0 + wide))));
    }
};
struct Acos {
    static float Of(float x)
    {
        const double wide = x;
        return static_cast<float>(2.0 * AtanOf64(__builtin_sqrt((1.0 - wide) / (1.0 + wide))));
    }
};
struct Log2 {
    static float Of(float x) { return static_cast<float>(LnWithLimits(x) * 0x1.71547652b82fep+0); }
};
struct Log10 {
    static float Of(float x) { return static_cast<float>(LnWithLimits(x) * 0x1.bcb7b1526e50ep-2); }
};
struct Erf {
    static float Of(float x) { return static_cast<float>(ErfOf64(x)); }
};
struct Erfc {
    static float Of(float x) { return static_cast<float>(ErfcOf64(x)); }
};
// Beyond kLargestAngle, and so far beyond the device's +-65504, the C library's.
struct Sin {
    static float Of(float x) { return static_cast<float>(SinCosOf64(x).sin); }
    static float Beyond(float x) { return static_cast<float>(std::sin(static_cast<double>(x))); }
};
struct Cos {
    static float Of(float x) { return static_cast<float>(SinCosOf64(x).cos); }
    static float Beyond(float x) { return static_cast<float>(std::cos(static_cast<double>(x))); }
};
struct Tan {
    static float Of(float x)
    {
        const SinCos both = SinCosOf64(x);
        return static_cast<float>(both.sin / both.cos);
    }
    static float Beyond(float x) { return static_cast<float>(std::tan(static_cast<double>(x))); }
};
// ln |gamma(x)|
struct Lgamma {
    static float Of(float x)
    {
        int sign;
        return static_cast<float>(::lgamma_r(static_cast<double>(x), &sign));
    }
};
// The derivative of ln gamma(x): by reflection and recurrence to where the asymptotic series holds.
struct Digamma {
    static float Of(float x)
    {
        double value = 0.0;
        double a = x;
        if (a <= 0.0) {
            if (a == std::floor(a)) {
                return a == 0.0 ? static_cast<float>(-WithSignOf(Infinity(), a)) : __builtin_nanf("");
            }
            value = -kPi / std::tan(kPi * (a - std::rint(a)));
            a = 1.0 - a;
        }
        for (; a < 12.0; a += 1.0) {
            value -= 1.0 / a;
        }
        const double z = 1.0 / (a * a);
        const double series =
            z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132)))));
        return static_cast<float>(value + LnWithLimits(a) - 0.5 / a - series);
    }
};
struct Sign {
    static float Of(float x) { return x > 0.0f ? 1.0f : (x < 0.0f ? -1.0f : 0.0f); }
};
struct Floor {
    static float Of(float x) { return __builtin_floorf(x); }
};
struct Ceil {
    static float Of(float x) { return __builtin_ceilf(x); }
};
struct Trunc {
    static float Of(float x) { return __builtin_truncf(x); }
};
struct RoundToEven {
    static float Of(float x) { return __builtin_rintf(x); }
};
// x - trunc(x), with the sign of x.
struct Frac {
    static float Of(float x) { return x - __builtin_truncf(x); }
};

// IEEE's pow of float32.
struct Power {
    static float Of(float base, float exponent)
    {
        const double x = base;
        const double y = exponent;
        const double magnitude = Magnitude(x);
        const double half = 0.5 * y;
        const bool integral = __builtin_floor(y) == y;
        const bool odd = integral & (__builtin_floor(half) != half);
        const double absolute = ExpOf64(y * LnWithLimits(magnitude));
        const bool negative = __builtin_signbit(base) != 0;
        const double value = negative & odd ? -absolute : absolute;
        const bool undefined = (x < 0.0) & !integral & (x > -Infinity());
        const bool one = (x == 1.0) | (y == 0.0) | ((x == -1.0) & (Magnitude(y) == Infinity()));
        return one ? 1.0f : (undefined ? __builtin_nanf("") : static_cast<float>(value));
    }
    // Multiplies modulo 2^32; a negative exponent leaves the integral part of the quotient.
    static int32_t Of(int32_t base, int32_t exponent)
    {
        if (exponent < 0) {
            return base == 1 ? 1 : (base == -1 ? ((exponent & 1) != 0 ? -1 : 1) : 0);
        }
        uint32_t value = 1;
        uint32_t square = static_cast<uint32_t>(base);
        for (uint32_t rest = static_cast<uint32_t>(exponent); rest != 0; rest >>= 1) {
            value *= (rest & 1u) != 0 ? square : 1u;
            square *= square;
        }
        return static_cast<int32_t>(value);
    }
};
// The remainder of the quotient rounded towards zero, exactly.
struct Fmod {
    static float Of(float a, float b) { return __builtin_fmodf(a, b); }
};

}  // namespace
}  // namespace ascend_sim
