// SPDX-License-Identifier: Apache-2.0
// What device code may use in place of the standard library: type traits, tuples, min and max, roots.
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

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

using std::forward;
using std::get;
using std::index_sequence;
using std::integer_sequence;
using std::make_index_sequence;
using std::make_tuple;
using std::move;
using std::tie;
using std::tuple;
using std::tuple_element_t;
using std::tuple_size;
using std::tuple_size_v;

// The arguments may differ in type, as long as they can be compared.
template <class T, class U>
constexpr T min(const T& a, const U& b)
{
    return static_cast<T>(b) < a ? static_cast<T>(b) : a;
}
template <class T, class U>
constexpr T max(const T& a, const U& b)
{
    return a < static_cast<T>(b) ? static_cast<T>(b) : a;
}

}  // namespace Std

template <class T, class U>
struct IsSameType {
    static constexpr bool value = std::is_same<T, U>::value;
};

namespace detail {

template <class T, class U>
using Integer =
    std::enable_if_t<std::is_integral<T>::value && std::is_integral<U>::value, std::common_type_t<T, U>>;

}  // namespace detail

// Rounds up.
template <class T, class U>
constexpr detail::Integer<T, U> CeilDivision(T dividend, U divisor)
{
    using Result = detail::Integer<T, U>;
    const auto wide = static_cast<Result>(divisor);
    return wide == 0 ? Result{0} : static_cast<Result>((static_cast<Result>(dividend) + wide - 1) / wide);
}
template <class T, class U>
constexpr detail::Integer<T, U> DivCeil(T dividend, U divisor)
{
    return CeilDivision(dividend, divisor);
}

// The next multiple of `unit`.
template <class T, class U>
constexpr detail::Integer<T, U> AlignUp(T value, U unit)
{
    return static_cast<detail::Integer<T, U>>(CeilDivision(value, unit) * unit);
}

}  // namespace AscendC

// The device compiler knows these without a header.
using AscendC::Std::max;
using AscendC::Std::min;

// These as well. Not by way of <cmath>, whose C functions kernels would collide with that are called exp or
// sin; templates, so that they may stand beside it where a kernel includes it.
#define ASCEND_SIM_SCALAR_FUNCTION(name)                                         \
    template <class T, std::enable_if_t<std::is_same<T, float>::value, int> = 0> \
    inline T name(T value)                                                       \
    {                                                                            \
        return __builtin_##name##f(value);                                       \
    }
ASCEND_SIM_SCALAR_FUNCTION(sqrt)
ASCEND_SIM_SCALAR_FUNCTION(fabs)
ASCEND_SIM_SCALAR_FUNCTION(floor)
ASCEND_SIM_SCALAR_FUNCTION(ceil)
ASCEND_SIM_SCALAR_FUNCTION(exp)
ASCEND_SIM_SCALAR_FUNCTION(log)
#undef ASCEND_SIM_SCALAR_FUNCTION
