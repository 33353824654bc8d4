// SPDX-License-Identifier: Apache-2.0
// Reductions: of each repeat (Whole..., RepeatReduceSum), each 32-byte block (Block...), each pair
// (PairReduceSum), or everything (ReduceSum, ReduceMax, ReduceMin).
//
// Within a repeat, block or pair, sums are a tree that adds neighbours first, every result rounded to the
// type; lanes that the mask leaves out are skipped, and a result with no lane is not written. ReduceSum in
// count form adds the sums of its repeats one after another; with a mask it reduces them as it reduced the
// elements, until one is left. Indices are those of the first of equals, stored as integer bits in an element
// of the tensor's type.
#pragma once

#include <algorithm>

#include "vector_engine.h"

namespace AscendC {
namespace detail {

using ascend_sim::Extreme;

enum class Reduction : uint8_t { kSum, kMax, kMin };

template <Reduction reduction, class T>
inline Lanes::Groups GroupsLane()
{
    if constexpr (reduction == Reduction::kSum) {
        return kLanes.sum_groups[kIndex<T>];
    } else {
        return kLanes.extreme_groups[reduction == Reduction::kMax ? 0 : 1][kIndex<T>];
    }
}

// The value that leaves every other unchanged: -0, not 0, for sums.
template <Reduction reduction, class T>
inline T Identity()
{
    if constexpr (reduction == Reduction::kSum) {
        return T(-0.0f);
    } else {
        return T(reduction == Reduction::kMax ? -__builtin_inff() : __builtin_inff());
    }
}

// All lanes of a repeat side by side, with `identity` for those that the mask leaves out.
template <class T>
inline const uint8_t* GatherAll(const View& view, uint32_t repeat, const LaneMask& mask, uint32_t lanes,
                                T identity, RepeatBuffer& buffer)
{
    if (mask.Prefix() == lanes && view.Contiguous(lanes)) {
        return view.Lane(repeat, 0);
    }
    for (uint32_t lane = 0; lane < lanes; ++lane) {
        const void* source = mask.Has(lane) ? static_cast<const void*>(view.Lane(repeat, lane)) : &identity;
        std::memcpy(buffer.bytes + lane * sizeof(T), source, sizeof(T));
    }
    return buffer.bytes;
}

// Which groups of `width` lanes have any lane.
inline LaneMask GroupMask(const LaneMask& mask, uint32_t lanes, uint32_t width)
{
    if (mask == LaneMask::First(lanes)) {
        return LaneMask::First(lanes / width);
    }
    LaneMask groups{0, 0};
    for (uint32_t lane = 0; lane < lanes; ++lane) {
        if (mask.Has(lane)) {
            groups.low |= 1ull << (lane / width);  // at most 64 groups
        }
    }
    return groups;
}

// Sums of groups of floats, which may wait for other calls (pending_calls.h).
struct GroupsOfTable {
    static constexpr ascend_sim::CallKind kKind = ascend_sim::CallKind::kGroups;
    uint32_t width;
    const Lanes::Groups* loop = &kLanes.sum_groups[kIndex<float>];
    uint32_t Detail() const { return width; }
    float Scalar() const { return 0.0f; }
};

// One result for every group of `width` lanes. dstRepStride counts what one repeat leaves.
template <Reduction reduction, bool isSetMask, class T, class Mask>
inline void ReduceGroups(const char* name, uint32_t width, const LocalTensor<T>& dst,
                         const LocalTensor<T>& src, Mask mask, const RepeatTimes& repeat_times,
                         int32_t dst_repeat_stride, int32_t src_block_stride, int32_t src_repeat_stride,
                         Where where)
{
    static_assert(kIsOneOf<T, half, float>, "reductions exist for half and float only: Cast first");
    constexpr uint32_t kLanesOfRepeat = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    const auto repeats = MakeRepeats<isSetMask>(name, kLanesOfRepeat, mask, repeat_times, where);
    if (repeats.count == 0) {
        return;
    }
    const View source = MakeView(Access::kRead, src, src_block_stride, src_repeat_stride);

    Repeats results = repeats;
    results.lanes = kLanesOfRepeat / width;
    results.mask = GroupMask(repeats.mask, kLanesOfRepeat, width);
    results.last = GroupMask(repeats.last, kLanesOfRepeat, width);
    View target = MakeView(Access::kWrite, dst);
    target.repeat_stride = static_cast<uint32_t>(dst_repeat_stride) * results.lanes * sizeof(T);
    target.alignment = std::min<uint32_t>(ONE_BLK_SIZE, results.lanes * sizeof(T));

    if constexpr (!ascend_sim::kChecked && reduction == Reduction::kSum && std::is_same<T, float>::value) {
        if (CanMerge(repeats, std::array<View, 1>{source}) && Seamless(target, results.lanes) &&
            Wait(ascend_sim::CurrentBlock(), Addresses<2>{target.address, source.address},
                 size_t{repeats.count} * results.lanes, Rows{1, 0, 0, 0}, GroupsOfTable{width})) {
            return;
        }
    }
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            std::vector<Operand> operands = Describe(results, std::array<View, 1>{target});
            for (const Operand& operand : Describe(repeats, std::array<View, 1>{source})) {
                operands.push_back(operand);
            }
            return operands;
        },
        [lane = GroupsLane<reduction, T>(), source, target, repeats, results, width] {
            if (CanMerge(repeats, std::array<View, 1>{source}) && Seamless(target, results.lanes)) {
                lane(target.address, source.address, size_t{repeats.count} * results.lanes, width);
                return;
            }
            RepeatBuffer from;
            RepeatBuffer to;
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                const uint8_t* elements = GatherAll(source, repeat, repeats.MaskOf(repeat), repeats.lanes,
                                                    Identity<reduction, T>(), from);
                lane(to.bytes, elements, results.lanes, width);
                Scatter(target, repeat, results.MaskOf(repeat), results.lanes, to.bytes);
            }
        });
}

