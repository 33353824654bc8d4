// SPDX-License-Identifier: Apache-2.0
// Exp and Ln of float32: 0.547 and 0.544 ULP at worst (tests/simulator/test_lanes.py tries every float).
//
// In float32, with a table for four bits of the argument, so that what is left to a polynomial is small and
// its rounding errors are, too. Each step rounds once (MultiplyAdd) or not at all, on every instruction set.
// Rare arguments - subnormal ones and results, infinities, NaN - go through doubles, one by one. Tables and
// minimax polynomials are computed by scripts/fit_exp_ln.py.
//
// Written in double alone, with polynomials of twice the degree, both took three times as long with AVX-512
// and were within 0.501 ULP.
#pragma once

#include "element.h"
#include "simd.h"

namespace ascend_sim {
namespace {

// ---- Any float: in double, by + - * / alone ----

inline constexpr double kLn2 = 0x1.62e42fefa39efp-1;

// exp(x) = 2^k * exp(r) with r = x - k ln 2 in [-ln2/2, ln2/2], and a polynomial for exp(r) of error 2^-34.5.
inline float ExpInDouble(float x)
{
    // Far outside of float32's range on both sides, well inside of double's. NaN passes through.
    const float above = x < -160.0f ? -160.0f : x;
    const double clamped = above > 100.0f ? 100.0f : above;

    // Adding 1.5 * 2^52 rounds to an integer and leaves it, here with double's exponent bias, in the low
    // bits.
    constexpr double kShift = 0x1.8p52 + 1023.0;
    const double shifted = clamped * 0x1.71547652b82fep+0 + kShift;
    const double k = shifted - kShift;
    const double two_to_k = BitCast<double>(BitCast<uint64_t>(shifted) << 52);

    const double r = clamped - k * kLn2;
    const double r2 = r * r;
    const double c01 = 0x1.ffffffffababbp-1 + 0x1.000000010b7f3p+0 * r;
    const double c23 = 0x1.00000059d9720p-1 + 0x1.55555343b431ap-3 * r;
    const double c45 = 0x1.555468597dcdcp-5 + 0x1.1112fa5b3ba63p-7 * r;
    const double c67 = 0x1.6da4c0c8bcd5ap-10 + 0x1.9eb715ae666f8p-13 * r;
    const double p = (c01 + c23 * r2) + (c45 + c67 * r2) * (r2 * r2);
    return static_cast<float>(p * two_to_k);
}

// ln(x) = k ln 2 + ln(m) with m in [sqrt(1/2), sqrt(2)), and ln(m) = 2 artanh(s) with s = (m - 1) / (m + 1),
// as s * polynomial(s^2) of error 2^-37.8. One division costs less than the six terms more that a series in m
// - 1 takes.
inline float LnInDouble(float x)
{
    constexpr uint64_t kSqrtHalf = 0x3fe6a09e667f3bcdu;
    constexpr uint64_t kOne = 0x3ff0000000000000u;

    // Subnormal floats are normal doubles. Offsetting the bits moves the split between exponents to
    // sqrt(1/2).
    const uint64_t offset = BitCast<uint64_t>(static_cast<double>(x)) + (kOne - kSqrtHalf);
    const double m = BitCast<double>((offset & 0x000fffffffffffffu) + kSqrtHalf);
    // The biased exponent, read as a double by placing it in the low bits of 2^52.
    const double k = BitCast<double>((offset >> 52) | 0x4330000000000000u) - (0x1p52 + 1023.0);

    const double s = (m - 1.0) / (m + 1.0);
    const double z = s * s;
    double p = 0x1.e3af8a1c16757p-3;
    p = p * z + 0x1.2432c0e563f3cp-2;
    p = p * z + 0x1.999a9c8d6a6a8p-2;
    p = p * z + 0x1.555554dad28d1p-1;
    p = p * z + 0x1.0000000004a19p+1;
    const float ln = static_cast<float>(p * s + k * kLn2);

    const float below = x == 0.0f ? -__builtin_inff() : __builtin_nanf("");  // at zero, below it and for NaN
    return x > 0.0f ? (x > __FLT_MAX__ ? x : ln) : below;
}

// ---- Most floats: in float32 ----

struct Exp {
    // Inside, results are normal numbers.
    static constexpr float kLow = -87.0f;
    static constexpr float kHigh = 88.0f;
    static constexpr float kInside = 0.0f;
    static float Anywhere(float x) { return ExpInDouble(x); }

