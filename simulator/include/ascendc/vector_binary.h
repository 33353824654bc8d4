// SPDX-License-Identifier: Apache-2.0
// Instructions with two sources: dst = f(src0, src1). An entry of the list at the end is all that one takes.
#pragma once

#include "vector_engine.h"

namespace AscendC {
namespace detail {

using ascend_sim::BinaryOp;

template <BinaryOp op, class T>
inline auto BinaryLane()
{
    return TableLane<ascend_sim::CallKind::kBinary, Lanes::Binary, T>{&kLanes.binary[At(op)][kIndex<T>]};
}

template <BinaryOp op, class T>
inline void BinaryCount(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                        const LocalTensor<T>& src1, int32_t count, Where where)
{
    IssueCount<3>(
        name, {MakeView(Access::kWrite, dst), MakeView(Access::kRead, src0), MakeView(Access::kRead, src1)},
        count, BinaryLane<op, T>(), where);
}

template <BinaryOp op, bool isSetMask, class T, class Mask>
inline void BinaryMasked(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                         const LocalTensor<T>& src1, Mask mask, const RepeatTimes& repeatTimes,
                         const BinaryRepeatParams& params, Where where)
{
    const auto repeats =
        MakeRepeats<isSetMask>(name, ONE_REPEAT_BYTE_SIZE / sizeof(T), mask, repeatTimes, where);
    IssueRepeats<3>(name,
                    {MakeView(Access::kWrite, dst, params.dstBlkStride, params.dstRepStride),
                     MakeView(Access::kRead, src0, params.src0BlkStride, params.src0RepStride),
                     MakeView(Access::kRead, src1, params.src1BlkStride, params.src1RepStride)},
                    repeats, BinaryLane<op, T>(), where);
}

}  // namespace detail

// The count form of an instruction, for the types that the device has it for.
#define ASCEND_SIM_BINARY_COUNT(Name, op, types_text, ...)                               \
    template <typename T>                                                                \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src0,   \
                                const LocalTensor<T>& src1, const int32_t& count,        \
                                Where where = Where::Here())                             \
    {                                                                                    \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                  \
                      #Name " exists for " types_text " only: Cast first");              \
        detail::BinaryCount<detail::BinaryOp::op>(#Name, dst, src0, src1, count, where); \
    }                                                                                    \
    ASCEND_SIM_ADDRESS(Name)

// The two masked forms.
#define ASCEND_SIM_BINARY_MASKED(Name, op, types_text, ...)                                              \
    template <typename T, bool isSetMask = true>                                                         \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src0,                   \
                                const LocalTensor<T>& src1, uint64_t mask,                               \
                                const detail::RepeatTimes repeatTimes,                                   \
                                const BinaryRepeatParams& repeatParams, Where where = Where::Here())     \
    {                                                                                                    \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                  \
                      #Name " exists for " types_text " only: Cast first");                              \
        detail::BinaryMasked<detail::BinaryOp::op, isSetMask>(#Name, dst, src0, src1, mask, repeatTimes, \
                                                              repeatParams, where);                      \
    }                                                                                                    \
    template <typename T, bool isSetMask = true>                                                         \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src0,                   \
                                const LocalTensor<T>& src1, uint64_t mask[],                             \
                                const detail::RepeatTimes repeatTimes,                                   \
                                const BinaryRepeatParams& repeatParams, Where where = Where::Here())     \
    {                                                                                                    \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                  \
                      #Name " exists for " types_text " only: Cast first");                              \
        detail::BinaryMasked<detail::BinaryOp::op, isSetMask>(#Name, dst, src0, src1, mask, repeatTimes, \
                                                              repeatParams, where);                      \
    }

#define ASCEND_SIM_BINARY(...)           \
    ASCEND_SIM_BINARY_COUNT(__VA_ARGS__) \
    ASCEND_SIM_BINARY_MASKED(__VA_ARGS__)

ASCEND_SIM_BINARY(Add, kAdd, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_BINARY(Sub, kSub, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_BINARY(Mul, kMul, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_BINARY(Max, kMax, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_BINARY(Min, kMin, "half, float, int16_t and int32_t", half, float, int16_t, int32_t)
ASCEND_SIM_BINARY(Div, kDiv, "half and float", half, float)
ASCEND_SIM_BINARY(AddRelu, kAddRelu, "half, float and int16_t", half, float, int16_t)
ASCEND_SIM_BINARY(SubRelu, kSubRelu, "half, float and int16_t", half, float, int16_t)
// In count form the device takes 32-bit integers as twice as many 16-bit ones.
ASCEND_SIM_BINARY_COUNT(And, kAnd, "16- and 32-bit integers", int16_t, uint16_t, int32_t, uint32_t)
ASCEND_SIM_BINARY_MASKED(And, kAnd, "int16_t and uint16_t", int16_t, uint16_t)
ASCEND_SIM_BINARY_COUNT(Or, kOr, "16- and 32-bit integers", int16_t, uint16_t, int32_t, uint32_t)
ASCEND_SIM_BINARY_MASKED(Or, kOr, "int16_t and uint16_t", int16_t, uint16_t)

#undef ASCEND_SIM_BINARY
#undef ASCEND_SIM_BINARY_COUNT
#undef ASCEND_SIM_BINARY_MASKED

}  // namespace AscendC
