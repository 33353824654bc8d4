// SPDX-License-Identifier: Apache-2.0
// Instructions with a source and a scalar: dst = f(src, scalar). An entry of the list is all that one takes.
#pragma once

#include "vector_engine.h"

namespace AscendC {
namespace detail {

using ascend_sim::ScalarOp;

template <class T>
inline auto ScalarLane(ScalarOp op, T scalar)
{
    return TableLane<ascend_sim::CallKind::kWithScalar, Lanes::WithScalar, T>{
        &kLanes.with_scalar[At(op)][kIndex<T>], scalar};
}

template <class T>
inline void ScalarCount(const char* name, ScalarOp op, const LocalTensor<T>& dst, const LocalTensor<T>& src,
                        T scalar, int32_t count, Where where)
{
    IssueCount<2>(name, {MakeView(Access::kWrite, dst), MakeView(Access::kRead, src)}, count,
                  ScalarLane(op, scalar), where);
}

template <bool isSetMask, class T, class Mask>
inline void ScalarMasked(const char* name, ScalarOp op, const LocalTensor<T>& dst, const LocalTensor<T>& src,
                         T scalar, Mask mask, const RepeatTimes& repeatTimes, const UnaryRepeatParams& params,
                         Where where)
{
    const auto repeats =
        MakeRepeats<isSetMask>(name, ONE_REPEAT_BYTE_SIZE / sizeof(T), mask, repeatTimes, where);
    IssueRepeats<2>(name,
                    {MakeView(Access::kWrite, dst, params.dstBlkStride, params.dstRepStride),
                     MakeView(Access::kRead, src, params.srcBlkStride, params.srcRepStride)},
                    repeats, ScalarLane(op, scalar), where);
}

}  // namespace detail

// The three forms of an instruction, for the types that the device has it for.
#define ASCEND_SIM_SCALAR(Name, op, types_text, ...)                                                        \
    template <typename T>                                                                                   \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, const T& scalarValue, \
                                const int32_t& count, Where where = Where::Here())                          \
    {                                                                                                       \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                     \
                      #Name " exists for " types_text " only: Cast first");                                 \
        detail::ScalarCount(#Name, detail::ScalarOp::op, dst, src, scalarValue, count, where);              \
    }                                                                                                       \
    template <typename T, bool isSetMask = true>                                                            \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, const T& scalarValue, \
                                uint64_t mask, const detail::RepeatTimes repeatTimes,                       \
                                const UnaryRepeatParams& repeatParams, Where where = Where::Here())         \
    {                                                                                                       \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                     \
                      #Name " exists for " types_text " only: Cast first");                                 \
        detail::ScalarMasked<isSetMask>(#Name, detail::ScalarOp::op, dst, src, scalarValue, mask,           \
                                        repeatTimes, repeatParams, where);                                  \
    }                                                                                                       \
    template <typename T, bool isSetMask = true>                                                            \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, const T& scalarValue, \
                                uint64_t mask[], const detail::RepeatTimes repeatTimes,                     \
                                const UnaryRepeatParams& repeatParams, Where where = Where::Here())         \
    {                                                                                                       \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                     \
                      #Name " exists for " types_text " only: Cast first");                                 \
        detail::ScalarMasked<isSetMask>(#Name, detail::ScalarOp::op, dst, src, scalarValue, mask,           \
                                        repeatTimes, repeatParams, where);                                  \
    }                                                                                                       \
    ASCEND_SIM_ADDRESS(Name)

ASCEND_SIM_SCALAR(Adds, kAdds, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_SCALAR(Muls, kMuls, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_SCALAR(Maxs, kMaxs, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_SCALAR(Mins, kMins, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_SCALAR(LeakyRelu, kLeakyRelu, "half and float", half, float)
ASCEND_SIM_SCALAR(ShiftLeft, kShiftLeft, "16- and 32-bit integers", int16_t, uint16_t, int32_t, uint32_t)

#undef ASCEND_SIM_SCALAR

// ShiftRight keeps the sign of signed types. With roundEn it rounds half up instead of dropping the bits.
template <typename T>
__aicore__ inline void ShiftRight(const LocalTensor<T>& dst, const LocalTensor<T>& src, const T& scalarValue,
                                  const int32_t& count, Where where = Where::Here())
{
    static_assert(detail::kIsOneOf<T, int16_t, uint16_t, int32_t, uint32_t>,
                  "ShiftRight exists for 16- and 32-bit integers only");
    detail::ScalarCount("ShiftRight", detail::ScalarOp::kShiftRight, dst, src, scalarValue, count, where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void ShiftRight(const LocalTensor<T>& dst, const LocalTensor<T>& src, const T& scalarValue,
                                  uint64_t mask, const detail::RepeatTimes repeatTimes,
                                  const UnaryRepeatParams& repeatParams, bool roundEn = false,
                                  Where where = Where::Here())
{
    static_assert(detail::kIsOneOf<T, int16_t, uint16_t, int32_t, uint32_t>,
                  "ShiftRight exists for 16- and 32-bit integers only");
    const auto op = roundEn ? detail::ScalarOp::kShiftRightRound : detail::ScalarOp::kShiftRight;
    detail::ScalarMasked<isSetMask>("ShiftRight", op, dst, src, scalarValue, mask, repeatTimes, repeatParams,
                                    where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void ShiftRight(const LocalTensor<T>& dst, const LocalTensor<T>& src, const T& scalarValue,
                                  uint64_t mask[], const detail::RepeatTimes repeatTimes,
                                  const UnaryRepeatParams& repeatParams, bool roundEn = false,
                                  Where where = Where::Here())
{
    static_assert(detail::kIsOneOf<T, int16_t, uint16_t, int32_t, uint32_t>,
                  "ShiftRight exists for 16- and 32-bit integers only");
    const auto op = roundEn ? detail::ScalarOp::kShiftRightRound : detail::ScalarOp::kShiftRight;
    detail::ScalarMasked<isSetMask>("ShiftRight", op, dst, src, scalarValue, mask, repeatTimes, repeatParams,
                                    where);
}

}  // namespace AscendC
