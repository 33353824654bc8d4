// SPDX-License-Identifier: Apache-2.0
// overlap: the destination of a vector instruction shares memory with a source, but is not in place.
//
// A vector unit works repeat by repeat. Within a repeat, destination and source are the same or apart; what a
// repeat has written, no later one reads, unless destination and source are the same in every repeat (a sum
// into one place). Operands of different widths (Cast) may share memory within a repeat.
#include <algorithm>
#include <string>

#include "../core/launch_state.h"
#include "checks.h"
#include "describe.h"
#include "lane_views.h"

namespace ascend_sim {

namespace {

// The runs of one repeat.
struct Part {
    const Run* begin;
    const Run* end;
    uint32_t element_bytes;
};

Part PartOf(const LaneView& view, size_t repeat)
{
    const size_t end = repeat + 1 < view.repeats.size() ? view.repeats[repeat + 1] : view.runs.size();
    return {view.runs.data() + view.repeats[repeat], view.runs.data() + end, view.operand->element_bytes};
}

struct Range {
    uintptr_t begin = UINTPTR_MAX;
    uintptr_t end = 0;

    bool Meets(const Range& other) const { return begin < other.end && other.begin < end; }
};

Range RangeOf(const Run& run, uint32_t element_bytes)
{
    return {run.address, run.address + run.elements * element_bytes};
}

// The smallest range that holds both.
Range Join(const Range& a, const Range& b)
{
    return {std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

Range RangeOf(const Part& part)
{
    Range range;
    for (const Run* run = part.begin; run != part.end; ++run) {
        range = Join(range, RangeOf(*run, part.element_bytes));
    }
    return range;
}

bool Meet(const Part& a, const Part& b)
{
    if (!RangeOf(a).Meets(RangeOf(b))) {
        return false;
    }
    for (const Run* run = a.begin; run != a.end; ++run) {
        for (const Run* other = b.begin; other != b.end; ++other) {
            if (RangeOf(*run, a.element_bytes).Meets(RangeOf(*other, b.element_bytes))) {
                return true;
            }
        }
    }
    return false;
}

bool Same(const Part& a, const Part& b)
{
    return std::equal(a.begin, a.end, b.begin, b.end);
}

// Whether source and destination break the rule.
bool Clash(const LaneView& to, const LaneView& from)
{
    const bool same_width = to.operand->element_bytes == from.operand->element_bytes;
    if (same_width && to.runs == from.runs) {
        return false;
    }
    if (to.repeats.size() != from.repeats.size()) {
        return false;  // not repeat by repeat: nothing is known
    }
    const size_t repeats = to.repeats.size();
    Range later;  // holds what the repeats after this one read
    for (size_t repeat = repeats; repeat-- > 0;) {
        const Part write = PartOf(to, repeat);
        const Part read = PartOf(from, repeat);
        if (same_width && !Same(write, read) && Meet(write, read)) {
            return true;
        }
        if (RangeOf(write).Meets(later)) {
            for (size_t next = repeat + 1; next < repeats; ++next) {
                if (Meet(write, PartOf(from, next))) {
                    return true;
                }
            }
        }
        later = Join(later, RangeOf(read));
    }
    return false;
}

// Whether any source shares a byte range with a destination, roughly: most instructions end here.
bool MayClash(const Instruction& instruction)
{
    for (const Operand& to : instruction.operands) {
        for (const Operand& from : instruction.operands) {
            if (to.access != Access::kRead && from.access == Access::kRead &&
                to.extent.begin < from.extent.begin + from.extent.bytes &&
                from.extent.begin < to.extent.begin + to.extent.bytes) {
                return true;
            }
        }
    }
    return false;
}

class OverlapCheck : public Observer {
    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        if (instruction.pipe != Pipe::kVector || !MayClash(instruction)) {
            return;
        }
        const std::vector<LaneView> views = MakeLaneViews(instruction, instruction.operands.size());
        for (size_t i = 1; i < views.size(); ++i) {
            if (Clash(views[0], views[i])) {
                return Report(core, instruction, *views[0].operand, *views[i].operand);
            }
        }
    }

    static void Report(const Core& core, const Instruction& instruction, const Operand& to,
                       const Operand& from)
    {
        const auto offset = [](const Operand& operand) {
            return std::to_string(static_cast<ptrdiff_t>(operand.address - operand.extent.begin));
        };
        core.Report("overlap",
                    std::string(instruction.name) + " writes from byte " + offset(to) + " of " +
                        DescribeTensor(core, to) + " on, over a source that begins at byte " + offset(from) +
                        " of " + DescribeTensor(core, from) +
                        "; lanes are read after they were overwritten, or before, as it happens",
                    instruction.where, &to);
    }
};

}  // namespace

std::unique_ptr<Observer> MakeOverlapCheck()
{
    return std::make_unique<OverlapCheck>();
}

}  // namespace ascend_sim