// The extreme element of one repeat and its lane.
template <class T>
struct Found {
    T value;
    uint32_t index;
};

template <Reduction reduction, class T>
inline Found<T> FindInRepeat(const View& source, uint32_t repeat, const LaneMask& mask, uint32_t lanes)
{
    RepeatBuffer buffer;
    const uint8_t* elements = GatherAll(source, repeat, mask, lanes, Identity<reduction, T>(), buffer);
    // Lanes before the first that takes part must not win a tie.
    const uint32_t first =
        static_cast<uint32_t>(mask.low != 0 ? __builtin_ctzll(mask.low) : 64 + __builtin_ctzll(mask.high));
    Found<T> found;
    kLanes.find_extreme[reduction == Reduction::kMax ? 0 : 1][kIndex<T>](
        &found.value, &found.index, elements + first * sizeof(T), lanes - first);
    found.index += first;
    return found;
}

// An index in the slot of an element.
template <class T>
inline T IndexBits(uint32_t index)
{
    T bits;
    std::memcpy(&bits, &index, sizeof(bits));  // little-endian: the low bits
    return bits;
}

template <Reduction reduction, bool isSetMask, class T, class Mask>
inline void WholeReduceExtreme(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src,
                               Mask mask, const RepeatTimes& repeat_times, int32_t dst_repeat_stride,
                               int32_t src_block_stride, int32_t src_repeat_stride, ReduceOrder order,
                               Where where)
{
    static_assert(kIsOneOf<T, half, float>, "reductions exist for half and float only: Cast first");
    const auto repeats =
        MakeRepeats<isSetMask>(name, ONE_REPEAT_BYTE_SIZE / sizeof(T), mask, repeat_times, where);
    if (repeats.count == 0) {
        return;
    }
    const View source = MakeView(Access::kRead, src, src_block_stride, src_repeat_stride);

    const uint32_t unit = order == ReduceOrder::ORDER_ONLY_VALUE   ? sizeof(T)
                          : order == ReduceOrder::ORDER_ONLY_INDEX ? sizeof(uint32_t)
                                                                   : 2 * sizeof(T);
    View target = MakeView(Access::kWrite, dst);
    target.repeat_stride = static_cast<uint32_t>(dst_repeat_stride) * unit;
    target.alignment = unit;

    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            std::vector<Operand> operands = Describe(repeats, std::array<View, 1>{source});
            operands.push_back(DescribeBytes(target, unit));
            operands.back().repeats = repeats.count;
            operands.back().repeat_stride = target.repeat_stride;
            return operands;
        },
        [source, target, repeats, order] {
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                const Found<T> found =
                    FindInRepeat<reduction, T>(source, repeat, repeats.MaskOf(repeat), repeats.lanes);
                const T index = IndexBits<T>(found.index);
                uint8_t* to = target.Lane(repeat, 0);
                if (order == ReduceOrder::ORDER_ONLY_INDEX) {
                    std::memcpy(to, &found.index, sizeof(found.index));
                } else if (order == ReduceOrder::ORDER_ONLY_VALUE) {
                    std::memcpy(to, &found.value, sizeof(T));
                } else {
                    const bool value_first = order == ReduceOrder::ORDER_VALUE_INDEX;
                    std::memcpy(to, value_first ? &found.value : &index, sizeof(T));
                    std::memcpy(to + sizeof(T), value_first ? &index : &found.value, sizeof(T));
                }
            }
        });
}

