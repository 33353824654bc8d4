// SPDX-License-Identifier: Apache-2.0
// How a list of calls runs: most by a program, if there is one for them, the others one by one ahead of it or
// behind.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "pending_calls.h"
#include "programs.h"
#include "ranges.h"

namespace ascend_sim {

// Where a program's region is: in the unified buffer, or at what a call copies from or to.
struct RegionPlace {
    static constexpr uint32_t kNoCall = ~uint32_t{0};
    uint32_t call = kNoCall;
    uint32_t begin = 0;
};

struct Plan {
    explicit Plan(std::vector<Call> all) : calls(std::move(all)) {}

    std::vector<Call> calls;

    // Finds out the rest. Worth its time for calls that come again; until then all run alone.
    void Complete();
    bool is_complete = false;

    // Programs compute all but these, which run ahead and behind, in so many groups. One stores whatever the
    // calls store, the frugal one only what the rest of the calls, or calls like these again, read. Null:
    // none such.
    std::vector<uint32_t> ahead;
    std::vector<uint32_t> rest;
    size_t groups = 0;
    Program program = nullptr;
    Program frugal = nullptr;
    std::vector<RegionPlace> regions;
    std::vector<uint32_t> with_scalar;  // numbers of calls

    // Bytes of the unified buffer: what the calls read that was there before, what they write, and what of
    // that the frugal program leaves out.
    Ranges reads;
    Ranges writes;
    Ranges left_out;

    // Whether the frugal program does, if these lists follow: they must write what it leaves out before they
    // read it. kNotYet: it takes more of them to know.
    enum class Verdict : uint8_t { kNo, kNotYet, kYes };
    using Following = std::array<const Plan*, 2>;  // null: none yet
    Verdict Judge(const Following& following) const;

    Plan* next = nullptr;  // what followed last time

private:
    void FollowBytes();
    std::vector<uint32_t> ChooseFused();
    void FindPrograms();

    mutable std::map<Following, Verdict> verdicts_;
};

// The plan of this thread for some calls. When the thread has too many, or programs were loaded, it forgets
// all: `may_forget` says whether none is in use. Null if one is and it should.
const Plan* FindPlan(const Call* calls, uint32_t count, bool may_forget);

}  // namespace ascend_sim
