// SPDX-License-Identifier: Apache-2.0
#include "l2_cache.h"

#include <iterator>

namespace ascend_sim {

void L2Cache::BeginLaunch()
{
    ++launch_;
    footprint_ = 0;
}

void L2Cache::SplitAt(uintptr_t address)
{
    auto piece = pieces_.upper_bound(address);
    if (piece == pieces_.begin()) {
        return;
    }
    --piece;
    if (piece->first < address && address < piece->second.end) {
        pieces_.emplace_hint(std::next(piece), address, piece->second);
        piece->second.end = address;
    }
}

uint64_t L2Cache::Touch(uintptr_t begin, uintptr_t end, bool allocates)
{
    SplitAt(begin);
    SplitAt(end);
    uint64_t known = 0;
    uint64_t hit = 0;
    const auto first = pieces_.lower_bound(begin);
    auto piece = first;
    for (; piece != pieces_.end() && piece->first < end; ++piece) {
        const uint64_t bytes = piece->second.end - piece->first;
        known += piece->second.launch == launch_ ? bytes : 0;
        if (brought_in_ - piece->second.touched <= bytes_) {
            hit += bytes;
            piece->second.touched = brought_in_;
        }
    }
    if (allocates) {
        brought_in_ += end - begin - hit;
        footprint_ += end - begin - known;
        pieces_.emplace_hint(pieces_.erase(first, piece), begin, Piece{end, brought_in_, launch_});
    }
    return hit;
}

}  // namespace ascend_sim