// Sums of repeats one after another.
template <class T>
inline T SumInOrder(const View& source, const Repeats& repeats)
{
    RepeatBuffer buffer;
    float total = Identity<Reduction::kSum, T>();
    for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
        const uint8_t* elements = GatherAll(source, repeat, repeats.MaskOf(repeat), repeats.lanes,
                                            Identity<Reduction::kSum, T>(), buffer);
        T sum;
        kLanes.sum_groups[kIndex<T>](&sum, elements, 1, repeats.lanes);
        total = T(total + static_cast<float>(sum));
    }
    return T(total);
}

// Sums of repeats reduced as the elements were, until one is left.
template <class T>
inline T SumAsTree(const View& source, const Repeats& repeats)
{
    RepeatBuffer buffer;
    std::vector<T> sums(repeats.count);
    for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
        const uint8_t* elements = GatherAll(source, repeat, repeats.MaskOf(repeat), repeats.lanes,
                                            Identity<Reduction::kSum, T>(), buffer);
        kLanes.sum_groups[kIndex<T>](&sums[repeat], elements, 1, repeats.lanes);
    }
    while (sums.size() > 1) {
        const size_t groups = (sums.size() + repeats.lanes - 1) / repeats.lanes;
        sums.resize(groups * repeats.lanes, Identity<Reduction::kSum, T>());
        kLanes.sum_groups[kIndex<T>](sums.data(), sums.data(), groups, repeats.lanes);
        sums.resize(groups);
    }
    return sums[0];
}

// The extreme of all repeats; its index counts the lanes of every repeat before it.
template <Reduction reduction, class T>
inline Found<T> FindInAll(const View& source, const Repeats& repeats)
{
    std::vector<Found<T>> found(repeats.count);
    std::vector<T> values(repeats.count);
    for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
        found[repeat] = FindInRepeat<reduction, T>(source, repeat, repeats.MaskOf(repeat), repeats.lanes);
        values[repeat] = found[repeat].value;
    }
    T value;
    uint32_t best = 0;
    kLanes.find_extreme[reduction == Reduction::kMax ? 0 : 1][kIndex<T>](&value, &best, values.data(),
                                                                         values.size());
    return {value, best * repeats.lanes + found[best].index};
}

