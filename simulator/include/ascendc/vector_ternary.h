// SPDX-License-Identifier: Apache-2.0
// Multiply-add instructions, which read their destination. The product and the sum are rounded each: the
// device does not promise one rounding, so no kernel may need it.
#pragma once

#include "vector_engine.h"

namespace AscendC {
namespace detail {

using ascend_sim::UpdateOp;

template <UpdateOp op, class T, class U>
inline auto UpdateLane()
{
    return TableLane<ascend_sim::CallKind::kUpdate, Lanes::Binary, U>{
        std::is_same<T, U>::value ? &kLanes.update[At(op)][kIndex<T>] : &kLanes.mul_add_dst_widening};
}

template <UpdateOp op, class T, class U>
inline void UpdateCount(const char* name, const LocalTensor<T>& dst, const LocalTensor<U>& src0,
                        const LocalTensor<U>& src1, int32_t count, Where where)
{
    IssueCount<3>(
        name,
        {MakeView(Access::kReadWrite, dst), MakeView(Access::kRead, src0), MakeView(Access::kRead, src1)},
        count, UpdateLane<op, T, U>(), where);
}

template <UpdateOp op, bool isSetMask, class T, class U, class Mask>
inline void UpdateMasked(const char* name, const LocalTensor<T>& dst, const LocalTensor<U>& src0,
                         const LocalTensor<U>& src1, Mask mask, const RepeatTimes& repeatTimes,
                         const BinaryRepeatParams& params, Where where)
{
    const auto repeats =
        MakeRepeats<isSetMask>(name, ONE_REPEAT_BYTE_SIZE / sizeof(T), mask, repeatTimes, where);
    IssueRepeats<3>(name,
                    {MakeView(Access::kReadWrite, dst, params.dstBlkStride, params.dstRepStride),
                     MakeView(Access::kRead, src0, params.src0BlkStride, params.src0RepStride),
                     MakeView(Access::kRead, src1, params.src1BlkStride, params.src1RepStride)},
                    repeats, UpdateLane<op, T, U>(), where);
}

template <class T, class U>
inline constexpr bool kMultiplyAddTypes = (std::is_same<T, U>::value && kIsOneOf<T, half, float>) ||
                                          (std::is_same<T, float>::value && std::is_same<U, half>::value);

template <class T, class U>
inline auto AxpyLane(U scalar)
{
    const auto lane = std::is_same<T, U>::value ? kLanes.axpy[kIndex<T>] : kLanes.axpy_widening;
    return [lane, scalar](const Addresses<2>& p, size_t n, const auto&... rows) {
        lane(p[0], p[1], &scalar, n, rows...);
    };
}

template <bool isSetMask, class T, class U, class Mask>
inline void AxpyMasked(const LocalTensor<T>& dst, const LocalTensor<U>& src, U scalar, Mask mask,
                       const RepeatTimes& repeatTimes, const UnaryRepeatParams& params, Where where)
{
    const auto repeats =
        MakeRepeats<isSetMask>("Axpy", ONE_REPEAT_BYTE_SIZE / sizeof(T), mask, repeatTimes, where);
    IssueRepeats<2>("Axpy",
                    {MakeView(Access::kReadWrite, dst, params.dstBlkStride, params.dstRepStride),
                     MakeView(Access::kRead, src, params.srcBlkStride, params.srcRepStride)},
                    repeats, AxpyLane<T>(scalar), where);
}

}  // namespace detail

// dst = src0 * src1 + dst
template <typename T, typename U>
__aicore__ inline void MulAddDst(const LocalTensor<T>& dst, const LocalTensor<U>& src0,
                                 const LocalTensor<U>& src1, const int32_t& count,
                                 Where where = Where::Here())
{
    static_assert(detail::kMultiplyAddTypes<T, U>, "MulAddDst adds half or float, or half into float, only");
    detail::UpdateCount<detail::UpdateOp::kMulAddDst>("MulAddDst", dst, src0, src1, count, where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void MulAddDst(const LocalTensor<T>& dst, const LocalTensor<U>& src0,
                                 const LocalTensor<U>& src1, uint64_t mask,
                                 const detail::RepeatTimes repeatTimes,
                                 const BinaryRepeatParams& repeatParams, Where where = Where::Here())
{
    static_assert(detail::kMultiplyAddTypes<T, U>, "MulAddDst adds half or float, or half into float, only");
    detail::UpdateMasked<detail::UpdateOp::kMulAddDst, isSetMask>("MulAddDst", dst, src0, src1, mask,
                                                                  repeatTimes, repeatParams, where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void MulAddDst(const LocalTensor<T>& dst, const LocalTensor<U>& src0,
                                 const LocalTensor<U>& src1, const uint64_t mask[],
                                 const detail::RepeatTimes repeatTimes,
                                 const BinaryRepeatParams& repeatParams, Where where = Where::Here())
{
    static_assert(detail::kMultiplyAddTypes<T, U>, "MulAddDst adds half or float, or half into float, only");
    detail::UpdateMasked<detail::UpdateOp::kMulAddDst, isSetMask>("MulAddDst", dst, src0, src1, mask,
                                                                  repeatTimes, repeatParams, where);
}

// The three forms of dst = f(src0 * dst + src1).
#define ASCEND_SIM_FUSED(Name, op)                                                                       \
    template <typename T>                                                                                \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src0,                   \
                                const LocalTensor<T>& src1, const int32_t& count,                        \
                                Where where = Where::Here())                                             \
    {                                                                                                    \
        static_assert(detail::kIsOneOf<T, half, float>,                                                  \
                      #Name " exists for half and float only: Cast first");                              \
        detail::UpdateCount<detail::UpdateOp::op>(#Name, dst, src0, src1, count, where);                 \
    }                                                                                                    \
    template <typename T, bool isSetMask = true>                                                         \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src0,                   \
                                const LocalTensor<T>& src1, uint64_t mask,                               \
                                const detail::RepeatTimes repeatTimes,                                   \
                                const BinaryRepeatParams& repeatParams, Where where = Where::Here())     \
    {                                                                                                    \
        static_assert(detail::kIsOneOf<T, half, float>,                                                  \
                      #Name " exists for half and float only: Cast first");                              \
        detail::UpdateMasked<detail::UpdateOp::op, isSetMask>(#Name, dst, src0, src1, mask, repeatTimes, \
                                                              repeatParams, where);                      \
    }                                                                                                    \
    template <typename T, bool isSetMask = true>                                                         \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src0,                   \
                                const LocalTensor<T>& src1, uint64_t mask[],                             \
                                const detail::RepeatTimes repeatTimes,                                   \
                                const BinaryRepeatParams& repeatParams, Where where = Where::Here())     \
    {                                                                                                    \
        static_assert(detail::kIsOneOf<T, half, float>,                                                  \
                      #Name " exists for half and float only: Cast first");                              \
        detail::UpdateMasked<detail::UpdateOp::op, isSetMask>(#Name, dst, src0, src1, mask, repeatTimes, \
                                                              repeatParams, where);                      \
    }                                                                                                    \
    ASCEND_SIM_ADDRESS(Name)

ASCEND_SIM_FUSED(FusedMulAdd, kFusedMulAdd)
ASCEND_SIM_FUSED(FusedMulAddRelu, kFusedMulAddRelu)
ASCEND_SIM_FUSED(MulAddRelu, kFusedMulAddRelu)  // the name in later releases of CANN

#undef ASCEND_SIM_FUSED

// dst = scalar * src + dst
template <typename T, typename U>
__aicore__ inline void Axpy(const LocalTensor<T>& dst, const LocalTensor<U>& src, const U& scalarValue,
                            const int32_t& count, Where where = Where::Here())
{
    static_assert(detail::kMultiplyAddTypes<T, U>, "Axpy adds half or float, or half into float, only");
    using detail::MakeView;
    detail::IssueCount<2>("Axpy",
                          {MakeView(detail::Access::kReadWrite, dst), MakeView(detail::Access::kRead, src)},
                          count, detail::AxpyLane<T>(scalarValue), where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void Axpy(const LocalTensor<T>& dst, const LocalTensor<U>& src, const U& scalarValue,
                            uint64_t mask, const detail::RepeatTimes repeatTimes,
                            const UnaryRepeatParams& repeatParams, Where where = Where::Here())
{
    static_assert(detail::kMultiplyAddTypes<T, U>, "Axpy adds half or float, or half into float, only");
    detail::AxpyMasked<isSetMask>(dst, src, scalarValue, mask, repeatTimes, repeatParams, where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void Axpy(const LocalTensor<T>& dst, const LocalTensor<U>& src, const U& scalarValue,
                            uint64_t mask[], const detail::RepeatTimes repeatTimes,
                            const UnaryRepeatParams& repeatParams, Where where = Where::Here())
{
    static_assert(detail::kMultiplyAddTypes<T, U>, "Axpy adds half or float, or half into float, only");
    detail::AxpyMasked<isSetMask>(dst, src, scalarValue, mask, repeatTimes, repeatParams, where);
}

}  // namespace AscendC
