// SPDX-License-Identifier: Apache-2.0
// Rounding of scalars to 16-bit floating formats, shared by half.h and bfloat16.h.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace AscendC {
namespace detail {

// Compilers without the builtin (g++ before 11) have no constexpr scalars of these formats.
#if defined(__has_builtin)
#if __has_builtin(__builtin_bit_cast)
#define ASCEND_SIM_BITS_CONSTEXPR constexpr
#endif
#endif
#ifdef ASCEND_SIM_BITS_CONSTEXPR
constexpr uint32_t FloatBits(float value)
{
    return __builtin_bit_cast(uint32_t, value);
}

constexpr float FloatOfBits(uint32_t bits)
{
    return __builtin_bit_cast(float, bits);
}
#else
#define ASCEND_SIM_BITS_CONSTEXPR inline
inline uint32_t FloatBits(float value)
{
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    return bits;
}

inline float FloatOfBits(uint32_t bits)
{
    float value;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
}
#endif

// Drops the lowest `count` bits, rounding to nearest even.
constexpr uint32_t RoundShift(uint32_t value, uint32_t count)
{
    const uint32_t half = 1u << (count - 1);
    const uint32_t remainder = value & ((1u << count) - 1u);
    const uint32_t kept = value >> count;
    return kept + (remainder > half || (remainder == half && (kept & 1u) != 0) ? 1u : 0u);
}

// A double as a float whose lowest bit is set if anything was lost. Rounding that to a format that is at
// least two bits shorter gives the same as rounding the double, which going through the nearest float does
// not.
ASCEND_SIM_BITS_CONSTEXPR float FloatRoundedToOdd(double value)
{
    const float nearest = static_cast<float>(value);
    if (static_cast<double>(nearest) == value || value != value) {
        return nearest;
    }
    uint32_t bits = FloatBits(nearest);
    const double magnitude = value < 0 ? -value : value;
    const double nearest_magnitude = nearest < 0 ? -nearest : nearest;
    if (nearest_magnitude > magnitude) {
        --bits;  // towards zero
    }
    return FloatOfBits(bits | 1u);
}

// Any arithmetic value as a float that rounds on to a shorter format as the value itself would.
template <class Arithmetic>
ASCEND_SIM_BITS_CONSTEXPR float StickyFloat(Arithmetic value)
{
    static_assert(std::is_arithmetic<Arithmetic>::value,
                  "only arithmetic types convert to half and bfloat16_t");
    if constexpr (std::is_same<Arithmetic, float>::value) {
        return value;
    } else if constexpr (std::is_integral<Arithmetic>::value && sizeof(Arithmetic) == 8) {
        // 53 bits fit a double: gather the lowest eleven into one.
        const bool negative = value < 0;
        const uint64_t magnitude =
            negative ? 0u - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
        const uint64_t sticky =
            magnitude < (1ull << 53) ? magnitude : ((magnitude >> 11) | ((magnitude & 0x7ffu) != 0)) << 11;
        return FloatRoundedToOdd(negative ? -static_cast<double>(sticky) : static_cast<double>(sticky));
    } else {
        return FloatRoundedToOdd(static_cast<double>(value));
    }
}

}  // namespace detail
}  // namespace AscendC