// A reduction of everything to one element, and an index if `with_index`. `work` is scratch memory of the
// device.
template <Reduction reduction, class T>
inline void ReduceAll(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src,
                      const LocalTensor<T>& work, const Repeats& repeats, int32_t src_repeat_stride,
                      bool in_order, bool with_index, Where where)
{
    static_assert(kIsOneOf<T, half, float>, "reductions exist for half and float only: Cast first");
    if (repeats.count == 0) {
        return;
    }
    const View source = MakeView(Access::kRead, src, 1, src_repeat_stride);
    const View scratch = MakeView(Access::kWrite, work);
    View target = MakeView(Access::kWrite, dst);
    target.alignment = (with_index ? 2 : 1) * sizeof(T);
    if constexpr (reduction == Reduction::kSum) {
        ascend_sim::CurrentBlock().last_sum = target.address;
    }
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            std::vector<Operand> operands = Describe(repeats, std::array<View, 1>{source});
            operands.push_back(DescribeBytes(target, (with_index ? 2 : 1) * sizeof(T)));
            if (!in_order) {
                const size_t slots = reduction == Reduction::kSum ? 1 : 2;
                operands.push_back(DescribeBytes(scratch, repeats.count * slots * sizeof(T)));
            }
            return operands;
        },
        [source, target, repeats, in_order, with_index] {
            T result[2];
            if constexpr (reduction == Reduction::kSum) {
                result[0] = in_order ? SumInOrder<T>(source, repeats) : SumAsTree<T>(source, repeats);
            } else {
                const Found<T> found = FindInAll<reduction, T>(source, repeats);
                result[0] = found.value;
                result[1] = IndexBits<T>(found.index);
            }
            std::memcpy(target.address, result, (with_index ? 2 : 1) * sizeof(T));
        });
}

// The repeats of a call in count form. They need no mask register: Duplicate, for one, may have left any.
template <class T>
inline Repeats CountedRepeats(int32_t count)
{
    ResetMaskRegister();
    constexpr uint32_t kLanesOfRepeat = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    Repeats repeats;
    repeats.lanes = kLanesOfRepeat;
    repeats.count = count <= 0 ? 0 : (static_cast<uint32_t>(count) + kLanesOfRepeat - 1) / kLanesOfRepeat;
    repeats.mask = LaneMask::First(kLanesOfRepeat);
    repeats.last = repeats.count == 0
                       ? LaneMask{0, 0}
                       : LaneMask::First(static_cast<uint32_t>(count) - (repeats.count - 1) * kLanesOfRepeat);
    return repeats;
}

// The repeats of ReduceSum, ReduceMax and ReduceMin with a mask, which may be more than 255.
template <class T, class Mask>
inline Repeats MaskedRepeats(const char* name, Mask mask, int32_t repeat_times, Where where)
{
    constexpr uint32_t kLanesOfRepeat = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    SetMaskRegister(name, kLanesOfRepeat, mask, where);
    return RepeatsOfRegister(kLanesOfRepeat, repeat_times < 0 ? 0 : static_cast<uint32_t>(repeat_times));
}

}  // namespace detail

