// SPDX-License-Identifier: Apache-2.0
// What the timing model knows of a SoC: the [Timing] sections of its profile.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "../core/platform.h"

namespace ascend_sim {

// Cycles of one vector instruction: head + slope x repeats.
struct VectorCost {
    double head = 0;
    double slope = 0;
    double conflict_slope = 0;  // when both sources lie in the same bank groups
};

// Times are in microseconds, rates in bytes per microsecond.
struct TimingProfile {
    // Throws std::invalid_argument if the profile has no [Timing] section or lacks a key of it.
    explicit TimingProfile(const Platform& platform);

    uint32_t cores;
    double cycle;
    double launch, launch_per_core, prologue_per_core;
    double copy_issue, copy_in_latency;
    double copy_in_rate, copy_out_rate;
    double scalar;
    double hbm_rate, l2_rate;
    uint64_t l2_bytes;
    double burst_overhead, copy_overhead, copy_overhead_from;  // bytes
    uint64_t memory_block;                                     // bytes
    uint64_t repeat_bytes;
    uint64_t bank_span;  // bytes after which bank groups repeat

    // For how long a modelled time may be trusted, and how far.
    double trusted_from, trusted_percent, rough_from, rough_percent;

    // False where nothing is known of vector instructions: they then take no time.
    bool knows_vector;
    VectorCost CostOf(const std::string& instruction, uint32_t element_bytes) const;

    // The share of the memory's bandwidth that copies of so many bursts of so many bytes reach.
    double Efficiency(uint32_t bursts, uint64_t burst_bytes) const;

private:
    std::map<std::string, VectorCost> vector_;
};

}  // namespace ascend_sim
