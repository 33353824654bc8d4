// SPDX-License-Identifier: Apache-2.0
#include "timing_profile.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace ascend_sim {

namespace {

constexpr double kNanosecond = 1e-3;
constexpr double kGigabytePerSecond = 1e3;
const std::string kVectorSection = "TimingVector.";

double Number(const Platform& platform, const std::string& key)
{
    const auto found = platform.values.find(key);
    if (found == platform.values.end()) {
        throw std::invalid_argument("SoC profile " + platform.name + ".ini lacks the key " + key +
                                    ", so nothing can be timed on it; choose another SoC, such as "
                                    "Ascend910B1, or add its [Timing] section");
    }
    std::istringstream text(found->second);
    double value = 0;
    if (!(text >> value)) {
        throw std::invalid_argument("SoC profile " + platform.name + ".ini: " + key + "=" + found->second +
                                    " is not a number");
    }
    return value;
}

VectorCost ParseCost(const Platform& platform, const std::string& key, const std::string& text)
{
    std::istringstream stream(text);
    VectorCost cost;
    if (!(stream >> cost.head >> cost.slope)) {
        throw std::invalid_argument("SoC profile " + platform.name + ".ini: " + key + "=" + text +
                                    " is not <head> <slope> [<slope with bank conflicts>]");
    }
    if (!(stream >> cost.conflict_slope)) {
        cost.conflict_slope = cost.slope;
    }
    return cost;
}

// The table of costs, which SoCs of one architecture share: `vector_costs` names the profile that has it.
std::map<std::string, VectorCost> ReadVectorCosts(const Platform& platform)
{
    std::map<std::string, VectorCost> costs;
    const auto source = platform.values.find("Timing.vector_costs");
    if (source == platform.values.end()) {
        return costs;
    }
    const Platform& owner = source->second == platform.name ? platform : GetPlatform(source->second);
    for (const auto& [key, text] : owner.values) {
        if (key.compare(0, kVectorSection.size(), kVectorSection) == 0) {
            costs[key.substr(kVectorSection.size())] = ParseCost(owner, key, text);
        }
    }
    if (costs.count("others") == 0) {
        throw std::invalid_argument("SoC profile " + owner.name + ".ini lacks the key " + kVectorSection +
                                    "others, the cost of instructions that have no key of their own");
    }
    return costs;
}

}  // namespace

TimingProfile::TimingProfile(const Platform& platform)
{
    const auto timing = [&](const char* key) { return Number(platform, std::string("Timing.") + key); };
    cores = platform.vector_cores;
    cycle = 1 / platform.clock_mhz;
    copy_issue = timing("copy_issue_cycles") * cycle;
    launch = timing("launch_us");
    launch_per_core = timing("launch_us_per_core");
    prologue_per_core = timing("prologue_us_per_core");
    copy_in_latency = timing("copy_in_latency_ns") * kNanosecond;
    copy_in_rate = timing("copy_in_gb_per_s") * kGigabytePerSecond;
    copy_out_rate = timing("copy_out_gb_per_s") * kGigabytePerSecond;
    scalar = timing("scalar_cycles") * cycle;
    hbm_rate = timing("hbm_gb_per_s") * kGigabytePerSecond;
    l2_rate = timing("l2_gb_per_s") * kGigabytePerSecond;
    l2_bytes = platform.l2_size;
    burst_overhead = timing("burst_overhead_bytes");
    copy_overhead = timing("copy_overhead_bytes");
    copy_overhead_from = timing("copy_overhead_from_bytes");
    memory_block = static_cast<uint64_t>(Number(platform, "AICoreSpec.ubblock_size"));
    repeat_bytes = static_cast<uint64_t>(timing("repeat_bytes"));
    bank_span = memory_block * static_cast<uint64_t>(Number(platform, "AICoreSpec.ubbank_group_num"));
    trusted_from = timing("trusted_from_us");
    trusted_percent = timing("trusted_percent");
    rough_from = timing("rough_from_us");
    rough_percent = timing("rough_percent");
    vector_ = ReadVectorCosts(platform);
    knows_vector = !vector_.empty();
}

VectorCost TimingProfile::CostOf(const std::string& instruction, uint32_t element_bytes) const
{
    if (!knows_vector) {
        return {};
    }
    auto found = vector_.find(instruction + "." + std::to_string(element_bytes));
    if (found == vector_.end()) {
        found = vector_.find(instruction);
    }
    return found != vector_.end() ? found->second : vector_.at("others");
}

double TimingProfile::Efficiency(uint32_t bursts, uint64_t burst_bytes) const
{
    const double bytes = static_cast<double>(burst_bytes);
    const double of_bursts = bytes / (bytes + burst_overhead);
    if (bursts > 1) {
        return of_bursts;
    }
    // Below this size a plain copy is held up by its issue, which is the cores' affair and not the memory's.
    const double plain = std::max(bytes, copy_overhead_from);
    return std::min(of_bursts, plain / (plain + copy_overhead));
}

}  // namespace ascend_sim
