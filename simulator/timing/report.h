// SPDX-License-Identifier: Apache-2.0
// What the timing model says about a launch.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../core/instruction.h"

namespace ascend_sim {

// The pipes of a vector core that are timed, under msprof's names.
struct TimedPipe {
    Pipe pipe;
    const char* lane;
};
inline constexpr std::array<TimedPipe, 4> kTimedPipes = {
    {{Pipe::kScalar, "SCALAR"}, {Pipe::kVector, "VECTOR"}, {Pipe::kMte2, "MTE2"}, {Pipe::kMte3, "MTE3"}}};

// One instruction on one pipe.
struct TraceEvent {
    uint32_t name = 0;  // index into TimingReport::names
    uint32_t block = 0;
    Pipe pipe = Pipe::kScalar;
    double start = 0;  // microseconds since the launch
    double end = 0;
};

// Times are in microseconds, all modelled.
struct TimingReport {
    std::string kernel;
    std::string soc;
    uint32_t blocks = 0;
    double clock_mhz = 0;  // of a core
    double hbm_rate = 0;   // of all cores together, bytes per microsecond

    double time = 0;
    double overhead = 0;                            // launch and prologue
    double cores = 0;                               // the slowest core, if memory never held it up
    double memory = 0;                              // all traffic, if no core ever held it up
    std::string bound;                              // launch, HBM, L2 or the lane of a pipe
    std::array<double, kTimedPipes.size()> busy{};  // as kTimedPipes, averaged over blocks

    uint64_t bytes_read = 0;
    uint64_t bytes_written = 0;
    uint64_t hbm_bytes = 0;
    uint64_t l2_bytes = 0;

    std::vector<std::string> names;
    std::map<std::string, uint64_t> instructions;  // how often each was issued
    std::vector<TraceEvent> events;

    bool knows_vector = false;
    double trusted_from = 0, trusted_percent = 0, rough_from = 0, rough_percent = 0;
};

// All but the events.
std::string ToJson(const TimingReport& report);

// Chrome's trace format: a process per vector core and a thread per pipe, named as msprof names them.
// Throws std::runtime_error if the file cannot be written.
void WriteTrace(const TimingReport& report, const std::string& path);

// `text` as a JSON string.
std::string Quoted(const std::string& text);

}  // namespace ascend_sim
