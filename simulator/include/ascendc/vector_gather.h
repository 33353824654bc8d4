// SPDX-License-Identifier: Apache-2.0
// Instructions that collect elements: by byte offsets (Gather), by offsets of 32-byte blocks (Gatherb), and
// by a pattern of bits (GatherMask).
#pragma once

#include "vector_duplicate.h"

namespace AscendC {

// The stride between the blocks of a repeat and between repeats of the destination, in 32-byte blocks. The
// other fields are reserved.
struct GatherRepeatParams {
    GatherRepeatParams() {}
    GatherRepeatParams(const uint8_t dstBlkStrideIn, const uint8_t dstRepStrideIn)
        : dstBlkStride(dstBlkStrideIn), dstRepStride(dstRepStrideIn)
    {
    }

    uint32_t blockNumber = DEFAULT_BLK_NUM;
    uint16_t dstBlkStride = DEFAULT_BLK_STRIDE;
    uint16_t dstRepStride = DEFAULT_REPEAT_STRIDE;
    uint8_t src0BlkStride = DEFAULT_BLK_STRIDE;
    uint8_t src1BlkStride = DEFAULT_BLK_STRIDE;
    uint8_t src0RepStride = DEFAULT_REPEAT_STRIDE;
    uint8_t src1RepStride = DEFAULT_REPEAT_STRIDE;
    bool repeatStrideMode = false;
    bool strideSizeMode = false;
};

struct GatherMaskParams {
    GatherMaskParams() {}
    GatherMaskParams(const uint8_t src0BlockStrideIn, const uint16_t repeatTimesIn,
                     const uint16_t src0RepeatStrideIn, const uint8_t src1RepeatStrideIn)
        : src0BlockStride(src0BlockStrideIn),
          repeatTimes(repeatTimesIn),
          src0RepeatStride(src0RepeatStrideIn),
          src1RepeatStride(src1RepeatStrideIn)
    {
    }

    uint8_t src0BlockStride = DEFAULT_BLK_STRIDE;
    uint16_t repeatTimes = 0;
    uint16_t src0RepeatStride = DEFAULT_REPEAT_STRIDE;
    uint8_t src1RepeatStride = 8;
};

namespace detail {

// One element at a byte offset from a tensor.
template <class T>
inline Operand DescribeElement(const LocalTensor<T>& src, uint64_t offset)
{
    View element = MakeView(Access::kRead, src);
    element.alignment = sizeof(T);
    element.address += offset;
    return DescribeBytes(element, sizeof(T));
}

// For instructions whose operands depend on what a tensor holds: lets what comes before in the vector pipe
// happen first.
inline void SettleVector()
{
    if constexpr (ascend_sim::kChecked) {
        ascend_sim::CurrentCore().Settle(Pipe::kVector);
    }
}

template <class T, class Mask>
inline void GatherRepeats(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                          const LocalTensor<uint32_t>& offsets, uint32_t base, Mask mask,
                          const RepeatTimes& repeatTimes, uint16_t dstRepStride, Where where)
{
    static_assert(kMovable<T>, "Gather exists for 16- and 32-bit types only");
    constexpr uint32_t kLanesOfRepeat = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    const auto repeats = MakeRepeats<true>("Gather", kLanesOfRepeat, mask, repeatTimes, where);
    if (repeats.count == 0) {
        return;
    }
    // A repeat takes as many offsets as it has lanes.
    constexpr uint32_t kOffsetBlocks = kLanesOfRepeat * sizeof(uint32_t) / ONE_BLK_SIZE;
    const std::array<View, 2> views = {MakeView(Access::kWrite, dst, 1, dstRepStride),
                                       MakeView(Access::kRead, offsets, 1, kOffsetBlocks)};
    ascend_sim::Issue(
        Pipe::kVector, "Gather", where,
        [&] {
            SettleVector();
            std::vector<Operand> operands = Describe(repeats, views);
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                for (uint32_t lane = 0; lane < kLanesOfRepeat; ++lane) {
                    if (repeats.MaskOf(repeat).Has(lane)) {
                        const uint32_t offset = offsets.Address()[repeat * kLanesOfRepeat + lane];
                        operands.push_back(DescribeElement(src, uint64_t{base} + offset));
                    }
                }
            }
            return operands;
        },
        [view = views[0], source = MakeView(Access::kRead, src), base, offset = offsets.Address(), repeats,
         where] {
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                for (uint32_t lane = 0; lane < kLanesOfRepeat; ++lane) {
                    if (repeats.MaskOf(repeat).Has(lane)) {
                        const uint8_t* from = source.address + base + offset[repeat * kLanesOfRepeat + lane];
                        RequireInside(source, from, sizeof(T), "Gather", where);
                        std::memcpy(view.Lane(repeat, lane), from, sizeof(T));
                    }
                }
            }
        });
}

