// SPDX-License-Identifier: Apache-2.0
// The scalar type of IEEE binary16. Arithmetic on it happens in float, as its conversions say.
#pragma once

#include "float_bits.h"

namespace AscendC {
namespace detail {

ASCEND_SIM_BITS_CONSTEXPR uint16_t HalfBits(float value)
{
    const uint32_t bits = FloatBits(value);
    const uint32_t sign = (bits >> 16) & 0x8000u;
    const uint32_t magnitude = bits & 0x7fffffffu;
    uint32_t result = 0;
    if (magnitude > 0x7f800000u) {
        result = 0x7e00u;
    } else if (magnitude >= 0x47800000u) {  // 65536 and beyond
        result = 0x7c00u;
    } else if (magnitude >= 0x38800000u) {  // normal: a carry may reach infinity, as it should
        result = RoundShift(magnitude - 0x38000000u, 13);
    } else {
        const uint32_t below = 113u - (magnitude >> 23);
        const uint32_t significand = (magnitude & 0x7fffffu) | 0x800000u;
        result = below > 11u ? 0u : RoundShift(significand, 13 + below);
    }
    return static_cast<uint16_t>(sign | result);
}

ASCEND_SIM_BITS_CONSTEXPR float FloatOfHalfBits(uint16_t half)
{
    const uint32_t sign = (half & 0x8000u) << 16;
    const uint32_t magnitude = (half & 0x7fffu) << 13;
    if ((half & 0x7c00u) == 0x7c00u) {
        return FloatOfBits(sign | 0x7f800000u | magnitude);
    }
    // Moves the exponent up by 112, and makes subnormals normal.
    return FloatOfBits(sign | FloatBits(FloatOfBits(magnitude) * 0x1p112f));
}

}  // namespace detail
}  // namespace AscendC

struct half {
    half() = default;

    // From arithmetic types, rounded to nearest even; not from bfloat16_t.
    template <class Arithmetic, std::enable_if_t<std::is_arithmetic<Arithmetic>::value, bool> = true>
    ASCEND_SIM_BITS_CONSTEXPR half(Arithmetic value)
        : bits(AscendC::detail::HalfBits(AscendC::detail::StickyFloat(value)))
    {
    }

    ASCEND_SIM_BITS_CONSTEXPR operator float() const { return AscendC::detail::FloatOfHalfBits(bits); }

    uint16_t bits;
};

static_assert(sizeof(half) == 2 && std::is_trivial<half>::value, "half must be plain 16 bits");
