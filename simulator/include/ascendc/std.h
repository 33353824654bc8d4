// SPDX-License-Identifier: Apache-2.0
// What device code may use in place of the standard library: type traits, min and max.
#pragma once

#include <type_traits>

namespace AscendC {

namespace Std {

using std::bool_constant;
using std::conditional;
using std::conditional_t;
using std::decay;
using std::decay_t;
using std::enable_if;
using std::enable_if_t;
using std::false_type;
using std::integral_constant;
using std::is_arithmetic;
using std::is_array;
using std::is_base_of;
using std::is_const;
using std::is_convertible;
using std::is_floating_point;
using std::is_integral;
using std::is_pointer;
using std::is_reference;
using std::is_same;
using std::is_same_v;
using std::is_void;
using std::remove_const;
using std::remove_const_t;
using std::remove_cv;
using std::remove_cv_t;
using std::remove_pointer;
using std::remove_pointer_t;
using std::remove_reference;
using std::remove_reference_t;
using std::true_type;

template <class T>
constexpr T min(T a, T b)
{
    return b < a ? b : a;
}
template <class T>
constexpr T max(T a, T b)
{
    return a < b ? b : a;
}

}  // namespace Std

template <class T, class U>
struct IsSameType {
    static constexpr bool value = std::is_same<T, U>::value;
};

// Rounds up.
template <class T>
constexpr T CeilDivision(T dividend, T divisor)
{
    return divisor == 0 ? 0 : (dividend + divisor - 1) / divisor;
}

// The next multiple of `unit`.
template <class T>
constexpr T AlignUp(T value, T unit)
{
    return CeilDivision(value, unit) * unit;
}

}  // namespace AscendC

// The device compiler knows these without a header.
using AscendC::Std::max;
using AscendC::Std::min;
