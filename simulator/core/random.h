// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ascend_sim {

// Spreads the bits of a number (the finaliser of SplitMix64).
inline uint64_t Scramble(uint64_t bits)
{
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ull;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebull;
    return bits ^ (bits >> 31);
}

// Numbers that look drawn by lot, the same on every machine (SplitMix64).
class Random {
public:
    explicit Random(uint64_t seed) : state_(Scramble(seed + kStep)) {}

    uint64_t Next() { return Scramble(state_ += kStep); }
    // Less than `bound`, which is small: the bias does not matter.
    uint64_t Below(uint64_t bound) { return Next() % bound; }

private:
    static constexpr uint64_t kStep = 0x9e3779b97f4a7c15ull;
    uint64_t state_;
};

}  // namespace ascend_sim
