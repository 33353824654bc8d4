// SPDX-License-Identifier: Apache-2.0
// Sequences of calls in the form in which programs are made for them and looked up: what matters of their
// addresses and lengths, and nothing else.
//
// The unit is a row, 64 elements: what a vector instruction works on at a time. Rows that several calls touch
// belong to a region, in which they are numbered; addresses of regions are arguments of a program. All calls
// are cut into the same number of groups of rows, and a program computes group after group: of group g, row i
// of a call is row `offset + stride * (rows * g + i)` of its operand. Where one group overwrites what the
// calls leave in the next, a program may go from the last group to the first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ascend_sim {

inline constexpr size_t kRowElements = 64;

// What sequences are made of. The same names as AscendC's where there is one.
struct Operation {
    const char* name;
    const char* code;   // of one vector: $a, $b, $d (the destination before) and $s (the scalar)
    uint8_t dst_bytes;  // of an element
    uint8_t source_bytes;
    bool reads_b;
    bool reads_dst;
    bool has_scalar;
};

// Null if there is none of this name.
const Operation* FindOperation(const std::string& name);

struct RowOperand {
    uint32_t region = 0;
    uint32_t offset = 0;  // rows
    uint32_t stride = 1;
    bool operator==(const RowOperand& other) const
    {
        return region == other.region && offset == other.offset && stride == other.stride;
    }
};

struct Step {
    const Operation* operation = nullptr;
    uint32_t rows = 0;  // of a group
    RowOperand dst;
    RowOperand a;
    RowOperand b;
};

// A row of a group, as it lies for all groups: row `stride * g + offset` of a region.
struct Place {
    uint32_t region;
    uint32_t stride;
    uint32_t offset;
    bool operator<(const Place& other) const
    {
        return region != other.region   ? region < other.region
               : stride != other.stride ? stride < other.stride
                                        : offset < other.offset;
    }
    bool operator==(const Place& other) const { return !(*this < other) && !(other < *this); }
};

struct Sequence {
    std::vector<Step> steps;
    uint32_t regions = 0;
    bool descends = false;  // from the last group to the first
    // Frugal: of what the steps write only these places are kept.
    bool is_frugal = false;
    std::vector<Place> kept;
};

// "Muls 1 2.0.1 0.0.1; Exp 1 2.0.1 2.0.1": rows of a group, destination and sources as region.offset.stride.
// Behind that, if it descends, "; down", and if it is frugal, "; keep" and the places: "; keep 2.0.1".
std::string ToText(const Sequence& sequence);

// The inverse; throws std::invalid_argument.
Sequence ParseSequence(const std::string& text);

// Whether two places are the same row in some group.
bool MayMeet(const Place& a, const Place& b);

// One row of one call in a group. Values are those of other instances, or rows as they are before the group.
struct Instance {
    size_t step;
    uint32_t row;
    Place dst;
    // Which instance gives a source, or kLoaded.
    static constexpr size_t kLoaded = ~size_t{0};
    struct Source {
        Place place;
        size_t instance = kLoaded;
    };
    std::vector<Source> sources;  // a, then b, then dst, as far as they are read
    bool stored = true;           // no later instance writes the place, and it is kept
};

// The instances of a group, in the order of calls.
std::vector<Instance> Unroll(const Sequence& sequence);

// Calls visit(i, group) for instance i of every group, in the order of calls: all rows of one, then the next.
template <class Visit>
void EachInOrderOfCalls(const std::vector<Instance>& instances, size_t groups, const Visit& visit)
{
    for (size_t begin = 0, end; begin < instances.size(); begin = end) {
        for (end = begin; end < instances.size() && instances[end].step == instances[begin].step;) {
            ++end;
        }
        for (size_t group = 0; group < groups; ++group) {
            for (size_t i = begin; i < end; ++i) {
                visit(i, group);
            }
        }
    }
}

// Whether group after group, loading what Unroll() says, gives what call after call gives, or what is kept of
// it.
bool IsSound(const Sequence& sequence, size_t groups);

}  // namespace ascend_sim
