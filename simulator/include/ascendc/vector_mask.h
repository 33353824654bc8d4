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

}  // namespace AscendC
