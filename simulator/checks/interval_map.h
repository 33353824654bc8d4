// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

namespace ascend_sim {

// A state for every byte of an address range. Bytes that were always used together share one.
template <class State>
class IntervalMap {
public:
    // Calls visit(state, begin, end) for pieces that make up [begin, end) and whose states may be changed;
    // bytes that were not visited before have a State().
    template <class Visit>
    void ForEach(uintptr_t begin, uintptr_t end, Visit&& visit)
    {
        auto piece = pieces_.lower_bound(begin);
        if (piece == pieces_.end() || piece->first != begin) {
            piece = CutBefore(piece, begin);
        }
        while (begin < end) {
            if (piece == pieces_.end() || piece->first > begin) {  // a gap
                const uintptr_t gap_end = piece == pieces_.end() ? end : std::min(end, piece->first);
                piece = pieces_.emplace_hint(piece, begin, Piece{gap_end, State()});
            } else if (piece->second.end > end) {
                Cut(piece, end);
            }
            visit(piece->second.state, begin, piece->second.end);
            begin = piece->second.end;
            ++piece;
        }
    }

    // Forgets the pieces for which discard(state) holds.
    template <class Discard>
    void DiscardIf(Discard&& discard)
    {
        for (auto piece = pieces_.begin(); piece != pieces_.end();) {
            piece = discard(piece->second.state) ? pieces_.erase(piece) : std::next(piece);
        }
    }

    size_t size() const { return pieces_.size(); }
    void clear() { pieces_.clear(); }

private:
    struct Piece {
        uintptr_t end;
        State state;
    };
    using Iterator = typename std::map<uintptr_t, Piece>::iterator;

    // Makes a piece begin at `begin` if one holds that byte. `next` is the first piece after it. Returns the
    // first piece from `begin` on.
    Iterator CutBefore(Iterator next, uintptr_t begin)
    {
        if (next == pieces_.begin()) {
            return next;
        }
        const Iterator previous = std::prev(next);
        return previous->second.end > begin ? Cut(previous, begin) : next;
    }

    // Cuts a piece in two at `where`, strictly within it; returns the second.
    Iterator Cut(Iterator piece, uintptr_t where)
    {
        const Iterator second = pieces_.emplace_hint(std::next(piece), where, piece->second);
        piece->second.end = where;
        return second;
    }

    std::map<uintptr_t, Piece> pieces_;
};

}  // namespace ascend_sim