// What GatherMask takes elements by: bits of a tensor, or of a fixed pattern, the same for every four
// elements.
struct Pattern {
    View bits;  // of a tensor
    uint8_t fixed = 0;
    uint32_t repeat_stride = 0;  // bytes

    bool Has(uint32_t repeat, uint32_t element) const
    {
        if (fixed != 0) {
            // 1 and 2 are every other element, 3 to 6 one in four, 7 is all.
            constexpr uint8_t kEveryFour[] = {0x0, 0x5, 0xa, 0x1, 0x2, 0x4, 0x8, 0xf};
            return (kEveryFour[fixed] >> (element % 4) & 1u) != 0;
        }
        return (bits.address[size_t{repeat} * repeat_stride + element / 8] >> (element % 8) & 1u) != 0;
    }
};

// The destination takes the chosen elements side by side.
template <class T>
inline void GatherByPattern(const LocalTensor<T>& dst, const LocalTensor<T>& src0, const Pattern& pattern,
                            bool reduceMode, uint32_t mask, const GatherMaskParams& params, uint64_t& rsvdCnt,
                            Where where)
{
    static_assert(kMovable<T>, "GatherMask exists for 16- and 32-bit types only");
    ResetMaskRegister();
    // In counter mode a repeat goes on until it has read `mask` elements.
    const uint32_t elements = reduceMode ? mask : ONE_REPEAT_BYTE_SIZE / uint32_t{sizeof(T)};
    const uint32_t repeats = params.repeatTimes;
    const View source = MakeView(Access::kRead, src0, params.src0BlockStride, params.src0RepeatStride);
    uint64_t& reserved = ascend_sim::CurrentBlock().reserved_count;
    ascend_sim::Issue(
        Pipe::kVector, "GatherMask", where,
        [&] {
            SettleVector();
            std::vector<Operand> operands;
            if (repeats > 0 && elements > 0) {
                uint64_t kept = 0;
                for (uint32_t repeat = 0; repeat < repeats; ++repeat) {
                    for (uint32_t i = 0; i < elements; ++i) {
                        kept += static_cast<uint64_t>(pattern.Has(repeat, i));
                    }
                }
                if (kept > 0) {
                    operands.push_back(DescribeBytes(MakeView(Access::kWrite, dst), kept * sizeof(T)));
                }
                constexpr uint32_t kPerBlock = ONE_BLK_SIZE / sizeof(T);
                Operand blocks = DescribeBytes(source, ONE_BLK_SIZE);
                blocks.blocks = elements / kPerBlock;
                blocks.block_stride = source.block_stride;
                blocks.repeats = repeats;
                blocks.repeat_stride = source.repeat_stride;
                if (blocks.blocks > 0) {
                    operands.push_back(blocks);
                }
                if (elements % kPerBlock != 0) {
                    Operand tail = blocks;
                    tail.address += static_cast<uintptr_t>(blocks.blocks) * source.block_stride;
                    tail.blocks = 1;
                    tail.block_bytes = (elements % kPerBlock) * sizeof(T);
                    operands.push_back(tail);
                }
                if (pattern.fixed == 0) {
                    Operand bits = DescribeBytes(pattern.bits, (elements + 7) / 8);
                    bits.repeats = repeats;
                    bits.repeat_stride = pattern.repeat_stride;
                    operands.push_back(bits);
                }
            }
            operands.push_back(DescribeRegister(Access::kWrite, reserved));
            return operands;
        },
        [target = MakeView(Access::kWrite, dst), source, pattern, elements, repeats, &reserved, where] {
            size_t kept = 0;
            for (uint32_t repeat = 0; repeat < repeats; ++repeat) {
                for (uint32_t i = 0; i < elements; ++i) {
                    if (pattern.Has(repeat, i)) {
                        uint8_t* to = target.address + kept++ * sizeof(T);
                        RequireInside(target, to, sizeof(T), "GatherMask", where);
                        std::memcpy(to, source.Lane(repeat, i), sizeof(T));
                    }
                }
            }
            reserved = kept;
        });
    rsvdCnt = ReadRegister("GatherMask", reserved, where);
}

}  // namespace detail

