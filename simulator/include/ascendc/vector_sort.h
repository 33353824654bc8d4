// SPDX-License-Identifier: Apache-2.0
// Sorting, from the largest score down. A sorted element is eight bytes: the score, in the low two or four
// bytes, and a 32-bit index. Of equal scores the one that came first stays first.
#pragma once

#include <algorithm>

#include "vector_engine.h"
#include "vector_gather.h"

namespace AscendC {

template <typename T>
struct MrgSortSrcList {
    MrgSortSrcList() {}
    MrgSortSrcList(const LocalTensor<T>& src1In, const LocalTensor<T>& src2In, const LocalTensor<T>& src3In,
                   const LocalTensor<T>& src4In)
        : src1(src1In), src2(src2In), src3(src3In), src4(src4In)
    {
    }

    LocalTensor<T> src1;
    LocalTensor<T> src2;
    LocalTensor<T> src3;
    LocalTensor<T> src4;
};

// Lengths in elements of eight bytes. validBit 3, 7 or 15 names the first two, three or four queues.
struct MrgSort4Info {
    MrgSort4Info() {}
    MrgSort4Info(const uint16_t elementLengthsIn[4], const bool ifExhaustedSuspensionIn,
                 const uint16_t validBitIn, const uint16_t repeatTimesIn)
        : ifExhaustedSuspension(ifExhaustedSuspensionIn), validBit(validBitIn), repeatTimes(repeatTimesIn)
    {
        std::copy_n(elementLengthsIn, 4, elementLengths);
    }

    uint16_t elementLengths[4] = {0};
    bool ifExhaustedSuspension = false;
    uint16_t validBit = 0;
    uint8_t repeatTimes = 1;
};

namespace detail {

inline constexpr uint32_t kSortedBytes = 8;
inline constexpr uint32_t kSortLength = 32;  // elements of one repeat

template <class T>
struct Sorted {
    T score;
    uint32_t index;
};

template <class T>
inline Sorted<T> LoadSorted(const uint8_t* from)
{
    Sorted<T> element;
    std::memcpy(&element.score, from, sizeof(T));
    std::memcpy(&element.index, from + 4, sizeof(uint32_t));
    return element;
}

// Between a half score and its index lie two bytes that nobody looks at.
template <class T>
inline void StoreSorted(uint8_t* to, const Sorted<T>& element)
{
    std::memset(to, 0, kSortedBytes);
    std::memcpy(to, &element.score, sizeof(T));
    std::memcpy(to + 4, &element.index, sizeof(uint32_t));
}

template <class T>
inline bool Before(const Sorted<T>& a, const Sorted<T>& b)
{
    return static_cast<float>(a.score) > static_cast<float>(b.score);
}

template <class T>
inline void IssueSort(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& scores,
                      const LocalTensor<uint32_t>& indices, uint32_t groups, uint32_t length, Where where)
{
    static_assert(kIsOneOf<T, half, float>, "sorting exists for half and float only: Cast first");
    ResetMaskRegister();
    const uint32_t count = groups * length;
    if (count == 0) {
        return;
    }
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            return std::vector<Operand>{
                DescribeBytes(MakeView(Access::kWrite, dst), size_t{count} * kSortedBytes),
                DescribeBytes(MakeView(Access::kRead, scores), size_t{count} * sizeof(T)),
                DescribeBytes(MakeView(Access::kRead, indices), size_t{count} * sizeof(uint32_t))};
        },
        [to = reinterpret_cast<uint8_t*>(dst.Address()), score = scores.Address(), index = indices.Address(),
         groups, length] {
            std::vector<Sorted<T>> elements(length);
            for (uint32_t group = 0; group < groups; ++group) {
                for (uint32_t i = 0; i < length; ++i) {
                    elements[i] = {score[group * length + i], index[group * length + i]};
                }
                std::stable_sort(elements.begin(), elements.end(), Before<T>);
                for (uint32_t i = 0; i < length; ++i) {
                    StoreSorted(to + size_t{group * length + i} * kSortedBytes, elements[i]);
                }
            }
        });
}

