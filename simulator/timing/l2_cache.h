// SPDX-License-Identifier: Apache-2.0
// Which bytes of global memory the L2 cache holds.
#pragma once

#include <cstdint>
#include <map>

namespace ascend_sim {

// Fully associative and least-recently-used, byte by byte: bytes stay until as many others as the cache is
// large have been brought in since they were last touched. It may serve several launches in turn.
class L2Cache {
public:
    explicit L2Cache(uint64_t bytes) : bytes_(bytes) {}

    // From here on, footprint() counts for a new launch.
    void BeginLaunch();

    // Touches [begin, end); returns how many of the bytes were there. `allocates`: the others are kept.
    uint64_t Touch(uintptr_t begin, uintptr_t end, bool allocates);

    // How many different bytes the launch has kept.
    uint64_t footprint() const { return footprint_; }

private:
    struct Piece {
        uintptr_t end;
        uint64_t touched;  // brought_in_ at that time
        uint64_t launch;   // that kept it last
    };

    void SplitAt(uintptr_t address);

    uint64_t bytes_;
    uint64_t brought_in_ = 0;
    uint64_t footprint_ = 0;
    uint64_t launch_ = 0;
    std::map<uintptr_t, Piece> pieces_;  // by their begin; they do not overlap
};

}  // namespace ascend_sim
