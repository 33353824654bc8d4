// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>

namespace ascend_sim {

// A set of bytes, as ranges [begin, end) that do not touch.
class Ranges {
public:
    bool empty() const { return ends_.empty(); }

    void Add(uint32_t begin, uint32_t end)
    {
        auto next = ends_.lower_bound(begin);
        if (next != ends_.begin() && std::prev(next)->second >= begin) {
            --next;
        }
        while (next != ends_.end() && next->first <= end) {
            begin = std::min(begin, next->first);
            end = std::max(end, next->second);
            next = ends_.erase(next);
        }
        ends_[begin] = end;
    }

    void Add(const Ranges& other)
    {
        for (const auto& [begin, end] : other.ends_) {
            Add(begin, end);
        }
    }

    void Remove(uint32_t begin, uint32_t end)
    {
        auto next = ends_.upper_bound(begin);
        if (next != ends_.begin() && std::prev(next)->second > begin) {
            --next;
        }
        while (next != ends_.end() && next->first < end) {
            const auto [from, to] = *next;
            next = ends_.erase(next);
            if (from < begin) {
                ends_[from] = begin;
            }
            if (to > end) {
                ends_[end] = to;
            }
        }
    }

    void Remove(const Ranges& other)
    {
        for (const auto& [begin, end] : other.ends_) {
            Remove(begin, end);
        }
    }

    bool Meets(uint32_t begin, uint32_t end) const
    {
        auto next = ends_.upper_bound(begin);
        return (next != ends_.begin() && std::prev(next)->second > begin) ||
               (next != ends_.end() && next->first < end);
    }

    bool Meets(const Ranges& other) const
    {
        return std::any_of(other.ends_.begin(), other.ends_.end(),
                           [this](const auto& range) { return Meets(range.first, range.second); });
    }

private:
    std::map<uint32_t, uint32_t> ends_;  // by begin
};

}  // namespace ascend_sim
