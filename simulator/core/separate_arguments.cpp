// SPDX-License-Identifier: Apache-2.0
#include "separate_arguments.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ascend_sim {

namespace {

// Copies lie as their originals do within so many bytes, so that alignment is the same.
constexpr uintptr_t kPage = 4096;

using Range = std::pair<uintptr_t, uintptr_t>;

// The bytes behind an argument that are to be nobody's.
size_t RoomBehind(size_t bytes)
{
    return bytes + kPage;
}

// The memory of the arguments by address, with those that overlap in one.
std::vector<Range> RangesOf(const std::vector<KernelArgument>& arguments)
{
    std::vector<Range> ranges;
    for (const KernelArgument& argument : arguments) {
        if (argument.data != nullptr && argument.bytes > 0) {
            const auto begin = reinterpret_cast<uintptr_t>(argument.data);
            ranges.emplace_back(begin, begin + argument.bytes);
        }
    }
    std::sort(ranges.begin(), ranges.end());
    std::vector<Range> merged;
    for (const Range& range : ranges) {
        if (!merged.empty() && range.first < merged.back().second) {
            merged.back().second = std::max(merged.back().second, range.second);
        } else {
            merged.push_back(range);
        }
    }
    return merged;
}

}  // namespace

SeparateArguments::SeparateArguments(const std::vector<KernelArgument>& arguments) : arguments_(arguments)
{
    const std::vector<Range> ranges = RangesOf(arguments);
    for (size_t i = 1; i < ranges.size(); ++i) {
        const auto [begin, end] = ranges[i - 1];
        if (ranges[i].first - end < RoomBehind(end - begin)) {
            Move(begin, end);
        }
    }
}

void SeparateArguments::Move(uintptr_t begin, uintptr_t end)
{
    // A page before it, the room behind, and a page to choose the place. What is not touched takes no memory.
    Copy copy{reinterpret_cast<uint8_t*>(begin), end - begin, nullptr, nullptr};
    copy.memory.reset(new uint8_t[copy.bytes + RoomBehind(copy.bytes) + 2 * kPage]);
    const uintptr_t room = reinterpret_cast<uintptr_t>(copy.memory.get()) + kPage;
    copy.data = copy.memory.get() + kPage + (begin - room) % kPage;
    std::memcpy(copy.data, copy.original, copy.bytes);
    for (KernelArgument& argument : arguments_) {
        const auto address = reinterpret_cast<uintptr_t>(argument.data);
        if (begin <= address && address < end) {
            argument.data = copy.data + (address - begin);
        }
    }
    copies_.push_back(std::move(copy));
}

void SeparateArguments::Finish(std::vector<Finding>& findings) const
{
    for (const Copy& copy : copies_) {
        // Inputs may be in memory that must not be written to.
        if (std::memcmp(copy.original, copy.data, copy.bytes) != 0) {
            std::memcpy(copy.original, copy.data, copy.bytes);
        }
        const auto begin = reinterpret_cast<uintptr_t>(copy.data);
        for (Finding& finding : findings) {
            uintptr_t& address = finding.tensor.address;
            if (begin <= address && address < begin + copy.bytes) {
                address = address - begin + reinterpret_cast<uintptr_t>(copy.original);
            }
        }
    }
}

}  // namespace ascend_sim
