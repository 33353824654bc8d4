// SPDX-License-Identifier: Apache-2.0
// Compare, CompareScalar (Compares) and Select. Results of comparisons and selectors are bits, the first
// element's lowest.
//
// As on the 910B, comparisons ignore their mask: every lane of every repeat is compared, and the bits of
// repeat after repeat lie side by side whatever the destination's strides.
#pragma once

#include "vector_engine.h"

namespace AscendC {
namespace detail {

inline void CheckCompare(CMPMODE mode, bool only_equal, Where where)
{
    Require(!only_equal || mode == CMPMODE::EQ, "compare-mode", where, [] {
        return std::string(
            "int32_t can only be compared with CMPMODE::EQ on this device. Cast to float first.");
    });
}

// The bits that a comparison of `elements` lanes writes.
template <class U>
inline View BitsView(Access access, const LocalTensor<U>& tensor)
{
    View view = MakeView(access, tensor);
    view.element_bytes = 1;
    return view;
}

template <class U>
inline constexpr bool kIsSelector =
    kIsOneOf<U, uint8_t, uint16_t, uint32_t, uint64_t, int8_t, int16_t, int32_t>;

template <class T, class U, size_t count, class Lane>
inline void IssueCompareCount(const char* name, const LocalTensor<U>& dst,
                              const std::array<View, count>& sources, CMPMODE mode, uint32_t elements,
                              Lane lane, Where where)
{
    static_assert(kIsOneOf<T, half, float, int32_t>,
                  "comparisons exist for half, float and int32_t only: Cast first");
    CheckCompare(mode, std::is_same<T, int32_t>::value, where);
    ResetMaskRegister();
    if (elements == 0) {
        return;
    }
    const View bits = BitsView(Access::kWrite, dst);
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            std::vector<Operand> operands = {DescribeBytes(bits, elements / 8)};
            for (const View& view : sources) {
                operands.push_back(DescribeBytes(view, size_t{elements} * sizeof(T)));
                operands.back().block_multiple = ONE_REPEAT_BYTE_SIZE;
            }
            return operands;
        },
        [bits, sources, elements, lane] {
            // Like the device, only whole repeats.
            lane(bits.address, AddressesOf(sources),
                 elements - elements % (ONE_REPEAT_BYTE_SIZE / sizeof(T)));
        });
}

template <class T, class U, size_t count, class Lane>
inline void IssueCompareRepeats(const char* name, const LocalTensor<U>& dst,
                                const std::array<View, count>& sources, CMPMODE mode,
                                const RepeatTimes& repeat_times, Lane lane, Where where)
{
    static_assert(kIsOneOf<T, half, float, int32_t>,
                  "comparisons exist for half, float and int32_t only: Cast first");
    CheckCompare(mode, std::is_same<T, int32_t>::value, where);
    Repeats repeats;
    repeats.lanes = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    repeats.count = repeat_times.Get(name, where);
    if (repeats.count == 0) {
        return;
    }
    const View bits = BitsView(Access::kWrite, dst);
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            std::vector<Operand> operands = Describe(repeats, sources);
            operands.push_back(DescribeBytes(bits, size_t{repeats.count} * repeats.lanes / 8));
            return operands;
        },
        [bits, sources, repeats, lane] {
            RepeatBuffer buffers[count] = {};
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                Addresses<count> addresses;
                for (size_t i = 0; i < count; ++i) {
                    addresses[i] =
                        Gather(sources[i], repeat, LaneMask{}.Of(repeats.lanes), repeats.lanes, buffers[i]);
                }
                lane(bits.address + size_t{repeat} * repeats.lanes / 8, addresses, repeats.lanes);
            }
        });
}

template <class T>
inline auto CompareLane(CMPMODE mode)
{
    return [lane = kLanes.compare[At(mode)][kIndex<T>]](uint8_t* bits, const Addresses<2>& p, size_t n) {
        lane(bits, p[0], p[1], n);
    };
}

template <class T>
inline auto CompareScalarLane(CMPMODE mode, T scalar)
{
    return [lane = kLanes.compare_scalar[At(mode)][kIndex<T>], scalar](
               uint8_t* bits, const Addresses<1>& p, size_t n) { lane(bits, p[0], &scalar, n); };
}

template <class T>
inline std::array<View, 2> CompareSources(const LocalTensor<T>& src0, const LocalTensor<T>& src1,
                                          const BinaryRepeatParams& params)
{
    return {MakeView(Access::kRead, src0, params.src0BlkStride, params.src0RepStride),
            MakeView(Access::kRead, src1, params.src1BlkStride, params.src1RepStride)};
}

// Compares one repeat into the comparison mask, for Select.
template <class T>
inline void CompareIntoMask(const LocalTensor<T>& src0, const LocalTensor<T>& src1, CMPMODE mode,
                            const BinaryRepeatParams& params, Where where)
{
    static_assert(kIsOneOf<T, half, float>,
                  "Compare into the mask exists for half and float only: Cast first");
    Repeats repeats;
    repeats.lanes = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    repeats.count = 1;
    const auto sources = CompareSources(src0, src1, params);
    ascend_sim::Issue(
        Pipe::kVector, "Compare", where, [&] { return Describe(repeats, sources); },
        [sources, repeats, lane = CompareLane<T>(mode)] {
            RepeatBuffer buffers[2] = {};
            Addresses<2> addresses;
            for (size_t i = 0; i < 2; ++i) {
                addresses[i] = Gather(sources[i], 0, LaneMask{}.Of(repeats.lanes), repeats.lanes, buffers[i]);
            }
            lane(reinterpret_cast<uint8_t*>(ascend_sim::CurrentBlock().compare_mask), addresses,
                 repeats.lanes);
        });
}

}  // namespace detail

