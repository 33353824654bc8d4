// SPDX-License-Identifier: Apache-2.0
// Exp and Ln of float32, within 0.502 ULP of the exact value (tests/simulator/test_lanes_exp_ln.py tries every float).
//
// Evaluated in double by + and * alone, branch-free, so that loops over them vectorise and give the same bits with
// and without fused multiply-add. The polynomials are minimax fits of the relative error.
#pragma once

#include "element.h"

namespace ascend_sim {
namespace {

inline constexpr double kLn2 = 0x1.62e42fefa39efp-1;

// exp(x) = 2^k * exp(r) with r = x - k ln 2 in [-ln2/2, ln2/2], and a polynomial for exp(r) of error 2^-34.5.
inline float Exp(float x)
{
    // Far outside of float32's range on both sides, well inside of double's. NaN passes through.
    double clamped = x;
    clamped = clamped < -160.0 ? -160.0 : clamped;
    clamped = clamped > 100.0 ? 100.0 : clamped;

    // Adding 1.5 * 2^52 rounds to an integer and leaves it, here with double's exponent bias, in the low bits.
    constexpr double kShift = 0x1.8p52 + 1023.0;
    const double shifted = clamped * 0x1.71547652b82fep+0 + kShift;
    const double k = shifted - kShift;
    const double two_to_k = BitCast<double>(BitCast<uint64_t>(shifted) << 52);

    const double r = clamped - k * kLn2;
    double p = 0x1.9eb715ae666f8p-13;
    p = p * r + 0x1.6da4c0c8bcd5ap-10;
    p = p * r + 0x1.1112fa5b3ba63p-7;
    p = p * r + 0x1.555468597dcdcp-5;
    p = p * r + 0x1.55555343b431ap-3;
    p = p * r + 0x1.00000059d9720p-1;
    p = p * r + 0x1.000000010b7f3p+0;
    p = p * r + 0x1.ffffffffababbp-1;
    return static_cast<float>(p * two_to_k);
}

// ln(x) = k ln 2 + ln(1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), and ln(1 + f) = f * polynomial of error 2^-33.2.
inline float Ln(float x)
{
    constexpr uint64_t kSqrtHalf = 0x3fe6a09e667f3bcdu;
    constexpr uint64_t kOne = 0x3ff0000000000000u;

    // Subnormal floats are normal doubles. Offsetting the bits moves the split between exponents to sqrt(1/2).
    const uint64_t offset = BitCast<uint64_t>(static_cast<double>(x)) + (kOne - kSqrtHalf);
    const double m = BitCast<double>((offset & 0x000fffffffffffffu) + kSqrtHalf);
    // The biased exponent, read as a double by placing it in the low bits of 2^52.
    const double k = BitCast<double>((offset >> 52) | 0x4330000000000000u) - (0x1p52 + 1023.0);

    const double f = m - 1.0;
    double p = -0x1.ea4bb0b186a71p-5;
    p = p * f + 0x1.b7a92ea1ff66bp-4;
    p = p * f - 0x1.bdb16e59c6259p-4;
    p = p * f + 0x1.c36d109a490bfp-4;
    p = p * f - 0x1.fc5676137fe3ap-4;
    p = p * f + 0x1.24912ed533eb6p-3;
    p = p * f - 0x1.5569522967b08p-3;
    p = p * f + 0x1.999a31bdb247bp-3;
    p = p * f - 0x1.ffffa6b830a74p-3;
    p = p * f + 0x1.5555541cf1915p-2;
    p = p * f - 0x1.0000001c64a95p-1;
    p = p * f + 0x1.000000002665dp+0;
    const float ln = static_cast<float>(p * f + k * kLn2);

    const float below = x == 0.0f ? -__builtin_inff() : __builtin_nanf("");  // at zero, below it and for NaN
    return x > 0.0f ? (x > __FLT_MAX__ ? x : ln) : below;
}

}  // namespace
}  // namespace ascend_sim
