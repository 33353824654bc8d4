// SPDX-License-Identifier: Apache-2.0
#include "timing.h"

#include <algorithm>

#include "../core/launch_state.h"
#include "block_clock.h"

namespace ascend_sim {

namespace {

// The traffic of one phase. "Weighted" bytes are as many as the memory could have moved in the same time.
struct Traffic {
    double weighted_reads = 0;
    double weighted_writes = 0;
    double bypassing_writes = 0;  // weighted
    uint64_t read_misses = 0;
    uint64_t read_hits = 0;
    uint64_t writes = 0;
    uint64_t writes_past_l2 = 0;
};

struct MemoryTime {
    double hbm = 0;
    double l2 = 0;
};

class Timing : public Observer {
public:
    Timing(const Platform& platform, TimingReport& report, L2Cache* cache)
        : profile_(platform), report_(report), own_cache_(profile_.l2_bytes), cache_(cache)
    {
    }

private:
    void OnLaunch(const LaunchState& launch) override
    {
        clocks_.assign(launch.options().block_dim, BlockClock(profile_));
    }

    BlockClock& Clock(const Core& core) { return clocks_[core.block().index]; }

    void OnInstruction(const Core& core, const Instruction& instruction) override
    {
        Clock(core).Execute(instruction);
    }
    void OnPipeReset(const Core& core) override { Clock(core).ResetPipe(); }
    void OnQueue(const Core& core, const QueueEvent& event) override { Clock(core).Queue(event); }
    void OnFlag(const Core& core, const FlagEvent& event) override { Clock(core).Flag(event); }
    void OnBarrier(const Core& core, const BarrierEvent& event) override { Clock(core).Barrier(event); }
    void OnCacheHint(const Core& core, const CacheHintEvent& event) override { Clock(core).CacheHint(event); }
    void OnSyncAll(const Core& core, const SyncAllEvent&) override { Clock(core).EndPhase(); }
    void OnBlockEnd(const Core& core) override { Clock(core).EndPhase(); }

    void OnLaunchEnd(LaunchState& launch) override
    {
        if (launch.stopped()) {
            return;  // blocks have ended in the middle of a phase
        }
        report_.kernel = launch.options().kernel;
        report_.soc = launch.platform().name;
        report_.blocks = launch.options().block_dim;
        report_.clock_mhz = launch.platform().clock_mhz;
        report_.hbm_rate = profile_.hbm_rate;
        report_.knows_vector = profile_.knows_vector;
        report_.trusted_from = profile_.trusted_from;
        report_.trusted_percent = profile_.trusted_percent;
        report_.rough_from = profile_.rough_from;
        report_.rough_percent = profile_.rough_percent;
        AddPipesAndInstructions();
        AddTimes();
        AddEvents();
    }

    void AddPipesAndInstructions()
    {
        for (const BlockClock& clock : clocks_) {
            for (size_t i = 0; i < kTimedPipes.size(); ++i) {
                report_.busy[i] += clock.busy(kTimedPipes[i].pipe) / static_cast<double>(clocks_.size());
            }
            for (const BlockClock::Count& count : clock.counts()) {
                report_.instructions[count.name] += count.issued;
            }
        }
        for (const auto& [name, issued] : report_.instructions) {
            report_.names.push_back(name);
        }
    }

    void AddTimes()
    {
        size_t phases = 0;
        for (const BlockClock& clock : clocks_) {
            phases = std::max(phases, clock.phases().size());
        }
        const std::vector<MemoryTime> memory = TimeMemory(phases);
        const double used = std::min<double>(clocks_.size(), profile_.cores) - 1;
        report_.overhead = profile_.launch + (profile_.launch_per_core + profile_.prologue_per_core) * used;
        report_.time = report_.overhead;
        MemoryTime waited;  // in phases that memory holds up
        for (size_t phase = 0; phase < phases; ++phase) {
            const double cores = TimeCores(phase);
            const double shared = memory[phase].hbm + memory[phase].l2;
            report_.cores += cores;
            report_.memory += shared;
            report_.time += std::max(cores, shared);
            if (shared > cores) {
                waited.hbm += memory[phase].hbm;
                waited.l2 += memory[phase].l2;
            }
        }
        report_.bound = Bound(waited);
    }

    // The slowest core's time in a phase; notes when each block begins it. Blocks beyond the number of cores
    // run when the earlier ones on their core have ended.
    double TimeCores(size_t phase)
    {
        std::vector<double> cores(profile_.cores);
        std::vector<double>& starts = starts_.emplace_back();
        for (size_t block = 0; block < clocks_.size(); ++block) {
            const std::vector<double>& phases = clocks_[block].phases();
            double& core = cores[block % cores.size()];
            starts.push_back(report_.time + core);
            core += phase < phases.size() ? phases[phase] : 0;
        }
        return *std::max_element(cores.begin(), cores.end());
    }

