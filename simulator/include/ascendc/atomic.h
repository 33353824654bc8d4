// SPDX-License-Identifier: Apache-2.0
// Copies to global memory that add to (or take the larger or smaller of) what is there.
#pragma once

#include <cstring>
#include <type_traits>

#include "definitions.h"

namespace AscendC {

namespace detail {

template <class T>
inline T Combined(T old, T value, ascend_sim::Atomic atomic)
{
    switch (atomic) {
        case ascend_sim::Atomic::kAdd:
            return static_cast<T>(old + value);
        case ascend_sim::Atomic::kMax:
            return old < value ? value : old;
        default:
            return value < old ? value : old;
    }
}

// Element by element, against any other block that does the same. No order among blocks, as on the device.
template <class T>
inline void AtomicCombine(T* destination, const T* source, size_t count, ascend_sim::Atomic atomic)
{
    using Bits = std::conditional_t<
        sizeof(T) == 1, uint8_t,
        std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
    static_assert(sizeof(T) == sizeof(Bits), "atomics exist for elements of 1, 2, 4 and 8 bytes");
    for (size_t i = 0; i < count; ++i) {
        Bits* address = reinterpret_cast<Bits*>(destination + i);
        Bits old_bits = __atomic_load_n(address, __ATOMIC_RELAXED);
        Bits new_bits;
        do {
            T old;
            std::memcpy(static_cast<void*>(&old), &old_bits, sizeof(T));
            const T combined = Combined(old, source[i], atomic);
            std::memcpy(&new_bits, &combined, sizeof(T));
        } while (!__atomic_compare_exchange_n(address, &old_bits, new_bits, true, __ATOMIC_RELAXED,
                                              __ATOMIC_RELAXED));
    }
}

}  // namespace detail

template <class T>
inline void SetAtomicAdd()
{
    ascend_sim::CurrentBlock().atomic = ascend_sim::Atomic::kAdd;
}
template <class T>
inline void SetAtomicMax()
{
    ascend_sim::CurrentBlock().atomic = ascend_sim::Atomic::kMax;
}
template <class T>
inline void SetAtomicMin()
{
    ascend_sim::CurrentBlock().atomic = ascend_sim::Atomic::kMin;
}
inline void SetAtomicNone()
{
    ascend_sim::CurrentBlock().atomic = ascend_sim::Atomic::kNone;
}
inline void DisableDmaAtomic()
{
    SetAtomicNone();
}

}  // namespace AscendC
