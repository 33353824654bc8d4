// SPDX-License-Identifier: Apache-2.0
// Conversions between element types under the device's rounding modes.
//
// Floating targets overflow to infinity as IEEE says for the mode (towards the largest finite value where the
// mode points that way); integer targets saturate, and NaN becomes 0.
#pragma once

#include "element.h"

namespace ascend_sim {
namespace {

// 1 if dropping a remainder rounds the magnitude up, else 0. `negative` and `odd`, the lowest bit that is
// kept, are 0 or 1: as integers rather than bools, which compilers do not vectorise as well.
template <Rounding mode, class Bits>
inline Bits RoundsUp(Bits negative, Bits odd, Bits remainder, Bits half)
{
    switch (mode) {
        case Rounding::kNone:
        case Rounding::kRint:
            return remainder + odd > half ? 1 : 0;
        case Rounding::kFloor:
            return remainder != 0 ? negative : 0;
        case Rounding::kCeil:
            return remainder != 0 ? 1 - negative : 0;
        case Rounding::kRound:
            return remainder >= half ? 1 : 0;
        case Rounding::kTrunc:
            return 0;
        case Rounding::kOdd:
            return remainder != 0 ? 1 - odd : 0;
    }
    __builtin_unreachable();
}

// The bits of a half for a magnitude beyond the largest finite one: that one, or one more, which is infinity.
template <Rounding mode>
inline uint32_t HalfOverflow(uint32_t negative)
{
    switch (mode) {
        case Rounding::kNone:
        case Rounding::kRint:
        case Rounding::kRound:
            return 0x7c00u;
        case Rounding::kFloor:
            return 0x7bffu + negative;
        case Rounding::kCeil:
            return 0x7c00u - negative;
        case Rounding::kTrunc:
        case Rounding::kOdd:
            return 0x7bffu;
    }
    __builtin_unreachable();
}

template <Rounding mode>
inline F16 ToHalf(float value)
{
    if constexpr (mode == Rounding::kRint || mode == Rounding::kNone) {
        return Narrow<F16>(value);
    }
    const uint32_t bits = BitCast<uint32_t>(value);
    const uint32_t negative = bits >> 31;
    const uint32_t magnitude = bits & 0x7fffffffu;
    const uint32_t exponent = magnitude >> 23;
    // Below exponent 113 a half is subnormal: drop more bits of the significand with its leading one. A
    // float's own subnormals are so small that it does not matter that they have none.
    const uint32_t below = exponent < 113u ? 113u - exponent : 0u;
    const uint32_t shift = 13u + (below < 12u ? below : 12u);
    const uint32_t significand = (magnitude & 0x7fffffu) | (magnitude != 0u ? 0x800000u : 0u);
    const uint32_t source = exponent < 113u ? significand : magnitude - 0x38000000u;
    const uint32_t kept = source >> shift;
    const uint32_t remainder = source & ((1u << shift) - 1u);
    const uint32_t rounded = kept + RoundsUp<mode>(negative, kept & 1u, remainder, 1u << (shift - 1u));

    const uint32_t infinite = magnitude > 0x7f800000u ? 0x7e00u : 0x7c00u;
    const uint32_t special = magnitude >= 0x7f800000u ? infinite : HalfOverflow<mode>(negative);
    const uint32_t result = magnitude >= 0x47800000u ? special : rounded;
    return static_cast<F16>(static_cast<uint16_t>(result | negative << 15));
}

template <Rounding mode>
inline BF16 ToBFloat16(float value)
{
    if constexpr (mode == Rounding::kRint || mode == Rounding::kNone) {
        return Narrow<BF16>(value);
    }
    const uint32_t bits = BitCast<uint32_t>(value);
    const uint32_t magnitude = bits & 0x7fffffffu;
    const uint32_t kept = bits >> 16;
    const uint32_t up = RoundsUp<mode>(bits >> 31, kept & 1u, bits & 0xffffu, 0x8000u);
    // A carry moves into the exponent, up to infinity; infinity has no remainder; NaN must not become
    // infinity.
    const uint32_t result = magnitude > 0x7f800000u ? kept | 0x40u : kept + up;
    return static_cast<BF16>(static_cast<uint16_t>(result));
}

// Rounds to an integral value of the same type.
template <Rounding mode>
inline float ToIntegral(float value)
{
    switch (mode) {
        case Rounding::kNone:
        case Rounding::kRint:
            return __builtin_rintf(value);
        case Rounding::kFloor:
            return __builtin_floorf(value);
        case Rounding::kCeil:
            return __builtin_ceilf(value);
        case Rounding::kRound: {
            const float truncated = __builtin_truncf(value);
            const float step = __builtin_copysignf(1.0f, value);
            return __builtin_fabsf(value - truncated) >= 0.5f ? truncated + step : truncated;
        }
        case Rounding::kTrunc:
            return __builtin_truncf(value);
        case Rounding::kOdd: {
            const float truncated = __builtin_truncf(value);
            const bool odd = __builtin_truncf(truncated * 0.5f) * 2.0f != truncated;
            const float step = __builtin_copysignf(1.0f, value);
            return (truncated != value) & !odd ? truncated + step : truncated;
        }
    }
    __builtin_unreachable();
}

template <class Integer>
inline constexpr Integer kLowest =
    static_cast<Integer>(-1) < 0 ? static_cast<Integer>(1ull << (8 * sizeof(Integer) - 1)) : 0;
template <class Integer>
inline constexpr Integer kHighest = static_cast<Integer>(~kLowest<Integer>);

template <class Integer, Rounding mode>
inline Integer ToInteger(float value)
{
    const float integral = ToIntegral<mode>(value);
    // 2^31 and 2^63 are floats, the highest int32 and int64 are not: compare with the bound beyond the range.
    constexpr float kLow = static_cast<float>(kLowest<Integer>);
    constexpr float kBeyond = 2.0f * static_cast<float>(kHighest<Integer> / 2 + 1);
    const bool high = integral >= kBeyond;
    const bool low = !(integral >= kLow);
    const float inside = high | low ? 0.0f : integral;
    const Integer outside = high ? kHighest<Integer> : (value != value ? Integer{0} : kLowest<Integer>);
    return high | low ? outside : static_cast<Integer>(inside);
}

// From an integer to a float of `kBits` significant bits, in a range that cannot overflow.
template <Rounding mode, int kBits, class Integer>
inline float FromInteger(Integer value)
{
    if constexpr (kBits == 24 && (mode == Rounding::kRint || mode == Rounding::kNone)) {
        return static_cast<float>(value);
    }
    const bool negative = value < 0;
    const uint64_t wide = static_cast<uint64_t>(static_cast<int64_t>(value));
    uint64_t magnitude = negative ? 0u - wide : wide;
    const int excess = magnitude == 0 ? 0 : 64 - __builtin_clzll(magnitude) - kBits;
    if (excess > 0) {
        const uint64_t unit = 1ull << excess;
        const uint64_t remainder = magnitude & (unit - 1u);
        const uint64_t odd = magnitude >> excess & 1u;
        magnitude = magnitude - remainder +
                    RoundsUp<mode>(uint64_t{negative}, odd, remainder, uint64_t{unit / 2}) * unit;
    }
    const float rounded = static_cast<float>(magnitude);  // exact
    return negative ? -rounded : rounded;
}

template <class To, class From>
inline To Saturate(From value)
{
    const From low = value < static_cast<From>(kLowest<To>) ? static_cast<From>(kLowest<To>) : value;
    return static_cast<To>(low > static_cast<From>(kHighest<To>) ? static_cast<From>(kHighest<To>) : low);
}

// The conversion of one element, for every pair that the device converts.
template <class To, class From, Rounding mode>
inline To Convert(From value)
{
    constexpr bool kFromFloating = kIsFloating<From>;
    constexpr Dtype kTo = kDtypeOf<To>;
    if constexpr (!kFromFloating && !kIsFloating<To>) {
        if constexpr (sizeof(To) >= sizeof(From)) {
            return static_cast<To>(value);
        } else {
            return Saturate<To>(value);
        }
    } else if constexpr (!kFromFloating) {
        if constexpr (kTo == Dtype::kFloat16) {
            return Narrow<F16>(FromInteger<mode, 11>(value));
        } else {
            return FromInteger<mode, 24>(value);
        }
    } else if constexpr (kTo == Dtype::kFloat32 && kDtypeOf<From> == Dtype::kFloat32) {
        return ToIntegral<mode>(value);
    } else if constexpr (kTo == Dtype::kFloat32) {
        return Widen(value);
    } else if constexpr (kTo == Dtype::kFloat16) {
        return ToHalf<mode>(Widen(value));
    } else if constexpr (kTo == Dtype::kBFloat16) {
        return ToBFloat16<mode>(Widen(value));
    } else {
        return ToInteger<To, mode>(Widen(value));
    }
}

}  // namespace
}  // namespace ascend_sim
