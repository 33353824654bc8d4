// SPDX-License-Identifier: Apache-2.0
// The modelled time of one block: four in-order pipes, joined by flags, queues and barriers.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "../core/events.h"
#include "report.h"
#include "timing_profile.h"

namespace ascend_sim {

// A copy between global memory and unified buffer, as the memory sees it.
struct MemoryAccess {
    double start = 0;
    uint32_t phase = 0;
    uint32_t bursts = 1;
    uintptr_t address = 0;
    uint64_t burst_bytes = 0;
    ptrdiff_t stride = 0;
    bool writes = false;
    bool allocates = true;  // in the L2 cache
};

// A block lives in phases that SyncAll separates. Times count from the begin of the phase.
class BlockClock {
public:
    struct Count {
        std::string name;
        VectorCost cost;
        uint64_t issued = 0;
    };
    struct Event {
        uint32_t count;  // index into counts()
        uint32_t phase;
        Pipe pipe;
        double start;
        double end;
    };

    explicit BlockClock(const TimingProfile& profile) : profile_(&profile) {}

    void Execute(const Instruction& instruction);
    void Queue(const QueueEvent& event);
    void Flag(const FlagEvent& event);
    void Barrier(const BarrierEvent& event);
    void CacheHint(const CacheHintEvent& event);
    void ResetPipe();
    void EndPhase();

    const std::vector<double>& phases() const { return phases_; }  // how long each lasted
    double busy(Pipe pipe) const { return busy_[static_cast<size_t>(pipe)]; }
    const std::vector<MemoryAccess>& accesses() const { return accesses_; }
    const std::vector<Count>& counts() const { return counts_; }
    const std::vector<Event>& events() const { return events_; }

private:
    static constexpr size_t kPipes = static_cast<size_t>(Pipe::kAll);
    struct Kept {  // in the L2 cache
        bool reads = true;
        bool writes = true;
    };
    using Flags = std::map<std::tuple<Pipe, Pipe, int32_t>, double>;

    double& free(Pipe pipe) { return free_[static_cast<size_t>(pipe)]; }
    double& done(Pipe pipe) { return done_[static_cast<size_t>(pipe)]; }
    void Wait(Pipe pipe, double until);
    double Complete(Pipe pipe);
    double Latest() const;
    uint32_t Find(const Instruction& instruction);
    double VectorTime(const Instruction& instruction, const VectorCost& cost) const;
    double Copy(const Instruction& instruction, double start);

    const TimingProfile* profile_;
    std::array<double, kPipes> free_{};  // when the pipe takes its next instruction
    std::array<double, kPipes> done_{};  // when everything it has taken is complete
    std::array<double, kPipes> busy_{};
    std::unordered_map<uint32_t, double> filled_;   // by buffer: when its producer was done
    std::unordered_map<uint32_t, double> emptied_;  // by buffer: when its consumer was done
    Flags flags_;
    std::map<uintptr_t, Kept> hints_;  // by argument

    std::vector<double> phases_;
    std::vector<MemoryAccess> accesses_;
    std::vector<Count> counts_;
    std::map<std::pair<const char*, uint32_t>, uint32_t> find_;  // name and element size
    std::vector<Event> events_;
};

}  // namespace ascend_sim