    // exp(x) = 2^(k / 16) * exp(r) with r = x - k ln2/16 in [-ln2/32, ln2/32].
    __attribute__((always_inline)) static Floats Inside(Floats x)
    {
        // 2^(j / 16) and what rounding took from it.
        static constexpr Table16 kPower = {{0x1p+0f, 0x1.0b5586p+0f, 0x1.172b84p+0f, 0x1.2387a6p+0f,
                                            0x1.306fep+0f, 0x1.3dea64p+0f, 0x1.4bfdaep+0f, 0x1.5ab07ep+0f,
                                            0x1.6a09e6p+0f, 0x1.7a1148p+0f, 0x1.8ace54p+0f, 0x1.9c4918p+0f,
                                            0x1.ae89fap+0f, 0x1.c199bep+0f, 0x1.d5818ep+0f, 0x1.ea4afap+0f}};
        static constexpr Table16 kRest = {
            {0x0p+0f, 0x1.9f3122p-25f, -0x1.c15742p-27f, 0x1.ceac48p-25f, 0x1.4636e2p-25f, 0x1.824684p-25f,
             -0x1.593abcp-25f, -0x1.5bd5ecp-27f, 0x1.9fcef4p-26f, -0x1.829fdp-25f, 0x1.15506ep-27f,
             0x1.51f848p-27f, -0x1.a94b14p-26f, -0x1.3d56b2p-27f, -0x1.822dbcp-27f, 0x1.52486cp-27f}};

        // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
        const Floats shift = Floats{} + 0x1.8p23f;
        const Floats shifted = MultiplyAdd(x, Floats{} + 0x1.715476p+4f, shift);
        const Floats k = shifted - shift;
        const Ints bits = reinterpret_cast<Ints>(shifted);

        // ln2/16 in two parts; k times the first is exact, and so is the difference.
        const Floats near = MultiplyAdd(k, Floats{} - 0x1.62ep-5f, x);
        const Floats r = MultiplyAdd(k, Floats{} - 0x1.0bfbe8p-19f, near);
        Floats q = MultiplyAdd(r, Floats{} + 0x1.55570cp-5f, Floats{} + 0x1.5556ep-3f);
        q = MultiplyAdd(r, q, Floats{} + 0x1p-1f);  // (exp(r) - 1 - r) / r^2
        const Floats p = MultiplyAdd(r * r, q, r);  // exp(r) - 1

        const Floats power = kPower[bits];
        const Floats y = power + MultiplyAdd(power, p, kRest[bits]);
        // k / 16 goes to the exponent.
        return reinterpret_cast<Floats>(reinterpret_cast<Ints>(y) + ((bits >> 4) << 23));
    }
};

struct Ln {
    static constexpr float kLow = __FLT_MIN__;
    static constexpr float kHigh = __FLT_MAX__;
    static constexpr float kInside = 1.0f;
    static float Anywhere(float x) { return LnInDouble(x); }

