// SPDX-License-Identifier: Apache-2.0
// Select: dst = bit ? src0 : src1. The bits come from a tensor, new ones for every repeat (modes 1 and 2), or
// are the same for every repeat (mode 0); src1 is a tensor (modes 0 and 2) or a scalar (mode 1).
#pragma once

#include "vector_compare.h"

namespace AscendC {
namespace detail {

// Where a selection finds its bits.
struct Selector {
    View bits;
    bool per_repeat = true;      // new bits for every repeat
    bool from_register = false;  // the comparison mask, and no tensor

    // A register is looked up when the instruction runs.
    const uint8_t* Of(uint32_t repeat, uint32_t lanes) const
    {
        if (from_register) {
            return reinterpret_cast<const uint8_t*>(ascend_sim::CurrentBlock().compare_mask);
        }
        return bits.address + (per_repeat ? size_t{repeat} * lanes / 8 : 0);
    }
};

template <class U>
inline Selector MakeSelector(const LocalTensor<U>& tensor, SELMODE mode)
{
    static_assert(kIsSelector<U>, "Select reads bits: use LocalTensor<uint8_t>");
    return {BitsView(Access::kRead, tensor), mode != SELMODE::VSEL_CMPMASK_SPR, false};
}

template <class T>
inline auto SelectLane()
{
    return [lane = sizeof(T) == 2 ? kLanes.select16 : kLanes.select32](
               const uint8_t* bits, const Addresses<3>& p, size_t n) { lane(p[0], bits, p[1], p[2], n); };
}

template <class T>
inline auto SelectScalarLane(T scalar)
{
    return [lane = sizeof(T) == 2 ? kLanes.select_scalar16 : kLanes.select_scalar32, scalar](
               const uint8_t* bits, const Addresses<2>& p, size_t n) { lane(p[0], bits, p[1], &scalar, n); };
}

template <size_t count, class Lane>
inline void IssueSelect(const std::array<View, count>& views, const Selector& selector,
                        const Repeats& repeats, Lane lane, Where where)
{
    if (repeats.count == 0) {
        return;
    }
    ascend_sim::Issue(
        Pipe::kVector, "Select", where,
        [&] {
            std::vector<Operand> operands = Describe(repeats, views);
            if (!selector.from_register) {
                const uint32_t last = selector.per_repeat ? (repeats.count - 1) * repeats.lanes : 0;
                uint32_t end = 0;  // of the lanes that the last repeat uses
                for (uint32_t lane_index = 0; lane_index < repeats.lanes; ++lane_index) {
                    end = repeats.last.Has(lane_index) ? lane_index + 1 : end;
                }
                operands.push_back(DescribeBytes(selector.bits, (last + end + 7) / 8));
            }
            return operands;
        },
        [repeats, views, selector, lane] {
            if (selector.per_repeat && !selector.from_register && CanMerge(repeats, views)) {
                lane(selector.bits.address, AddressesOf(views), size_t{repeats.count} * repeats.lanes);
                return;
            }
            EachRepeat(repeats, views, [&](const Addresses<count>& addresses, size_t n, uint32_t repeat) {
                lane(selector.Of(repeat, repeats.lanes), addresses, n);
            });
        });
}

// The repeats of a call in count form.
inline Repeats RepeatsOfCount(uint32_t lanes, uint32_t elements)
{
    ResetMaskRegister();
    Repeats repeats;
    repeats.lanes = lanes;
    repeats.count = (elements + lanes - 1) / lanes;
    repeats.mask = LaneMask::First(lanes);
    repeats.last = LaneMask::First(repeats.count == 0 ? 0 : elements - (repeats.count - 1) * lanes);
    return repeats;
}

template <class T>
inline std::array<View, 3> SelectViews(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                                       const LocalTensor<T>& src1, const BinaryRepeatParams& params)
{
    static_assert(kIsOneOf<T, half, float>, "Select exists for half and float only: ReinterpretCast first");
    return {MakeView(Access::kWrite, dst, params.dstBlkStride, params.dstRepStride),
            MakeView(Access::kRead, src0, params.src0BlkStride, params.src0RepStride),
            MakeView(Access::kRead, src1, params.src1BlkStride, params.src1RepStride)};
}

template <class T>
inline std::array<View, 2> SelectViews(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                                       const BinaryRepeatParams& params)
{
    static_assert(kIsOneOf<T, half, float>, "Select exists for half and float only: ReinterpretCast first");
    return {MakeView(Access::kWrite, dst, params.dstBlkStride, params.dstRepStride),
            MakeView(Access::kRead, src0, params.src0BlkStride, params.src0RepStride)};
}

inline void CheckSelectMode(bool scalar, SELMODE mode, Where where)
{
    Require(scalar == (mode == SELMODE::VSEL_TENSOR_SCALAR_MODE), "select-mode", where, [&] {
        return scalar ? std::string("Select with a scalar needs SELMODE::VSEL_TENSOR_SCALAR_MODE.")
                      : std::string(
                            "Select from two tensors needs SELMODE::VSEL_CMPMASK_SPR or "
                            "VSEL_TENSOR_TENSOR_MODE.");
    });
}

template <class T>
inline constexpr uint32_t kLanesOf = ONE_REPEAT_BYTE_SIZE / sizeof(T);

}  // namespace detail

template <typename T, typename U>
__aicore__ inline void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask,
                              const LocalTensor<T>& src0, const LocalTensor<T>& src1, SELMODE selMode,
                              uint32_t count, Where where = Where::Here())
{
    detail::CheckSelectMode(false, selMode, where);
    detail::IssueSelect(detail::SelectViews(dst, src0, src1, BinaryRepeatParams()),
                        detail::MakeSelector(selMask, selMode),
                        detail::RepeatsOfCount(detail::kLanesOf<T>, count), detail::SelectLane<T>(), where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask,
                              const LocalTensor<T>& src0, const LocalTensor<T>& src1, SELMODE selMode,
                              uint64_t mask, const detail::RepeatTimes repeatTimes,
                              const BinaryRepeatParams& repeatParams, Where where = Where::Here())
{
    detail::CheckSelectMode(false, selMode, where);
    detail::IssueSelect(detail::SelectViews(dst, src0, src1, repeatParams),
                        detail::MakeSelector(selMask, selMode),
                        detail::MakeRepeats<true>("Select", detail::kLanesOf<T>, mask, repeatTimes, where),
                        detail::SelectLane<T>(), where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask,
                              const LocalTensor<T>& src0, const LocalTensor<T>& src1, SELMODE selMode,
                              uint64_t mask[], const detail::RepeatTimes repeatTimes,
                              const BinaryRepeatParams& repeatParams, Where where = Where::Here())
{
    detail::CheckSelectMode(false, selMode, where);
    detail::IssueSelect(detail::SelectViews(dst, src0, src1, repeatParams),
                        detail::MakeSelector(selMask, selMode),
                        detail::MakeRepeats<true>("Select", detail::kLanesOf<T>, mask, repeatTimes, where),
                        detail::SelectLane<T>(), where);
}

template <typename T, typename U>
__aicore__ inline void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask,
                              const LocalTensor<T>& src0, T src1, SELMODE selMode, uint32_t count,
                              Where where = Where::Here())
{
    detail::CheckSelectMode(true, selMode, where);
    detail::IssueSelect(
        detail::SelectViews(dst, src0, BinaryRepeatParams()), detail::MakeSelector(selMask, selMode),
        detail::RepeatsOfCount(detail::kLanesOf<T>, count), detail::SelectScalarLane<T>(src1), where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask,
                              const LocalTensor<T>& src0, T src1, SELMODE selMode, uint64_t mask,
                              const detail::RepeatTimes repeatTimes, const BinaryRepeatParams& repeatParams,
                              Where where = Where::Here())
{
    detail::CheckSelectMode(true, selMode, where);
    detail::IssueSelect(detail::SelectViews(dst, src0, repeatParams), detail::MakeSelector(selMask, selMode),
                        detail::MakeRepeats<true>("Select", detail::kLanesOf<T>, mask, repeatTimes, where),
                        detail::SelectScalarLane<T>(src1), where);
}

template <typename T, typename U, bool isSetMask = true>
__aicore__ inline void Select(const LocalTensor<T>& dst, const LocalTensor<U>& selMask,
                              const LocalTensor<T>& src0, T src1, SELMODE selMode, uint64_t mask[],
                              const detail::RepeatTimes repeatTimes, const BinaryRepeatParams& repeatParams,
                              Where where = Where::Here())
{
    detail::CheckSelectMode(true, selMode, where);
    detail::IssueSelect(detail::SelectViews(dst, src0, repeatParams), detail::MakeSelector(selMask, selMode),
                        detail::MakeRepeats<true>("Select", detail::kLanesOf<T>, mask, repeatTimes, where),
                        detail::SelectScalarLane<T>(src1), where);
}

// By the bits that Compare without a destination or SetCmpMask left, under the mask of SetVectorMask.
template <typename T, SELMODE selMode>
__aicore__ inline void Select(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                              const LocalTensor<T>& src1, const detail::RepeatTimes repeatTimes,
                              const BinaryRepeatParams& repeatParams, Where where = Where::Here())
{
    static_assert(selMode == SELMODE::VSEL_CMPMASK_SPR,
                  "Select without a selector is simulated for SELMODE::VSEL_CMPMASK_SPR only");
    const detail::Selector selector{detail::View(), false, true};
    detail::IssueSelect(detail::SelectViews(dst, src0, src1, repeatParams), selector,
                        detail::RepeatsOfRegister(detail::kLanesOf<T>, repeatTimes.Get("Select", where)),
                        detail::SelectLane<T>(), where);
}

// Moves the 128 bits of the comparison mask to and from a tensor.
template <typename T>
__aicore__ inline void GetCmpMask(const LocalTensor<T>& dst, Where where = Where::Here())
{
    const std::array<detail::View, 1> views = {detail::BitsView(detail::Access::kWrite, dst)};
    ascend_sim::Issue(
        detail::Pipe::kVector, "GetCmpMask", where,
        [&] { return std::vector<detail::Operand>{detail::DescribeBytes(views[0], 16)}; },
        [address = views[0].address] { std::memcpy(address, ascend_sim::CurrentBlock().compare_mask, 16); });
}

template <typename T>
__aicore__ inline void SetCmpMask(const LocalTensor<T>& src, Where where = Where::Here())
{
    const std::array<detail::View, 1> views = {detail::BitsView(detail::Access::kRead, src)};
    ascend_sim::Issue(
        detail::Pipe::kVector, "SetCmpMask", where,
        [&] { return std::vector<detail::Operand>{detail::DescribeBytes(views[0], 16)}; },
        [address = views[0].address] { std::memcpy(ascend_sim::CurrentBlock().compare_mask, address, 16); });
}

}  // namespace AscendC
