// SPDX-License-Identifier: Apache-2.0
// Cast between element types, for the pairs and rounding modes that the device has. A repeat is 256 bytes of
// the wider type, so repeat strides of the two operands differ: {1, 1, 8, 4} for half to float on contiguous
// data.
#pragma once

#include "vector_engine.h"

namespace AscendC {
namespace detail {

// Bits of RoundMode values.
inline constexpr uint32_t kExactMode = 1u << At(RoundMode::CAST_NONE);
inline constexpr uint32_t kDirectedModes = 1u << At(RoundMode::CAST_RINT) | 1u << At(RoundMode::CAST_FLOOR) |
                                           1u << At(RoundMode::CAST_CEIL) | 1u << At(RoundMode::CAST_ROUND) |
                                           1u << At(RoundMode::CAST_TRUNC);
inline constexpr uint32_t kOddMode = 1u << At(RoundMode::CAST_ODD);

// The rounding modes of a conversion on the 910B; 0 if it has no such conversion.
template <class To, class From>
constexpr uint32_t CastModes()
{
    using std::is_same;
    if constexpr (is_same<From, float>::value) {
        return is_same<To, half>::value ? kExactMode | kDirectedModes | kOddMode
               : kIsOneOf<To, float, bfloat16_t, int16_t, int32_t, int64_t> ? kDirectedModes
                                                                            : 0;
    } else if constexpr (is_same<From, half>::value) {
        return is_same<To, float>::value        ? kExactMode
               : kIsOneOf<To, int8_t, uint8_t>  ? kExactMode | kDirectedModes
               : kIsOneOf<To, int16_t, int32_t> ? kDirectedModes
                                                : 0;
    } else if constexpr (is_same<From, bfloat16_t>::value) {
        return is_same<To, float>::value ? kExactMode : is_same<To, int32_t>::value ? kDirectedModes : 0;
    } else if constexpr (is_same<From, int16_t>::value) {
        return is_same<To, half>::value    ? kExactMode | kDirectedModes
               : is_same<To, float>::value ? kExactMode
                                           : 0;
    } else if constexpr (is_same<From, int32_t>::value) {
        // To half the scale of SetDeqScale applies, and the mode does not.
        return is_same<To, float>::value        ? kExactMode | kDirectedModes
               : kIsOneOf<To, int16_t, int64_t> ? kExactMode
               : is_same<To, half>::value       ? kExactMode | kDirectedModes | kOddMode
                                                : 0;
    } else if constexpr (is_same<From, int64_t>::value) {
        return is_same<To, float>::value ? kDirectedModes : is_same<To, int32_t>::value ? kExactMode : 0;
    } else if constexpr (kIsOneOf<From, int8_t, uint8_t>) {
        return is_same<To, half>::value ? kExactMode : 0;
    } else {
        return 0;
    }
}

template <class To, class From>
inline void CheckMode(RoundMode mode, Where where)
{
    Require((CastModes<To, From>() >> At(mode) & 1u) != 0, "round-mode", where, [&] {
        static const char* const kNames[] = {"CAST_NONE",  "CAST_RINT",  "CAST_FLOOR", "CAST_CEIL",
                                             "CAST_ROUND", "CAST_TRUNC", "CAST_ODD"};
        std::string message =
            std::string("Cast between these types has no ") + kNames[At(mode)] + ". Use one of:";
        for (size_t i = 0; i < 7; ++i) {
            message += (CastModes<To, From>() >> i & 1u) != 0 ? std::string(" ") + kNames[i] : "";
        }
        return message;
    });
}

// Between float and half types a call may wait as those on floats may.
template <class To, class From>
struct ConversionLane {
    static constexpr ascend_sim::CallKind kKind = ascend_sim::CallKind::kCast;
    static constexpr bool kMayWait = (std::is_same<To, float>::value && kIsOneOf<From, half, bfloat16_t>) ||
                                     (std::is_same<From, float>::value && kIsOneOf<To, half, bfloat16_t>);