    // ln(x) = k ln2 - ln(c) + ln(1 + r) with x = 2^k z, z in [0.699, 1.398) and 1 + r = c z, where c is about
    // 1 / z in each of 16 intervals, and 1 in that around 1.
    __attribute__((always_inline)) static Floats Inside(Floats x)
    {
        static constexpr Table16 kC = {{0x1.661ec6p+0f, 0x1.571ed4p+0f, 0x1.49539ep+0f, 0x1.3c995ap+0f,
                                        0x1.30d19p+0f, 0x1.25e228p+0f, 0x1.1bb4a4p+0f, 0x1.12358ep+0f,
                                        0x1.0953f4p+0f, 0x1p+0f, 0x1.e573acp-1f, 0x1.ca4b3p-1f,
                                        0x1.b20364p-1f, 0x1.9c2d14p-1f, 0x1.886e6p-1f, 0x1.767dcep-1f}};
        // -ln(c) to 16 bits after the point, and the rest.
        static constexpr Table16 kLog = {{-0x1.57cp-2f, -0x1.2bfp-2f, -0x1.01ecp-2f, -0x1.b32p-3f,
                                          -0x1.6578p-3f, -0x1.1aap-3f, -0x1.a4ep-4f, -0x1.197p-4f,
                                          -0x1.252p-5f, 0x0p+0f, 0x1.b42p-5f, 0x1.c5ep-4f, 0x1.527p-3f,
                                          0x1.bc28p-3f, 0x1.1058p-2f, 0x1.4044p-2f}};
        static constexpr Table16 kRest = {
            {0x1.1936e6p-19f, 0x1.ef046ep-19f, 0x1.1b5594p-18f, 0x1.3e2d22p-18f, 0x1.8a4bap-18f,
             -0x1.5f512p-18f, -0x1.d8f2c6p-18f, -0x1.db1a32p-19f, -0x1.e80f1ap-18f, 0x0p+0f, 0x1.bc1232p-18f,
             0x1.52fd7p-18f, -0x1.a1a5e4p-19f, 0x1.af8b64p-21f, 0x1.7a35cap-19f, -0x1.edbf2cp-19f}};

        constexpr int32_t kBegin = 0x3f330000;  // the bits of 0.699
        const Ints bits = reinterpret_cast<Ints>(x);
        const Ints from_begin = bits - kBegin;
        const Ints exponent = from_begin >> 23;
        const Floats k = ToFloats(exponent);
        const Floats z = reinterpret_cast<Floats>(bits - (exponent << 23));
        const Ints interval = from_begin >> 19;

        // c z in two parts, so that r is exact without the second.
        const Floats c = kC[interval];
        const Floats product = z * c;
        const Floats rest = MultiplyAdd(z, c, -product);
        const Floats r = product - 1.0f;

        // The first part of ln2 has 16 bits after the point as well, so this sum is exact; and the next loses
        // what `lost` then has.
        const Floats whole = MultiplyAdd(k, Floats{} + 0x1.62e4p-1f, kLog[interval]);
        const Floats sum = whole + r;
        const Floats lost = r - (sum - whole);

        Floats q = MultiplyAdd(r, Floats{} + 0x1.99fc5p-3f, Floats{} - 0x1.002662p-2f);
        q = MultiplyAdd(r, q, Floats{} + 0x1.555552p-2f);
        q = MultiplyAdd(r, q, Floats{} - 0x1.fffffep-2f);  // (ln(1 + r) - r) / r^2
        const Floats constants = MultiplyAdd(k, Floats{} + 0x1.7f7d1cp-20f, kRest[interval]);
        const Floats log_of_rest = MultiplyAdd(-r, rest, rest);
        return sum + MultiplyAdd(r * r, q, lost + (constants + log_of_rest));
    }
};

// Lanes inside are computed as if all were, so that an element's neighbours have no say in its bits.
template <class Function>
__attribute__((noinline)) Floats LaneByLane(Floats x)
{
    Floats inside = x;
    for (size_t lane = 0; lane < kVectorLanes; ++lane) {
        inside[lane] = x[lane] >= Function::kLow && x[lane] <= Function::kHigh ? x[lane] : Function::kInside;
    }
    Floats y = Function::Inside(inside);
    for (size_t lane = 0; lane < kVectorLanes; ++lane) {
        if (!(x[lane] >= Function::kLow && x[lane] <= Function::kHigh)) {
            y[lane] = Function::Anywhere(x[lane]);
        }
    }
    return y;
}

// Inlined everywhere: a call would store every vector there is.
template <class Function>
__attribute__((always_inline)) inline Floats Of(Floats x)
{
    return __builtin_expect(AllWithin(x, Function::kLow, Function::kHigh), 1) ? Function::Inside(x)
                                                                              : LaneByLane<Function>(x);
}

}  // namespace
}  // namespace ascend_sim
