// SPDX-License-Identifier: Apache-2.0
// The mask register, which calls with isSetMask = false take their lanes from.
#pragma once

#include "vector_engine.h"

namespace AscendC {

// From here on the mask chooses lanes of every repeat.
__aicore__ inline void SetMaskNorm()
{
    ascend_sim::CurrentBlock().counter_mask = false;
}

// From here on the mask counts elements, and calls repeat as often as that takes.
__aicore__ inline void SetMaskCount()
{
    ascend_sim::CurrentBlock().counter_mask = true;
}

template <typename T, MaskMode mode = MaskMode::NORMAL>
__aicore__ static inline void SetVectorMask(const uint64_t maskHigh, const uint64_t maskLow)
{
    ascend_sim::Block& block = ascend_sim::CurrentBlock();
    block.vector_mask[0] = maskLow;
    block.vector_mask[1] = maskHigh;
}

template <typename T, MaskMode mode = MaskMode::NORMAL>
__aicore__ static inline void SetVectorMask(int32_t len)
{
    if constexpr (mode == MaskMode::COUNTER) {
        SetVectorMask<T, mode>(0, static_cast<uint64_t>(len));
    } else {
        const detail::LaneMask mask = detail::LaneMask::First(static_cast<uint64_t>(len));
        SetVectorMask<T, mode>(mask.high, mask.low);
    }
}

__aicore__ inline void ResetMask()
{
    ascend_sim::Block& block = ascend_sim::CurrentBlock();
    block.vector_mask[0] = ~0ull;
    block.vector_mask[1] = ~0ull;
}

// What kernels take from a class that is internal to CANN's headers.
class AscendCUtils {
public:
    template <typename T, bool isSetMask = true>
    __aicore__ static inline void SetMask(const uint64_t& maskHigh, const uint64_t& maskLow)
    {
        if constexpr (isSetMask) {
            SetVectorMask<T>(maskHigh, maskLow);
        }
    }
    template <typename T, bool isSetMask = true>
    __aicore__ static inline void SetMask(int32_t len)
    {
        if constexpr (isSetMask) {
            SetVectorMask<T>(len);
        }
    }
    template <typename T>
    __aicore__ static inline void SetMaskCount()
    {
        AscendC::SetMaskCount();
    }
    template <typename T>
    __aicore__ static inline void SetMaskNorm()
    {
        AscendC::SetMaskNorm();
    }
    __aicore__ static inline void ResetMask() { AscendC::ResetMask(); }
    // Elements of a 32-byte block, by their size.
    __aicore__ static inline int32_t GetC0Count(const int32_t dtypeSize)
    {
        return static_cast<int32_t>(ONE_BLK_SIZE) / dtypeSize;
    }
};

}  // namespace AscendC

// The compiler's own spelling of these.
inline void set_mask_norm()
{
    AscendC::SetMaskNorm();
}
inline void set_mask_count()
{
    AscendC::SetMaskCount();
}
inline void set_vector_mask(uint64_t high, uint64_t low)
{
    AscendC::SetVectorMask<uint8_t>(high, low);
}
