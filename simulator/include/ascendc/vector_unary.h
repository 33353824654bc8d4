// SPDX-License-Identifier: Apache-2.0
// Instructions with one source: dst = f(src). An entry of the list at the end is all that one takes.
#pragma once

#include "vector_engine.h"

namespace AscendC {
namespace detail {

using ascend_sim::UnaryOp;

template <UnaryOp op, class T>
inline auto UnaryLane()
{
    return TableLane<ascend_sim::CallKind::kUnary, Lanes::Unary, T>{&kLanes.unary[At(op)][kIndex<T>]};
}

template <UnaryOp op, class T>
inline void UnaryCount(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src, int32_t count,
                       Where where)
{
    IssueCount<2>(name, {MakeView(Access::kWrite, dst), MakeView(Access::kRead, src)}, count,
                  UnaryLane<op, T>(), where);
}

template <UnaryOp op, bool isSetMask, class T, class Mask>
inline void UnaryMasked(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src, Mask mask,
                        const RepeatTimes& repeatTimes, const UnaryRepeatParams& params, Where where)
{
    const auto repeats =
        MakeRepeats<isSetMask>(name, ONE_REPEAT_BYTE_SIZE / sizeof(T), mask, repeatTimes, where);
    IssueRepeats<2>(name,
                    {MakeView(Access::kWrite, dst, params.dstBlkStride, params.dstRepStride),
                     MakeView(Access::kRead, src, params.srcBlkStride, params.srcRepStride)},
                    repeats, UnaryLane<op, T>(), where);
}

}  // namespace detail

// The three forms of an instruction, for the types that the device has it for.
#define ASCEND_SIM_UNARY(Name, op, types_text, ...)                                                         \
    template <typename T>                                                                                   \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, const int32_t& count, \
                                Where where = Where::Here())                                                \
    {                                                                                                       \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                     \
                      #Name " exists for " types_text " only: Cast first");                                 \
        detail::UnaryCount<detail::UnaryOp::op>(#Name, dst, src, count, where);                             \
    }                                                                                                       \
    template <typename T, bool isSetMask = true>                                                            \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, uint64_t mask,        \
                                const detail::RepeatTimes repeatTimes,                                      \
                                const UnaryRepeatParams& repeatParams, Where where = Where::Here())         \
    {                                                                                                       \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                     \
                      #Name " exists for " types_text " only: Cast first");                                 \
        detail::UnaryMasked<detail::UnaryOp::op, isSetMask>(#Name, dst, src, mask, repeatTimes,             \
                                                            repeatParams, where);                           \
    }                                                                                                       \
    template <typename T, bool isSetMask = true>                                                            \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src, uint64_t mask[],      \
                                const detail::RepeatTimes repeatTimes,                                      \
                                const UnaryRepeatParams& repeatParams, Where where = Where::Here())         \
    {                                                                                                       \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                     \
                      #Name " exists for " types_text " only: Cast first");                                 \
        detail::UnaryMasked<detail::UnaryOp::op, isSetMask>(#Name, dst, src, mask, repeatTimes,             \
                                                            repeatParams, where);                           \
    }                                                                                                       \
    ASCEND_SIM_ADDRESS(Name)

ASCEND_SIM_UNARY(Relu, kRelu, "half, float and int32_t", half, float, int32_t)
ASCEND_SIM_UNARY(Exp, kExp, "half and float", half, float)
ASCEND_SIM_UNARY(Ln, kLn, "half and float", half, float)
ASCEND_SIM_UNARY(Abs, kAbs, "half and float", half, float)
ASCEND_SIM_UNARY(Reciprocal, kReciprocal, "half and float", half, float)
ASCEND_SIM_UNARY(Sqrt, kSqrt, "half and float", half, float)
ASCEND_SIM_UNARY(Rsqrt, kRsqrt, "half and float", half, float)
ASCEND_SIM_UNARY(Not, kNot, "int16_t and uint16_t", int16_t, uint16_t)

#undef ASCEND_SIM_UNARY

}  // namespace AscendC
