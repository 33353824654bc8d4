// SPDX-License-Identifier: Apache-2.0
// Bit counts that the scalar unit does.
#pragma once

#include <cstdint>

namespace AscendC {

// How many bits of `value` are 0, or 1.
template <int count_value>
inline int64_t ScalarGetCountOfValue(uint64_t value)
{
    static_assert(count_value == 0 || count_value == 1, "a bit is 0 or 1");
    return __builtin_popcountll(count_value == 1 ? value : ~value);
}

inline int64_t ScalarCountLeadingZero(uint64_t value)
{
    return value == 0 ? 64 : __builtin_clzll(value);
}

inline int64_t CountLeadingZero(uint64_t value)
{
    return ScalarCountLeadingZero(value);
}

// How many bits below the sign bit equal it, up to the first that does not; -1 if all do.
inline int64_t CountBitsCntSameAsSignBit(int64_t value)
{
    return value == 0 || value == -1 ? -1 : __builtin_clrsbll(value);
}

// The lowest bit that is 0, or 1; -1 if there is none.
template <int count_value>
inline int64_t ScalarGetSFFValue(uint64_t value)
{
    static_assert(count_value == 0 || count_value == 1, "a bit is 0 or 1");
    const uint64_t bits = count_value == 1 ? value : ~value;
    return bits == 0 ? -1 : __builtin_ctzll(bits);
}

}  // namespace AscendC
