// SPDX-License-Identifier: Apache-2.0
// Instructions that fill and copy: Duplicate, Copy, Brcb, CreateVecIndex, ArithProgression.
#pragma once

#include "vector_mask.h"

namespace AscendC {
namespace detail {

template <class T>
inline constexpr bool kMovable = kIsOneOf<T, half, bfloat16_t, int16_t, uint16_t, int32_t, uint32_t, float>;

template <class T>
inline auto FillLane(T scalar)
{
    return [lane = sizeof(T) == 2 ? kLanes.fill16 : kLanes.fill32, scalar](const Addresses<1>& p, size_t n) {
        lane(p[0], &scalar, n);
    };
}

template <bool isSetMask, class T, class Mask>
inline void DuplicateMasked(const LocalTensor<T>& dst, T scalar, Mask mask, const RepeatTimes& repeatTimes,
                            uint16_t dstBlockStride, uint8_t dstRepeatStride, Where where)
{
    static_assert(kMovable<T>, "Duplicate exists for 16- and 32-bit types only");
    const auto repeats =
        MakeRepeats<isSetMask>("Duplicate", ONE_REPEAT_BYTE_SIZE / sizeof(T), mask, repeatTimes, where);
    IssueRepeats<1>("Duplicate", {MakeView(Access::kWrite, dst, dstBlockStride, dstRepeatStride)}, repeats,
                    FillLane(scalar), where);
}

template <bool isSetMask, class T, class Mask>
inline void CopyMasked(const LocalTensor<T>& dst, const LocalTensor<T>& src, Mask mask,
                       const RepeatTimes& repeatTimes, const CopyRepeatParams& params, Where where)
{
    static_assert(kMovable<T>, "Copy exists for 16- and 32-bit types only");
    const auto move = [](const Addresses<2>& p, size_t n) { std::memmove(p[0], p[1], n * sizeof(T)); };
    const auto repeats =
        MakeRepeats<isSetMask>("Copy", ONE_REPEAT_BYTE_SIZE / sizeof(T), mask, repeatTimes, where);
    if (!ascend_sim::CurrentBlock().counter_mask) {
        IssueRepeats<2>("Copy",
                        {MakeView(Access::kWrite, dst, params.dstStride, params.dstRepeatSize),
                         MakeView(Access::kRead, src, params.srcStride, params.srcRepeatSize)},
                        repeats, move, where);
        return;
    }
    // Unlike other calls, Copy repeats in counter mode too: the mask counts the elements of one repeat, which
    // may be longer than 256 bytes and goes on with the same stride.
    constexpr uint32_t kBlock = ONE_BLK_SIZE / sizeof(T);
    for (uint32_t repeat = 0; repeat < repeatTimes.Get("Copy", where); ++repeat) {
        IssueRepeats<2>("Copy",
                        {MakeView(Access::kWrite, dst[repeat * params.dstRepeatSize * kBlock],
                                  params.dstStride, params.dstStride * DEFAULT_BLK_NUM),
                         MakeView(Access::kRead, src[repeat * params.srcRepeatSize * kBlock],
                                  params.srcStride, params.srcStride * DEFAULT_BLK_NUM)},
                        repeats, move, where);
    }
}

template <class T>
inline constexpr bool kIndexable = kIsOneOf<T, int16_t, half, int32_t, float>;

// firstValue + i, as the device forms it: in float, then converted.
template <class T>
inline T IndexValue(T first, size_t i)
{
    return static_cast<T>(static_cast<float>(first) + static_cast<float>(i));
}

template <class T, class Mask>
inline void IndexMasked(const LocalTensor<T>& dst, T first, Mask mask, const RepeatTimes& repeatTimes,
                        uint16_t dstBlkStride, uint8_t dstRepStride, Where where)
{
    static_assert(kIndexable<T>, "CreateVecIndex exists for int16_t, half, int32_t and float only");
    constexpr uint32_t kLanesOfRepeat = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    const auto repeats = MakeRepeats<true>("CreateVecIndex", kLanesOfRepeat, mask, repeatTimes, where);
    if (repeats.count == 0) {
        return;
    }
    const std::array<View, 1> views = {MakeView(Access::kWrite, dst, dstBlkStride, dstRepStride)};
    ascend_sim::Issue(
        Pipe::kVector, "CreateVecIndex", where, [&] { return Describe(repeats, views); },
        [view = views[0], repeats, first] {
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                for (uint32_t lane = 0; lane < kLanesOfRepeat; ++lane) {
                    if (repeats.MaskOf(repeat).Has(lane)) {
                        const T value = IndexValue(first, size_t{repeat} * kLanesOfRepeat + lane);
                        std::memcpy(view.Lane(repeat, lane), &value, sizeof(value));
                    }
                }
            }
        });
}

// Brcb of floats, which may wait for other calls (pending_calls.h).
struct SpreadLane {
    static constexpr ascend_sim::CallKind kKind = ascend_sim::CallKind::kSpread;
    const void* loop = &kLanes.fill32;
    uint32_t Detail() const { return 0; }
    float Scalar() const { return 0.0f; }
};

}  // namespace detail