// One merge. `used` receives how many elements of each queue went into the result, and so does the register
// that GetMrgSortResult reads.
template <class T>
inline void MergeQueues(uint8_t* to, const std::array<const uint8_t*, 4>& queues,
                        const std::array<uint32_t, 4>& lengths, uint32_t count, bool stop_when_one_is_empty,
                        uint16_t* used)
{
    std::array<uint32_t, 4> next{};
    for (;;) {
        uint32_t best = count;
        bool one_is_empty = false;
        for (uint32_t queue = 0; queue < count; ++queue) {
            if (next[queue] == lengths[queue]) {
                one_is_empty = true;
                continue;
            }
            const auto element = LoadSorted<T>(queues[queue] + size_t{next[queue]} * kSortedBytes);
            if (best == count ||
                Before(element, LoadSorted<T>(queues[best] + size_t{next[best]} * kSortedBytes))) {
                best = queue;
            }
        }
        if (best == count || (one_is_empty && stop_when_one_is_empty)) {
            break;
        }
        std::memcpy(to, queues[best] + size_t{next[best]} * kSortedBytes, kSortedBytes);
        to += kSortedBytes;
        ++next[best];
    }
    std::copy(next.begin(), next.end(), used);
}

template <class T>
inline void IssueMerge(const LocalTensor<T>& dst, const MrgSortSrcList<T>& src, const MrgSort4Info& info,
                       Where where)
{
    static_assert(kIsOneOf<T, half, float>, "MrgSort exists for half and float only: Cast first");
    Require(info.validBit == 3 || info.validBit == 7 || info.validBit == 15, "select-mode", where, [&] {
        return "MrgSort takes the first two, three or four queues: validBit is 3, 7 or 15, not " +
               std::to_string(info.validBit);
    });
    ResetMaskRegister();
    if (info.repeatTimes == 0) {
        return;
    }
    const uint32_t count = info.validBit == 3 ? 2 : info.validBit == 7 ? 3 : 4;
    const std::array<View, 4> views = {MakeView(Access::kRead, src.src1), MakeView(Access::kRead, src.src2),
                                       MakeView(Access::kRead, src.src3), MakeView(Access::kRead, src.src4)};
    std::array<uint32_t, 4> lengths{};
    size_t total = 0;
    for (uint32_t i = 0; i < count; ++i) {
        lengths[i] = info.elementLengths[i];
        total += lengths[i];
    }
    auto& used = ascend_sim::CurrentBlock().merged_counts;
    ascend_sim::Issue(
        Pipe::kVector, "MrgSort", where,
        [&] {
            std::vector<Operand> operands = {
                DescribeBytes(MakeView(Access::kWrite, dst), total * info.repeatTimes * kSortedBytes)};
            for (uint32_t i = 0; i < count; ++i) {
                Operand queue = DescribeBytes(views[i], size_t{lengths[i]} * kSortedBytes);
                queue.alignment = kSortedBytes;
                queue.repeats = info.repeatTimes;
                queue.repeat_stride = static_cast<ptrdiff_t>(total * kSortedBytes);
                operands.push_back(queue);
            }
            operands.push_back(DescribeRegister(Access::kWrite, used));
            return operands;
        },
        [to = reinterpret_cast<uint8_t*>(dst.Address()), views, lengths, count, total, info, &used] {
            for (uint32_t repeat = 0; repeat < info.repeatTimes; ++repeat) {
                const size_t offset = repeat * total * kSortedBytes;
                std::array<const uint8_t*, 4> queues{};
                for (uint32_t i = 0; i < count; ++i) {
                    queues[i] = views[i].address + offset;
                }
                MergeQueues<T>(to + offset, queues, lengths, count, info.ifExhaustedSuspension, used);
            }
        });
}

}  // namespace detail

// Sorts every 32 elements.
template <typename T>
__aicore__ inline void Sort32(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                              const LocalTensor<uint32_t>& src1, const detail::RepeatTimes repeatTimes,
                              Where where = Where::Here())
{
    detail::IssueSort("Sort32", dst, src0, src1, repeatTimes.Get("Sort32", where), detail::kSortLength,
                      where);
}

// Merges two to four sorted queues.
template <typename T>
__aicore__ inline void MrgSort(const LocalTensor<T>& dst, const MrgSortSrcList<T>& src,
                               const MrgSort4Info& params, Where where = Where::Here())
{
    detail::IssueMerge(dst, src, params, where);
}