    void AddEvents()
    {
        for (uint32_t block = 0; block < clocks_.size(); ++block) {
            std::vector<uint32_t> names;
            for (const BlockClock::Count& count : clocks_[block].counts()) {
                const auto found = std::lower_bound(report_.names.begin(), report_.names.end(), count.name);
                names.push_back(static_cast<uint32_t>(found - report_.names.begin()));
            }
            for (const BlockClock::Event& event : clocks_[block].events()) {
                const double start = starts_[event.phase][block];
                report_.events.push_back(
                    {names[event.count], block, event.pipe, start + event.start, start + event.end});
            }
        }
    }

    std::string Bound(const MemoryTime& waited) const
    {
        const double work = report_.time - report_.overhead;
        if (report_.overhead > work) {
            return "launch";
        }
        if (waited.hbm + waited.l2 > work / 2) {
            return waited.hbm >= waited.l2 ? "HBM" : "L2";
        }
        const auto busiest = std::max_element(report_.busy.begin(), report_.busy.end());
        return kTimedPipes[static_cast<size_t>(busiest - report_.busy.begin())].lane;
    }

    // All blocks' copies in the order of their modelled times, so that the result does not depend on threads.
    std::vector<const MemoryAccess*> OrderedAccesses() const
    {
        std::vector<const MemoryAccess*> accesses;
        for (const BlockClock& clock : clocks_) {
            for (const MemoryAccess& access : clock.accesses()) {
                accesses.push_back(&access);
            }
        }
        std::stable_sort(accesses.begin(), accesses.end(), [](const auto* a, const auto* b) {
            return std::make_pair(a->phase, a->start) < std::make_pair(b->phase, b->start);
        });
        return accesses;
    }

    std::vector<MemoryTime> TimeMemory(size_t phases)
    {
        L2Cache& cache = cache_ != nullptr ? *cache_ : own_cache_;
        cache.BeginLaunch();
        std::vector<Traffic> traffic(phases);
        for (const MemoryAccess* access : OrderedAccesses()) {
            Add(*access, cache, traffic[access->phase]);
        }
        // Writes stay in the cache if everything that is kept there fits.
        const bool fits = cache.footprint() <= profile_.l2_bytes;
        std::vector<MemoryTime> times;
        for (const Traffic& phase : traffic) {
            const uint64_t written_through = fits ? phase.writes_past_l2 : phase.writes;
            const double weighted =
                phase.weighted_reads + (fits ? phase.bypassing_writes : phase.weighted_writes);
            const uint64_t hbm = phase.read_misses + written_through;
            const uint64_t l2 = phase.read_hits + phase.writes - written_through;
            report_.bytes_read += phase.read_misses + phase.read_hits;
            report_.bytes_written += phase.writes;
            report_.hbm_bytes += hbm;
            report_.l2_bytes += l2;
            times.push_back({weighted / profile_.hbm_rate, static_cast<double>(l2) / profile_.l2_rate});
        }
        return times;
    }

    void Add(const MemoryAccess& access, L2Cache& cache, Traffic& traffic) const
    {
        const uint64_t bytes = access.burst_bytes * access.bursts;
        if (bytes == 0) {
            return;
        }
        const uint64_t hit = Touch(access, cache);
        const double efficiency = profile_.Efficiency(access.bursts, access.burst_bytes);
        if (!access.writes) {
            traffic.read_hits += hit;
            traffic.read_misses += bytes - hit;
            traffic.weighted_reads += static_cast<double>(bytes - hit) / efficiency;
            return;
        }
        const double weighted = static_cast<double>(bytes) / efficiency;
        traffic.writes += bytes;
        traffic.weighted_writes += weighted;
        if (!access.allocates) {
            traffic.writes_past_l2 += bytes;
            traffic.bypassing_writes += weighted;
        }
    }

    // Touches every burst; bursts side by side at once.
    static uint64_t Touch(const MemoryAccess& access, L2Cache& cache)
    {
        if (access.bursts == 1 || access.stride == static_cast<ptrdiff_t>(access.burst_bytes)) {
            return cache.Touch(access.address, access.address + access.burst_bytes * access.bursts,
                               access.allocates);
        }
        uint64_t hit = 0;
        for (uint32_t burst = 0; burst < access.bursts; ++burst) {
            const uintptr_t begin = access.address + static_cast<uintptr_t>(burst * access.stride);
            hit += cache.Touch(begin, begin + access.burst_bytes, access.allocates);
        }
        return hit;
    }

    TimingProfile profile_;
    TimingReport& report_;
    L2Cache own_cache_;
    L2Cache* cache_;  // shared with other launches, or null
    std::vector<BlockClock> clocks_;
    std::vector<std::vector<double>> starts_;  // of each block in each phase
};

}  // namespace

std::unique_ptr<Observer> MakeTiming(const Platform& platform, TimingReport& report, L2Cache* cache)
{
    return std::make_unique<Timing>(platform, report, cache);
}

}  // namespace ascend_sim