template <typename T>
__aicore__ inline void Duplicate(const LocalTensor<T>& dst, const T& scalarValue, const int32_t& count,
                                 Where where = Where::Here())
{
    static_assert(detail::kMovable<T>, "Duplicate exists for 16- and 32-bit types only");
    detail::IssueCount<1>("Duplicate", {detail::MakeView(detail::Access::kWrite, dst)}, count,
                          detail::FillLane(scalarValue), where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void Duplicate(const LocalTensor<T>& dst, const T& scalarValue, uint64_t mask,
                                 const detail::RepeatTimes repeatTimes, const uint16_t dstBlockStride,
                                 const uint8_t dstRepeatStride, Where where = Where::Here())
{
    detail::DuplicateMasked<isSetMask>(dst, scalarValue, mask, repeatTimes, dstBlockStride, dstRepeatStride,
                                       where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void Duplicate(const LocalTensor<T>& dst, const T& scalarValue, uint64_t mask[],
                                 const detail::RepeatTimes repeatTimes, const uint16_t dstBlockStride,
                                 const uint8_t dstRepeatStride, Where where = Where::Here())
{
    detail::DuplicateMasked<isSetMask>(dst, scalarValue, mask, repeatTimes, dstBlockStride, dstRepeatStride,
                                       where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void Copy(const LocalTensor<T>& dst, const LocalTensor<T>& src, const uint64_t mask,
                            const detail::RepeatTimes repeatTimes, const CopyRepeatParams& repeatParams,
                            Where where = Where::Here())
{
    detail::CopyMasked<isSetMask>(dst, src, mask, repeatTimes, repeatParams, where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void Copy(const LocalTensor<T>& dst, const LocalTensor<T>& src, const uint64_t mask[],
                            const detail::RepeatTimes repeatTimes, const CopyRepeatParams& repeatParams,
                            Where where = Where::Here())
{
    detail::CopyMasked<isSetMask>(dst, src, mask, repeatTimes, repeatParams, where);
}

// Every repeat takes the next eight elements of src0 and fills one 32-byte block of dst with each.
template <typename T>
__aicore__ inline void Brcb(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                            const detail::RepeatTimes repeatTimes, const BrcbRepeatParams& repeatParams,
                            Where where = Where::Here())
{
    static_assert(detail::kMovable<T>, "Brcb exists for 16- and 32-bit types only");
    constexpr uint32_t kBlocks = 8;
    ResetMask();
    detail::Repeats repeats;
    repeats.lanes = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    repeats.count = repeatTimes.Get("Brcb", where);
    if (repeats.count == 0) {
        return;
    }
    const detail::View source = detail::MakeView(detail::Access::kRead, src0);
    const std::array<detail::View, 1> views = {
        detail::MakeView(detail::Access::kWrite, dst, repeatParams.dstBlkStride, repeatParams.dstRepStride)};
    if constexpr (!ascend_sim::kChecked && std::is_same<T, float>::value) {
        const bool side_by_side = repeatParams.dstBlkStride == 1 && repeatParams.dstRepStride == kBlocks;
        if (side_by_side &&
            detail::Wait(ascend_sim::CurrentBlock(), detail::Addresses<2>{views[0].address, source.address},
                         size_t{repeats.count} * kBlocks, ascend_sim::Rows{1, 0, 0, 0},
                         detail::SpreadLane{})) {
            return;
        }
    }
    ascend_sim::Issue(
        detail::Pipe::kVector, "Brcb", where,
        [&] {
            auto operands = detail::Describe(repeats, views);
            operands.push_back(detail::DescribeBytes(source, size_t{repeats.count} * kBlocks * sizeof(T)));
            return operands;
        },
        [view = views[0], source, repeats,
         fill = sizeof(T) == 2 ? detail::kLanes.fill16 : detail::kLanes.fill32] {
            constexpr uint32_t kPerBlock = ONE_BLK_SIZE / sizeof(T);
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                T values[kBlocks];  // all are read before any is written
                std::memcpy(values, source.address + size_t{repeat} * sizeof(values), sizeof(values));
                for (uint32_t block = 0; block < kBlocks; ++block) {
                    fill(view.Lane(repeat, block * kPerBlock), &values[block], kPerBlock);
                }
            }
        });
}

// dst[i] = firstValue + i
template <typename T>
__aicore__ inline void CreateVecIndex(LocalTensor<T> dst, const T& firstValue, uint32_t count,
                                      Where where = Where::Here())
{
    static_assert(detail::kIndexable<T>, "CreateVecIndex exists for int16_t, half, int32_t and float only");
    detail::IssueCount<1>(
        "CreateVecIndex", {detail::MakeView(detail::Access::kWrite, dst)}, count,
        [firstValue](const detail::Addresses<1>& p, size_t n) {
            T* values = reinterpret_cast<T*>(p[0]);
            for (size_t i = 0; i < n; ++i) {
                values[i] = detail::IndexValue<T>(firstValue, i);
            }
        },
        where);
}

template <typename T>
__aicore__ inline void CreateVecIndex(LocalTensor<T>& dst, const T& firstValue, uint64_t mask,
                                      const detail::RepeatTimes repeatTimes, uint16_t dstBlkStride,
                                      uint8_t dstRepStride, Where where = Where::Here())
{
    detail::IndexMasked(dst, firstValue, mask, repeatTimes, dstBlkStride, dstRepStride, where);
}

template <typename T>
__aicore__ inline void CreateVecIndex(LocalTensor<T>& dst, const T& firstValue, uint64_t mask[],
                                      const detail::RepeatTimes repeatTimes, uint16_t dstBlkStride,
                                      uint8_t dstRepStride, Where where = Where::Here())
{
    detail::IndexMasked(dst, firstValue, mask, repeatTimes, dstBlkStride, dstRepStride, where);
}

// dst[i] = firstValue + i * diffValue
template <typename T>
__aicore__ inline void ArithProgression(const LocalTensor<T>& dstLocal, const T firstValue, const T diffValue,
                                        const int32_t count, Where where = Where::Here())
{
    static_assert(detail::kIndexable<T>, "ArithProgression exists for int16_t, half, int32_t and float only");
    detail::IssueCount<1>(
        "ArithProgression", {detail::MakeView(detail::Access::kWrite, dstLocal)}, count,
        [firstValue, diffValue](const detail::Addresses<1>& p, size_t n) {
            using Wide = std::conditional_t<std::is_integral<T>::value, int64_t, double>;
            T* values = reinterpret_cast<T*>(p[0]);
            for (size_t i = 0; i < n; ++i) {
                values[i] = static_cast<T>(static_cast<Wide>(firstValue) +
                                           static_cast<Wide>(diffValue) * static_cast<Wide>(i));
            }
        },
        where);
}

// The name in later releases of CANN.
template <typename T>
__aicore__ inline void Arange(const LocalTensor<T>& dst, const T firstValue, const T diffValue,
                              const int32_t count, Where where = Where::Here())
{
    ArithProgression(dst, firstValue, diffValue, count, where);
}

}  // namespace AscendC