    const Lanes::Cast* loop;
    ascend_sim::Rounding rounding;

    void operator()(const Addresses<2>& p, size_t n) const { (*loop)(p[0], p[1], rounding, n); }
    uint32_t Detail() const
    {
        return ascend_sim::Conversion{static_cast<uint8_t>(rounding), sizeof(To), sizeof(From)}.Detail();
    }
    float Scalar() const { return 0.0f; }
};

template <class To, class From>
inline auto CastLane(RoundMode mode)
{
    if constexpr (std::is_same<To, half>::value && std::is_same<From, int32_t>::value) {
        return [scale = ascend_sim::CurrentBlock().deq_scale](const Addresses<2>& p, size_t n) {
            kLanes.dequantise(p[0], p[1], &scale, n);
        };
    } else {
        return ConversionLane<To, From>{&kLanes.cast[kIndex<To>][kIndex<From>],
                                        static_cast<ascend_sim::Rounding>(mode)};
    }
}

template <bool isSetMask, class To, class From, class Mask>
inline void CastMasked(const LocalTensor<To>& dst, const LocalTensor<From>& src, RoundMode mode, Mask mask,
                       const RepeatTimes& repeatTimes, const UnaryRepeatParams& params, Where where)
{
    static_assert(CastModes<To, From>() != 0, "Cast: the device does not convert between these types");
    CheckMode<To, From>(mode, where);
    constexpr uint32_t kWidest = sizeof(To) > sizeof(From) ? sizeof(To) : sizeof(From);
    const auto repeats =
        MakeRepeats<isSetMask>("Cast", ONE_REPEAT_BYTE_SIZE / kWidest, mask, repeatTimes, where);
    IssueRepeats<2>("Cast",
                    {MakeView(Access::kWrite, dst, params.dstBlkStride, params.dstRepStride),
                     MakeView(Access::kRead, src, params.srcBlkStride, params.srcRepStride)},
                    repeats, CastLane<To, From>(mode), where);
}

}  // namespace detail

template <typename T1, typename T2>
__aicore__ inline void Cast(const LocalTensor<T1>& dst, const LocalTensor<T2>& src,
                            const RoundMode& round_mode, const uint32_t count, Where where = Where::Here())
{
    static_assert(detail::CastModes<T1, T2>() != 0, "Cast: the device does not convert between these types");
    detail::CheckMode<T1, T2>(round_mode, where);
    using detail::MakeView;
    detail::IssueCount<2>("Cast",
                          {MakeView(detail::Access::kWrite, dst), MakeView(detail::Access::kRead, src)},
                          count, detail::CastLane<T1, T2>(round_mode), where);
}

template <typename T1, typename T2, bool isSetMask = true>
__aicore__ inline void Cast(const LocalTensor<T1>& dst, const LocalTensor<T2>& src,
                            const RoundMode& round_mode, const uint64_t mask,
                            const detail::RepeatTimes repeatTimes, const UnaryRepeatParams& repeatParams,
                            Where where = Where::Here())
{
    detail::CastMasked<isSetMask>(dst, src, round_mode, mask, repeatTimes, repeatParams, where);
}

template <typename T1, typename T2, bool isSetMask = true>
__aicore__ inline void Cast(const LocalTensor<T1>& dst, const LocalTensor<T2>& src,
                            const RoundMode& round_mode, const uint64_t mask[],
                            const detail::RepeatTimes repeatTimes, const UnaryRepeatParams& repeatParams,
                            Where where = Where::Here())
{
    detail::CastMasked<isSetMask>(dst, src, round_mode, mask, repeatTimes, repeatParams, where);
}

// The factor of Casts from int32_t to half that follow.
__aicore__ inline void SetDeqScale(half scale)
{
    ascend_sim::CurrentBlock().deq_scale = scale.bits;
}

}  // namespace AscendC