// One result for every group of `width` lanes, with both kinds of mask.
#define ASCEND_SIM_REDUCE_GROUPS(Name, reduction, width)                                            \
    template <typename T, bool isSetMask = true>                                                    \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src,               \
                                const detail::RepeatTimes repeat, const int32_t mask,               \
                                const int32_t dstRepStride, const int32_t srcBlkStride,             \
                                const int32_t srcRepStride, Where where = Where::Here())            \
    {                                                                                               \
        detail::ReduceGroups<detail::Reduction::reduction, isSetMask>(                              \
            #Name, width, dst, src, mask, repeat, dstRepStride, srcBlkStride, srcRepStride, where); \
    }                                                                                               \
    template <typename T, bool isSetMask = true>                                                    \
    __aicore__ inline void Name(const LocalTensor<T>& dst, const LocalTensor<T>& src,               \
                                const detail::RepeatTimes repeat, const uint64_t mask[],            \
                                const int32_t dstRepStride, const int32_t srcBlkStride,             \
                                const int32_t srcRepStride, Where where = Where::Here())            \
    {                                                                                               \
        detail::ReduceGroups<detail::Reduction::reduction, isSetMask>(                              \
            #Name, width, dst, src, mask, repeat, dstRepStride, srcBlkStride, srcRepStride, where); \
    }

ASCEND_SIM_REDUCE_GROUPS(BlockReduceSum, kSum, ONE_BLK_SIZE / sizeof(T))
ASCEND_SIM_REDUCE_GROUPS(BlockReduceMax, kMax, ONE_BLK_SIZE / sizeof(T))
ASCEND_SIM_REDUCE_GROUPS(BlockReduceMin, kMin, ONE_BLK_SIZE / sizeof(T))
ASCEND_SIM_REDUCE_GROUPS(PairReduceSum, kSum, 2)

#undef ASCEND_SIM_REDUCE_GROUPS

template <typename T, bool isSetMask = true>
__aicore__ inline void RepeatReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                                       const detail::RepeatTimes repeat, const int32_t elemsInOneRepeat,
                                       [[maybe_unused]] const int32_t dstBlkStride,
                                       const int32_t srcBlkStride, const int32_t dstRepStride,
                                       const int32_t srcRepStride, Where where = Where::Here())
{
    detail::ReduceGroups<detail::Reduction::kSum, isSetMask>(
        "RepeatReduceSum", ONE_REPEAT_BYTE_SIZE / sizeof(T), dst, src, elemsInOneRepeat, repeat, dstRepStride,
        srcBlkStride, srcRepStride, where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void WholeReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                                      const int32_t mask, const detail::RepeatTimes repeatTimes,
                                      const int32_t dstRepStride, const int32_t srcBlkStride,
                                      const int32_t srcRepStride, Where where = Where::Here())
{
    detail::ReduceGroups<detail::Reduction::kSum, isSetMask>(
        "WholeReduceSum", ONE_REPEAT_BYTE_SIZE / sizeof(T), dst, src, mask, repeatTimes, dstRepStride,
        srcBlkStride, srcRepStride, where);
}

template <typename T, bool isSetMask = true>
__aicore__ inline void WholeReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                                      const uint64_t mask[], const detail::RepeatTimes repeatTimes,
                                      const int32_t dstRepStride, const int32_t srcBlkStride,
                                      const int32_t srcRepStride, Where where = Where::Here())
{
    detail::ReduceGroups<detail::Reduction::kSum, isSetMask>(
        "WholeReduceSum", ONE_REPEAT_BYTE_SIZE / sizeof(T), dst, src, mask, repeatTimes, dstRepStride,
        srcBlkStride, srcRepStride, where);
}

// The extreme of every repeat and where it stands, and the extreme of everything.
#define ASCEND_SIM_REDUCE_EXTREME(Whole, All, reduction)                                                     \
    template <typename T, bool isSetMask = true>                                                             \
    __aicore__ inline void Whole(const LocalTensor<T>& dst, const LocalTensor<T>& src, const int32_t mask,   \
                                 const detail::RepeatTimes repeatTimes, const int32_t dstRepStride,          \
                                 const int32_t srcBlkStride, const int32_t srcRepStride,                     \
                                 ReduceOrder order = ReduceOrder::ORDER_VALUE_INDEX,                         \
                                 Where where = Where::Here())                                                \
    {                                                                                                        \
        detail::WholeReduceExtreme<detail::Reduction::reduction, isSetMask>(                                 \
            #Whole, dst, src, mask, repeatTimes, dstRepStride, srcBlkStride, srcRepStride, order, where);    \
    }                                                                                                        \
    template <typename T, bool isSetMask = true>                                                             \
    __aicore__ inline void Whole(                                                                            \
        const LocalTensor<T>& dst, const LocalTensor<T>& src, const uint64_t mask[],                         \
        const detail::RepeatTimes repeatTimes, const int32_t dstRepStride, const int32_t srcBlkStride,       \
        const int32_t srcRepStride, ReduceOrder order = ReduceOrder::ORDER_VALUE_INDEX,                      \
        Where where = Where::Here())                                                                         \
    {                                                                                                        \
        detail::WholeReduceExtreme<detail::Reduction::reduction, isSetMask>(                                 \
            #Whole, dst, src, mask, repeatTimes, dstRepStride, srcBlkStride, srcRepStride, order, where);    \
    }                                                                                                        \
    template <typename T>                                                                                    \
    __aicore__ inline void All(const LocalTensor<T>& dst, const LocalTensor<T>& src,                         \
                               const LocalTensor<T>& work, const int32_t count, bool calIndex = 0,           \
                               Where where = Where::Here())                                                  \
    {                                                                                                        \
        detail::ReduceAll<detail::Reduction::reduction>(                                                     \
            #All, dst, src, work, detail::CountedRepeats<T>(count), 8, false, calIndex, where);              \
    }                                                                                                        \
    template <typename T>                                                                                    \
    __aicore__ inline void All(const LocalTensor<T>& dst, const LocalTensor<T>& src,                         \
                               const LocalTensor<T>& work, const int32_t mask, const int32_t repeatTimes,    \
                               const int32_t srcRepStride, bool calIndex = 0, Where where = Where::Here())   \
    {                                                                                                        \
        detail::ReduceAll<detail::Reduction::reduction>(                                                     \
            #All, dst, src, work, detail::MaskedRepeats<T>(#All, mask, repeatTimes, where), srcRepStride,    \
            false, calIndex, where);                                                                         \
    }                                                                                                        \
    template <typename T>                                                                                    \
    __aicore__ inline void All(const LocalTensor<T>& dst, const LocalTensor<T>& src,                         \
                               const LocalTensor<T>& work, const uint64_t mask[], const int32_t repeatTimes, \
                               const int32_t srcRepStride, bool calIndex = 0, Where where = Where::Here())   \
    {                                                                                                        \
        detail::ReduceAll<detail::Reduction::reduction>(                                                     \
            #All, dst, src, work, detail::MaskedRepeats<T>(#All, mask, repeatTimes, where), srcRepStride,    \
            false, calIndex, where);                                                                         \
    }

ASCEND_SIM_REDUCE_EXTREME(WholeReduceMax, ReduceMax, kMax)
ASCEND_SIM_REDUCE_EXTREME(WholeReduceMin, ReduceMin, kMin)

#undef ASCEND_SIM_REDUCE_EXTREME

template <typename T, bool isSetMask = true>
__aicore__ inline void ReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                                 const LocalTensor<T>& work, const int32_t count, Where where = Where::Here())
{
    const detail::Repeats repeats = isSetMask
                                        ? detail::CountedRepeats<T>(count)
                                        : detail::RepeatsOfRegister(ONE_REPEAT_BYTE_SIZE / sizeof(T), 1);
    detail::ReduceAll<detail::Reduction::kSum>("ReduceSum", dst, src, work, repeats, 8, true, false, where);
}

template <typename T>
__aicore__ inline void ReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                                 const LocalTensor<T>& work, const int32_t mask, const int32_t repeatTimes,
                                 const int32_t srcRepStride, Where where = Where::Here())
{
    detail::ReduceAll<detail::Reduction::kSum>(
        "ReduceSum", dst, src, work, detail::MaskedRepeats<T>("ReduceSum", mask, repeatTimes, where),
        srcRepStride, false, false, where);
}

template <typename T>
__aicore__ inline void ReduceSum(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                                 const LocalTensor<T>& work, const uint64_t mask[], const int32_t repeatTimes,
                                 const int32_t srcRepStride, Where where = Where::Here())
{
    detail::ReduceAll<detail::Reduction::kSum>(
        "ReduceSum", dst, src, work, detail::MaskedRepeats<T>("ReduceSum", mask, repeatTimes, where),
        srcRepStride, false, false, where);
}

// The last ReduceSum's result, as a number or as the bits of a float.
template <typename T>
__aicore__ inline T GetAccVal(Where where = Where::Here())
{
    const T* source = static_cast<const T*>(ascend_sim::CurrentBlock().last_sum);
    return source == nullptr ? T(0) : detail::ReadRegister("GetAccVal", *source, where);
}
__aicore__ inline int64_t GetAccVal(Where where = Where::Here())
{
    const float value = GetAccVal<float>(where);
    int64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(value));
    return bits;
}

// The names of later releases of CANN, with the reduction as a template argument: of each repeat, each
// 32-byte block, each pair.
template <ReduceType reduceType, typename T, typename U, bool isSetMask = true, class Mask>
__aicore__ inline void ReduceRepeat(const LocalTensor<T>& dst, const LocalTensor<U>& src, const Mask mask,
                                    const detail::RepeatTimes repeatTime, const int32_t dstRepStride,
                                    const int32_t srcBlkStride, const int32_t srcRepStride,
                                    ReduceOrder order = ReduceOrder::ORDER_VALUE_INDEX,
                                    Where where = Where::Here())
{
    static_assert(std::is_same<T, U>::value, "ReduceRepeat reduces to the type of its source on this device");
    if constexpr (reduceType == ReduceType::SUM) {
        WholeReduceSum<T, isSetMask>(dst, src, mask, repeatTime, dstRepStride, srcBlkStride, srcRepStride,
                                     where);
    } else if constexpr (reduceType == ReduceType::MAX) {
        WholeReduceMax<T, isSetMask>(dst, src, mask, repeatTime, dstRepStride, srcBlkStride, srcRepStride,
                                     order, where);
    } else {
        WholeReduceMin<T, isSetMask>(dst, src, mask, repeatTime, dstRepStride, srcBlkStride, srcRepStride,
                                     order, where);
    }
}

template <ReduceType reduceType, typename T, typename U, bool isSetMask = true, class Mask>
__aicore__ inline void ReduceDataBlock(const LocalTensor<T>& dst, const LocalTensor<U>& src, const Mask mask,
                                       const detail::RepeatTimes repeatTime, const int32_t dstRepStride,
                                       const int32_t srcBlkStride, const int32_t srcRepStride,
                                       Where where = Where::Here())
{
    static_assert(std::is_same<T, U>::value,
                  "ReduceDataBlock reduces to the type of its source on this device");
    if constexpr (reduceType == ReduceType::SUM) {
        BlockReduceSum<T, isSetMask>(dst, src, repeatTime, mask, dstRepStride, srcBlkStride, srcRepStride,
                                     where);
    } else if constexpr (reduceType == ReduceType::MAX) {
        BlockReduceMax<T, isSetMask>(dst, src, repeatTime, mask, dstRepStride, srcBlkStride, srcRepStride,
                                     where);
    } else {
        BlockReduceMin<T, isSetMask>(dst, src, repeatTime, mask, dstRepStride, srcBlkStride, srcRepStride,
                                     where);
    }
}

template <ReduceType reduceType, typename T, typename U, bool isSetMask = true, class Mask>
__aicore__ inline void ReducePairElem(const LocalTensor<T>& dst, const LocalTensor<U>& src, const Mask mask,
                                      const detail::RepeatTimes repeatTime, const int32_t dstRepStride,
                                      const int32_t srcBlkStride, const int32_t srcRepStride,
                                      Where where = Where::Here())
{
    static_assert(reduceType == ReduceType::SUM && std::is_same<T, U>::value,
                  "ReducePairElem has sums only, of the type of its source");
    PairReduceSum<T, isSetMask>(dst, src, repeatTime, mask, dstRepStride, srcBlkStride, srcRepStride, where);
}

}  // namespace AscendC
