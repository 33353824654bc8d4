// SPDX-License-Identifier: Apache-2.0
#include "lane_views.h"

#include <algorithm>

namespace ascend_sim {

namespace {

constexpr size_t kRepeatBytes = 256;

size_t LanesOf(const Operand& operand)
{
    return operand.block_bytes / operand.element_bytes * operand.blocks * operand.repeats;
}

// A run of more lanes than a repeat has (a call in count form) is cut into repeats.
void AddRun(LaneView& view, uintptr_t address, size_t elements, size_t lanes, bool begins_repeat)
{
    const size_t bytes = view.operand->element_bytes;
    for (size_t first = 0; first < elements; first += lanes) {
        if (begins_repeat || first > 0) {
            view.repeats.push_back(view.runs.size());
        }
        view.runs.push_back({address + first * bytes, std::min(lanes, elements - first)});
    }
}

// Operands [begin, end) have the same number of repeats, and each repeat takes a part of every one of them.
void AddSection(LaneView& view, const Operand* begin, const Operand* end, size_t lanes)
{
    for (uint32_t repeat = 0; repeat < begin->repeats; ++repeat) {
        bool begins_repeat = true;
        for (const Operand* operand = begin; operand != end; ++operand) {
            for (uint32_t block = 0; block < operand->blocks; ++block) {
                const uintptr_t address = operand->address +
                                          static_cast<uintptr_t>(repeat * operand->repeat_stride) +
                                          static_cast<uintptr_t>(block * operand->block_stride);
                AddRun(view, address, operand->block_bytes / operand->element_bytes, lanes, begins_repeat);
                begins_repeat = false;
            }
        }
    }
}

// The view that operands [begin, end) make.
LaneView MakeView(const Operand* begin, const Operand* end, size_t lanes)
{
    LaneView view;
    view.operand = begin;
    while (begin != end) {
        const Operand* section = begin;
        while (begin != end && begin->repeats == section->repeats) {
            ++begin;
        }
        AddSection(view, section, begin, lanes);
    }
    return view;
}

}  // namespace

std::vector<LaneView> MakeLaneViews(const Instruction& instruction, size_t count)
{
    const Operand* operand = instruction.operands.data();
    const Operand* const end = operand + count;
    size_t total = 0;
    uint32_t widest = 1;
    const Operand* sources = operand;
    for (; sources != end && sources->access != Access::kRead; ++sources) {
        total += LanesOf(*sources);
    }
    for (const Operand* each = operand; each != end; ++each) {
        widest = std::max(widest, each->element_bytes);
    }
    const size_t lanes = kRepeatBytes / widest;

    std::vector<LaneView> views;
    while (operand != end) {
        const Operand* const first = operand;
        size_t found = 0;
        while (operand != end && found < total) {
            found += LanesOf(*operand);
            ++operand;
        }
        if (found != total || total == 0 || (views.empty() && operand != sources)) {
            return {};
        }
        views.push_back(MakeView(first, operand, lanes));
    }
    return views;
}

}  // namespace ascend_sim
