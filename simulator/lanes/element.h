// SPDX-License-Identifier: Apache-2.0
// Element types as the loops see them: loading widens to the type that arithmetic runs in, storing rounds
// once.
//
// Everything here has internal linkage: an inline function shared between objects that are compiled for
// different instruction sets could be taken from the wrong one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "lanes.h"

namespace ascend_sim {
namespace {

enum class F16 : uint16_t {};
enum class BF16 : uint16_t {};

template <class To, class From>
inline To BitCast(From from)
{
    static_assert(sizeof(To) == sizeof(From));
    To to;
    __builtin_memcpy(&to, &from, sizeof(to));
    return to;
}

// Bit tricks instead of conversion instructions, so that every compiler vectorises them for every target.
inline float Widen(F16 value)
{
    const uint32_t bits = static_cast<uint16_t>(value);
    const uint32_t sign = (bits & 0x8000u) << 16;
    const uint32_t magnitude = (bits & 0x7fffu) << 13;
    // The exponent moves up by 112 by a multiplication, which also normalises subnormals.
    const uint32_t finite = BitCast<uint32_t>(BitCast<float>(magnitude) * 0x1p112f);
    const bool special = (bits & 0x7c00u) == 0x7c00u;
    return BitCast<float>(sign | (special ? magnitude | 0x7f800000u : finite));
}

inline float Widen(BF16 value)
{
    return BitCast<float>(static_cast<uint32_t>(static_cast<uint16_t>(value)) << 16);
}

inline float Widen(float value)
{
    return value;
}

template <class T>
T Narrow(float value);

template <>
inline float Narrow<float>(float value)
{
    return value;
}

// Round to nearest even.
template <>
inline F16 Narrow<F16>(float value)
{
    const uint32_t bits = BitCast<uint32_t>(value);
    const uint32_t sign = (bits >> 16) & 0x8000u;
    const uint32_t magnitude = bits & 0x7fffffffu;
    // Adding 0.5 leaves a subnormal result's bits, rounded by the addition, at the bottom of the sum.
    const uint32_t subnormal = BitCast<uint32_t>(BitCast<float>(magnitude) + 0.5f) - 0x3f000000u;
    // Moves the exponent down by 112, adds just less than half a unit, and the odd bit to break ties.
    const uint32_t normal = (magnitude - 0x38000000u + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
    const uint32_t special = magnitude > 0x7f800000u ? 0x7e00u : 0x7c00u;
    const uint32_t rounded = magnitude < 0x38800000u ? subnormal : normal;
    return static_cast<F16>(static_cast<uint16_t>(sign | (magnitude >= 0x47800000u ? special : rounded)));
}

// A float's bits, and those of a vector of them, rounded to the bits of a bfloat16.
template <class Bits, class V>
inline Bits BFloat16Bits(V value)
{
    const Bits bits = BitCast<Bits>(value);
    const Bits kept = bits >> 16;
    // Adds just less than half a unit, and the odd bit to break ties. A carry moves into the exponent, up to
    // infinity; NaN must not become infinity.
    const Bits rounded = (bits + 0x7fffu + (kept & 1u)) >> 16;
    return value != value ? kept | 0x40u : rounded;
}

template <>
inline BF16 Narrow<BF16>(float value)
{
    return static_cast<BF16>(static_cast<uint16_t>(BFloat16Bits<uint32_t>(value)));
}

template <class T>
inline constexpr Dtype kDtypeOf = Dtype::kCount;
template <>
inline constexpr Dtype kDtypeOf<float> = Dtype::kFloat32;
template <>
inline constexpr Dtype kDtypeOf<F16> = Dtype::kFloat16;
template <>
inline constexpr Dtype kDtypeOf<BF16> = Dtype::kBFloat16;
template <>
inline constexpr Dtype kDtypeOf<int8_t> = Dtype::kInt8;
template <>
inline constexpr Dtype kDtypeOf<uint8_t> = Dtype::kUint8;
template <>
inline constexpr Dtype kDtypeOf<int16_t> = Dtype::kInt16;
template <>
inline constexpr Dtype kDtypeOf<uint16_t> = Dtype::kUint16;
template <>
inline constexpr Dtype kDtypeOf<int32_t> = Dtype::kInt32;
template <>
inline constexpr Dtype kDtypeOf<uint32_t> = Dtype::kUint32;
template <>
inline constexpr Dtype kDtypeOf<int64_t> = Dtype::kInt64;

template <class T>
inline constexpr bool kIsFloating =
    kDtypeOf<T> == Dtype::kFloat32 || kDtypeOf<T> == Dtype::kFloat16 || kDtypeOf<T> == Dtype::kBFloat16;

}  // namespace
}  // namespace ascend_sim