// dst[i] = the element of src at byte srcBaseAddr + srcOffset[i]
template <typename T>
__aicore__ inline void Gather(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                              const LocalTensor<uint32_t>& srcOffset, const uint32_t srcBaseAddr,
                              const uint32_t count, Where where = Where::Here())
{
    static_assert(detail::kMovable<T>, "Gather exists for 16- and 32-bit types only");
    using detail::Access;
    using detail::MakeView;
    detail::ResetMaskRegister();
    if (count == 0) {
        return;
    }
    const std::array<detail::View, 2> views = {MakeView(Access::kWrite, dst),
                                               MakeView(Access::kRead, srcOffset)};
    ascend_sim::Issue(
        detail::Pipe::kVector, "Gather", where,
        [&] {
            detail::SettleVector();
            std::vector<detail::Operand> operands = {
                detail::DescribeBytes(views[0], size_t{count} * sizeof(T)),
                detail::DescribeBytes(views[1], size_t{count} * sizeof(uint32_t))};
            for (uint32_t i = 0; i < count; ++i) {
                operands.push_back(
                    detail::DescribeElement(src, uint64_t{srcBaseAddr} + srcOffset.Address()[i]));
            }
            return operands;
        },
        [to = dst.Address(), source = MakeView(Access::kRead, src), srcBaseAddr,
         offsets = srcOffset.Address(), count, where] {
            for (uint32_t i = 0; i < count; ++i) {
                const uint8_t* from = source.address + srcBaseAddr + offsets[i];
                detail::RequireInside(source, from, sizeof(T), "Gather", where);
                std::memcpy(&to[i], from, sizeof(T));
            }
        });
}

template <typename T>
__aicore__ inline void Gather(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                              const LocalTensor<uint32_t>& srcOffset, const uint32_t srcBaseAddr,
                              const uint64_t mask, const detail::RepeatTimes repeatTimes,
                              const uint16_t dstRepStride, Where where = Where::Here())
{
    detail::GatherRepeats(dst, src, srcOffset, srcBaseAddr, mask, repeatTimes, dstRepStride, where);
}

template <typename T>
__aicore__ inline void Gather(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                              const LocalTensor<uint32_t>& srcOffset, const uint32_t srcBaseAddr,
                              const uint64_t mask[], const detail::RepeatTimes repeatTimes,
                              const uint16_t dstRepStride, Where where = Where::Here())
{
    detail::GatherRepeats(dst, src, srcOffset, srcBaseAddr, mask, repeatTimes, dstRepStride, where);
}

