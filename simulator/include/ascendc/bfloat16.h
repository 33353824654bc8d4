// SPDX-License-Identifier: Apache-2.0
// The scalar type of bfloat16, the upper half of a float.
#pragma once

#include "float_bits.h"

namespace AscendC {
namespace detail {

ASCEND_SIM_BITS_CONSTEXPR uint16_t BFloat16Bits(float value)
{
    const uint32_t bits = FloatBits(value);
    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        return static_cast<uint16_t>((bits >> 16) | 0x40u);  // stays NaN whatever is dropped
    }
    return static_cast<uint16_t>(RoundShift(bits, 16));
}

}  // namespace detail
}  // namespace AscendC

struct bfloat16_t {
    bfloat16_t() = default;

    // From arithmetic types, rounded to nearest even; not from half.
    template <class Arithmetic, std::enable_if_t<std::is_arithmetic<Arithmetic>::value, bool> = true>
    ASCEND_SIM_BITS_CONSTEXPR bfloat16_t(Arithmetic value)
        : bits(AscendC::detail::BFloat16Bits(AscendC::detail::StickyFloat(value)))
    {
    }

    ASCEND_SIM_BITS_CONSTEXPR operator float() const
    {
        return AscendC::detail::FloatOfBits(static_cast<uint32_t>(bits) << 16);
    }

    uint16_t bits;
};

// The device compiler's own name of the type.
using __bf16 = bfloat16_t;

namespace AscendC {

// The scalar conversions that kernels may call by name.
ASCEND_SIM_BITS_CONSTEXPR float ToFloat(const bfloat16_t& value)
{
    return value;
}

ASCEND_SIM_BITS_CONSTEXPR bfloat16_t ToBfloat16(const float& value)
{
    return value;
}

}  // namespace AscendC

static_assert(sizeof(bfloat16_t) == 2 && std::is_trivial<bfloat16_t>::value,
              "bfloat16_t must be plain 16 bits");
