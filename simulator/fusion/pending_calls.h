// SPDX-License-Identifier: Apache-2.0
// Calls of the fast build that wait to be computed together.
//
// Call by call, a kernel stores what its next call loads. So vector calls on floats in the unified buffer,
// and the copies around them, wait in a list until somebody could see what they leave. Then they run as one
// loop that keeps the values in registers, if there is a program for them (programs.h), or else one after the
// other. The results are the same bits. docs/simulator/fused.md has the whole story.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/export.h"

namespace ascend_sim {

struct Block;
struct Plan;

enum class CallKind : uint32_t {
    kUnary,            // dst = f(a)
    kBinary,           // dst = f(a, b)
    kWithScalar,       // dst = f(a, scalar)
    kBlockWithScalar,  // likewise, but a row of a is one block of 32 bytes over and over again
    kUpdate,           // dst = f(a, b, dst)
    kCast,             // dst = f(a), detail: see Conversion
    kSpread,           // dst = a block of 32 bytes of each element of a
    kCopyIn,           // dst = global and its first element b times; detail: bytes of an element
    kCopyOut,          // global = a, likewise
    kGroups,           // place = the sums of n groups of a, detail: elements of a group
};

// How a conversion rounds, and bytes of an element.
struct Conversion {
    uint8_t rounding;
    uint8_t to_bytes;
    uint8_t from_bytes;

    static Conversion Of(uint32_t detail)
    {
        return {static_cast<uint8_t>(detail), static_cast<uint8_t>(detail >> 8),
                static_cast<uint8_t>(detail >> 16)};
    }
    uint32_t Detail() const { return rounding | uint32_t{to_bytes} << 8 | uint32_t{from_bytes} << 16; }
};

inline constexpr uint32_t kBlockBytes = 32;  // of the unified buffer

// A call without what a program gets as arguments. Places are bytes from the begin of the unified buffer,
// what a call has no use for is 0: so equal calls are equal bytes.
struct Call {
    const void* instruction;  // its entry in the lanes table; null: a copy
    CallKind kind;
    uint32_t detail;
    uint32_t dst;
    uint32_t a;
    uint32_t b;
    uint32_t n;  // elements of a row
    uint32_t rows;
    uint32_t dst_stride;  // bytes from row to row
    uint32_t a_stride;
    uint32_t b_stride;
};
static_assert(sizeof(Call) == 48, "no bytes that nobody sets");

// What may differ from tile to tile.
struct CallArguments {
    uint8_t* global;
    float scalar;
    uint32_t place;
};

class PendingCalls {
public:
    bool empty() const { return count_ == 0 && lists_ == 0; }
    // Whether the list ends before a call: a copy in behind anything else begins a tile, which is what
    // kernels repeat.
    bool EndsAt(CallKind kind) const
    {
        return count_ == kMost ||
               (kind == CallKind::kCopyIn && count_ > 0 && calls_[count_ - 1].kind != CallKind::kCopyIn);
    }
    // The next call, for the caller to fill in where it is: every field, as calls are compared as bytes.
    Call& Append(const CallArguments& arguments)
    {
        arguments_[count_] = arguments;
        return calls_[count_++];
    }

    // Whether a copy of `bytes` at `global` touches what a waiting one writes, or writes what one touches.
    bool Meets(const uint8_t* global, size_t bytes, bool writes) const
    {
        for (uint32_t i = 0; i < count_; ++i) {
            if (calls_[i].instruction == nullptr && (writes || calls_[i].kind == CallKind::kCopyOut)) {
                const uint8_t* begin = arguments_[i].global;
                if (begin < global + bytes && global < begin + size_t{calls_[i].n} * calls_[i].detail) {
                    return true;
                }
            }
        }
        return false;
    }

    // Runs all calls, which are those of `block`.
    ASCEND_SIM_EXPORT void Run(Block& block);

    // Ends the list of calls. It runs when it is known what the next ones read and write: they may make some
    // of its stores unnecessary.
    ASCEND_SIM_EXPORT void EndList(Block& block);

    static constexpr uint32_t kMost = 64;  // calls of a list

private:
    static constexpr uint32_t kMostLists = 3;

    struct List {
        const Plan* plan;
        CallArguments arguments[kMost];
    };
    void Close(Block& block);
    bool RunOldest(Block& block, bool may_wait);

    uint32_t count_ = 0;
    uint32_t lists_ = 0;
    // Not initialised: a launch has a block for every core.
    Call calls_[kMost];
    CallArguments arguments_[kMost];
    List waiting_[kMostLists];
};

}  // namespace ascend_sim