// Block i of dst = the 32 bytes of src0 at byte offset[i]; eight blocks a repeat.
template <typename T>
__aicore__ inline void Gatherb(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                               const LocalTensor<uint32_t>& offset, const detail::RepeatTimes repeatTimes,
                               const GatherRepeatParams& repeatParams, Where where = Where::Here())
{
    static_assert(detail::kIsOneOf<T, uint16_t, uint32_t>,
                  "Gatherb exists for uint16_t and uint32_t only: ReinterpretCast first");
    constexpr uint32_t kBlocks = 8;
    ResetMask();
    detail::Repeats repeats;
    repeats.lanes = ONE_REPEAT_BYTE_SIZE / sizeof(T);
    repeats.count = repeatTimes.Get("Gatherb", where);
    if (repeats.count == 0) {
        return;
    }
    const uint32_t blockStride = repeatParams.dstBlkStride == 0 ? 1 : repeatParams.dstBlkStride;
    const std::array<detail::View, 1> views = {
        detail::MakeView(detail::Access::kWrite, dst, blockStride, repeatParams.dstRepStride)};
    const detail::View source = detail::MakeView(detail::Access::kRead, src0);
    const detail::View offsets = detail::MakeView(detail::Access::kRead, offset);
    ascend_sim::Issue(
        detail::Pipe::kVector, "Gatherb", where,
        [&] {
            detail::SettleVector();
            auto operands = detail::Describe(repeats, views);
            operands.push_back(
                detail::DescribeBytes(offsets, size_t{repeats.count} * kBlocks * sizeof(uint32_t)));
            for (uint32_t i = 0; i < repeats.count * kBlocks; ++i) {
                detail::View block = source;
                block.address += offset.Address()[i];
                operands.push_back(detail::DescribeBytes(block, ONE_BLK_SIZE));
            }
            return operands;
        },
        [view = views[0], source, offset = offset.Address(), repeats, where] {
            constexpr uint32_t kPerBlock = ONE_BLK_SIZE / sizeof(T);
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                for (uint32_t block = 0; block < kBlocks; ++block) {
                    const uint8_t* from = source.address + offset[repeat * kBlocks + block];
                    detail::RequireInside(source, from, ONE_BLK_SIZE, "Gatherb", where);
                    std::memcpy(view.Lane(repeat, block * kPerBlock), from, ONE_BLK_SIZE);
                }
            }
        });
}

enum class GatherMaskMode : uint8_t { VERSION_V1 = 0, VERSION_V2 };

// The elements of src0 whose bit in src1Pattern is set, side by side. Without reduceMode every repeat reads
// 256 bytes; with it, `mask` elements. rsvdCnt is how many were kept.
template <typename T, typename U, GatherMaskMode mode = GatherMaskMode::VERSION_V2>
__aicore__ inline void GatherMask(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                                  const LocalTensor<U>& src1Pattern, const bool reduceMode,
                                  const uint32_t mask, const GatherMaskParams& gatherMaskParams,
                                  uint64_t& rsvdCnt, Where where = Where::Here())
{
    static_assert(sizeof(T) == sizeof(U) && std::is_unsigned<U>::value,
                  "the pattern of GatherMask is uint16_t for 16-bit and uint32_t for 32-bit elements");
    detail::Pattern pattern;
    pattern.bits = detail::MakeView(detail::Access::kRead, src1Pattern);
    pattern.bits.element_bytes = 1;
    pattern.repeat_stride = gatherMaskParams.src1RepeatStride * ONE_BLK_SIZE;
    detail::GatherByPattern(dst, src0, pattern, reduceMode, mask, gatherMaskParams, rsvdCnt, where);
}

// The same with a fixed pattern: of every four elements 1: the first and third, 2: the second and fourth, 3
// to 6: one, 7: all.
template <typename T, GatherMaskMode mode = GatherMaskMode::VERSION_V2>
__aicore__ inline void GatherMask(const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                                  const uint8_t src1Pattern, const bool reduceMode, const uint32_t mask,
                                  const GatherMaskParams& gatherMaskParams, uint64_t& rsvdCnt,
                                  Where where = Where::Here())
{
    detail::Require(src1Pattern >= 1 && src1Pattern <= 7, "gather-pattern", where, [&] {
        return "GatherMask has fixed patterns 1 to 7, not " + std::to_string(src1Pattern);
    });
    detail::Pattern pattern;
    pattern.fixed = src1Pattern;
    detail::GatherByPattern(dst, src0, pattern, reduceMode, mask, gatherMaskParams, rsvdCnt, where);
}

}  // namespace AscendC
