// SPDX-License-Identifier: Apache-2.0
// Exp and Ln of float32: 0.5007 and 0.5001 ULP at worst (tests/simulator/test_lanes.py tries every float).
//
// Evaluated in double by + - * / alone, branch-free, so that loops over them vectorise and give the same bits
// with and without fused multiply-add. The polynomials are minimax fits of the relative error. Exp in single
// precision with compensated fused multiply-adds took 0.6 of the time, but 1.04 ULP, and would be emulated
// where the processor has none.
#pragma once

#include "element.h"

namespace ascend_sim {
namespace {

inline constexpr double kLn2 = 0x1.62e42fefa39efp-1;

// exp(x) = 2^k * exp(r) with r = x - k ln 2 in [-ln2/2, ln2/2], and a polynomial for exp(r) of error 2^-34.5.
inline float Exp(float x)
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
inline float Ln(float x)
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

}  // namespace
}  // namespace ascend_sim