template <typename T, typename U>
__aicore__ inline void Compare(const LocalTensor<U>& dst, const LocalTensor<T>& src0,
                               const LocalTensor<T>& src1, CMPMODE cmpMode, uint32_t count,
                               Where where = Where::Here())
{
    static_assert(detail::kIsSelector<U>, "the result of Compare is bits: use LocalTensor<uint8_t>");
    const auto sources = detail::CompareSources(src0, src1, BinaryRepeatParams());
    detail::IssueCompareCount<T>("Compare", dst, sources, cmpMode, count, detail::CompareLane<T>(cmpMode),
                                 where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void Compare(const LocalTensor<U>& dst, const LocalTensor<T>& src0,
                               const LocalTensor<T>& src1, CMPMODE cmpMode, const uint64_t,
                               const detail::RepeatTimes repeatTimes, const BinaryRepeatParams& repeatParams,
                               Where where = Where::Here())
{
    static_assert(detail::kIsSelector<U>, "the result of Compare is bits: use LocalTensor<uint8_t>");
    const auto sources = detail::CompareSources(src0, src1, repeatParams);
    detail::IssueCompareRepeats<T>("Compare", dst, sources, cmpMode, repeatTimes,
                                   detail::CompareLane<T>(cmpMode), where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void Compare(const LocalTensor<U>& dst, const LocalTensor<T>& src0,
                               const LocalTensor<T>& src1, CMPMODE cmpMode, const uint64_t[],
                               const detail::RepeatTimes repeatTimes, const BinaryRepeatParams& repeatParams,
                               Where where = Where::Here())
{
    Compare<T, U, isSetMask>(dst, src0, src1, cmpMode, MASK_PLACEHOLDER, repeatTimes, repeatParams, where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void Compare(const LocalTensor<T>& src0, const LocalTensor<T>& src1, CMPMODE cmpMode,
                               const uint64_t, const BinaryRepeatParams& repeatParams,
                               Where where = Where::Here())
{
    detail::CompareIntoMask(src0, src1, cmpMode, repeatParams, where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void Compare(const LocalTensor<T>& src0, const LocalTensor<T>& src1, CMPMODE cmpMode,
                               const uint64_t[], const BinaryRepeatParams& repeatParams,
                               Where where = Where::Here())
{
    detail::CompareIntoMask(src0, src1, cmpMode, repeatParams, where);
}

// Compares with a scalar, under the names of earlier and later releases of CANN.
#define ASCEND_SIM_COMPARE_SCALAR(Name)                                                                     \
    template <typename T, typename U>                                                                       \
    __aicore__ inline void Name(const LocalTensor<U>& dst, const LocalTensor<T>& src0, const T src1Scalar,  \
                                CMPMODE cmpMode, uint32_t count, Where where = Where::Here())               \
    {                                                                                                       \
        static_assert(detail::kIsSelector<U>, "the result of " #Name " is bits: use LocalTensor<uint8_t>"); \
        const std::array<detail::View, 1> sources = {detail::MakeView(detail::Access::kRead, src0)};        \
        detail::IssueCompareCount<T>(#Name, dst, sources, cmpMode, count,                                   \
                                     detail::CompareScalarLane<T>(cmpMode, src1Scalar), where);             \
    }                                                                                                       \
                                                                                                            \
    template <typename T, typename U, bool isSetMask = true>                                                \
    __aicore__ inline void Name(const LocalTensor<U>& dst, const LocalTensor<T>& src0, const T src1Scalar,  \
                                CMPMODE cmpMode, const uint64_t, const detail::RepeatTimes repeatTimes,     \
                                const UnaryRepeatParams& repeatParams, Where where = Where::Here())         \
    {                                                                                                       \
        static_assert(detail::kIsSelector<U>, "the result of " #Name " is bits: use LocalTensor<uint8_t>"); \
        const std::array<detail::View, 1> sources = {detail::MakeView(                                      \
            detail::Access::kRead, src0, repeatParams.srcBlkStride, repeatParams.srcRepStride)};            \
        detail::IssueCompareRepeats<T>(#Name, dst, sources, cmpMode, repeatTimes,                           \
                                       detail::CompareScalarLane<T>(cmpMode, src1Scalar), where);           \
    }                                                                                                       \
                                                                                                            \
    template <typename T, typename U, bool isSetMask = true>                                                \
    __aicore__ inline void Name(const LocalTensor<U>& dst, const LocalTensor<T>& src0, const T src1Scalar,  \
                                CMPMODE cmpMode, const uint64_t[], const detail::RepeatTimes repeatTimes,   \
                                const UnaryRepeatParams& repeatParams, Where where = Where::Here())         \
    {                                                                                                       \
        Name<T, U, isSetMask>(dst, src0, src1Scalar, cmpMode, MASK_PLACEHOLDER, repeatTimes, repeatParams,  \
                              where);                                                                       \
    }

ASCEND_SIM_COMPARE_SCALAR(CompareScalar)
ASCEND_SIM_COMPARE_SCALAR(Compares)

#undef ASCEND_SIM_COMPARE_SCALAR

}  // namespace AscendC