// How many elements of each queue the last MrgSort took.
__aicore__ inline void GetMrgSortResult(uint16_t& mrgSortList1, uint16_t& mrgSortList2,
                                        uint16_t& mrgSortList3, uint16_t& mrgSortList4,
                                        Where where = Where::Here())
{
    auto& used = ascend_sim::CurrentBlock().merged_counts;
    ascend_sim::Issue(
        detail::Pipe::kScalar, "GetMrgSortResult", where,
        [&] { return std::vector<detail::Operand>{detail::DescribeRegister(detail::Access::kRead, used)}; },
        [&] {
            mrgSortList1 = used[0];
            mrgSortList2 = used[1];
            mrgSortList3 = used[2];
            mrgSortList4 = used[3];
        });
}

// The high-level form, which returns those counts.
template <typename T, bool isExhaustedSuspension = false>
__aicore__ inline void MrgSort(const LocalTensor<T>& dst, const MrgSortSrcList<T>& sortList,
                               const uint16_t elementCountList[4], uint32_t sortedNum[4], uint16_t validBit,
                               const int32_t repeatTimes, Where where = Where::Here())
{
    const MrgSort4Info info(elementCountList, isExhaustedSuspension, validBit,
                            static_cast<uint16_t>(repeatTimes));
    detail::IssueMerge(dst, sortList, info, where);
    uint16_t used[4];
    GetMrgSortResult(used[0], used[1], used[2], used[3], where);
    std::copy_n(used, 4, sortedNum);
}

// On this device scores need no preparation: they stay where they are.
template <typename T>
__aicore__ inline void Concat(LocalTensor<T>& concatLocal, const LocalTensor<T>& srcLocal,
                              const LocalTensor<T>&, const int32_t)
{
    concatLocal = srcLocal;
}

// Sorts every 32 elements, or with isFullSort all of them.
template <typename T, bool isFullSort>
__aicore__ inline void Sort(const LocalTensor<T>& dstLocal, const LocalTensor<T>& concatLocal,
                            const LocalTensor<uint32_t>& indexLocal, const LocalTensor<T>&,
                            const detail::RepeatTimes repeatTimes, Where where = Where::Here())
{
    const uint32_t repeats = repeatTimes.Get("Sort", where);
    if constexpr (isFullSort) {
        detail::IssueSort("Sort", dstLocal, concatLocal, indexLocal, 1, repeats * detail::kSortLength, where);
    } else {
        detail::IssueSort("Sort", dstLocal, concatLocal, indexLocal, repeats, detail::kSortLength, where);
    }
}

// Takes scores and indices of sorted elements apart, 32 a repeat.
template <typename T>
__aicore__ inline void Extract(const LocalTensor<T>& dstValueLocal,
                               const LocalTensor<uint32_t>& dstIndexLocal, const LocalTensor<T>& sortedLocal,
                               const detail::RepeatTimes repeatTimes, Where where = Where::Here())
{
    static_assert(detail::kIsOneOf<T, half, float>, "sorting exists for half and float only: Cast first");
    detail::ResetMaskRegister();
    const uint32_t count = repeatTimes.Get("Extract", where) * detail::kSortLength;
    if (count == 0) {
        return;
    }
    using detail::Access;
    using detail::DescribeBytes;
    using detail::MakeView;
    ascend_sim::Issue(
        detail::Pipe::kVector, "Extract", where,
        [&] {
            return std::vector<detail::Operand>{
                DescribeBytes(MakeView(Access::kWrite, dstValueLocal), size_t{count} * sizeof(T)),
                DescribeBytes(MakeView(Access::kWrite, dstIndexLocal), size_t{count} * sizeof(uint32_t)),
                DescribeBytes(MakeView(Access::kRead, sortedLocal), size_t{count} * detail::kSortedBytes)};
        },
        [value = dstValueLocal.Address(), index = dstIndexLocal.Address(),
         from = reinterpret_cast<const uint8_t*>(sortedLocal.Address()), count] {
            for (uint32_t i = 0; i < count; ++i) {
                const auto element = detail::LoadSorted<T>(from + size_t{i} * detail::kSortedBytes);
                value[i] = element.score;
                index[i] = element.index;
            }
        });
}

// Where the element with that number stands among sorted ones, and how long so many are, in elements of T.
template <typename T>
__aicore__ inline uint32_t GetSortOffset(const uint32_t elemOffset)
{
    return elemOffset * (detail::kSortedBytes / sizeof(T));
}
template <typename T>
__aicore__ inline uint32_t GetSortLen(const uint32_t elemCount)
{
    return elemCount * (detail::kSortedBytes / sizeof(T));
}

}  // namespace AscendC
