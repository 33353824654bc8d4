// SPDX-License-Identifier: Apache-2.0
// sync-all-blocks, sync-all-kernel-type, sync-all-schedule-mode: what SyncAll needs on a device, and a host
// forgives. The host itself, as a SoC, needs none of it.
#include <cstring>
#include <string>

#include "../core/launch_state.h"
#include "checks.h"

namespace ascend_sim {

namespace {

class SyncAllCheck : public Observer {
    void OnLaunch(const LaunchState& launch) override { blocks_.resize(launch.options().block_dim); }

    void OnSyncAll(const Core& core, const SyncAllEvent& event) override
    {
        const LaunchOptions& options = core.launch().options();
        const Platform& platform = core.launch().platform();
        if (platform.name == "Host" || options.block_dim == 1) {
            return;
        }
        if (options.block_dim > platform.vector_cores) {
            core.Report("sync-all-blocks",
                        "SyncAll in a launch of " + std::to_string(options.block_dim) + " blocks on " +
                            platform.name + ", which has " + std::to_string(platform.vector_cores) +
                            " vector cores",
                        event.where);
        }
        const bool in_hardware = event.participants == 0;
        if (in_hardware) {
            Where& first = blocks_[core.block().index];
            first = first.line == 0 ? event.where : first;
        }
        if (in_hardware && options.schedule_mode >= 0 && options.schedule_mode != 1) {
            core.Report("sync-all-schedule-mode",
                        "SyncAll in a launch whose tiling has set the schedule mode to " +
                            std::to_string(options.schedule_mode),
                        event.where);
        }
    }

    // By now the kernel has said of what type it is.
    void OnBlockEnd(const Core& core) override
    {
        const Where first = blocks_[core.block().index];
        const std::string type = core.kernel_type();
        if (first.line != 0 && (type == "KERNEL_TYPE_AIV_ONLY" || type == "KERNEL_TYPE_AIC_ONLY")) {
            core.Report("sync-all-kernel-type", "SyncAll in a kernel of type " + type, first);
        }
    }

    std::vector<Where> blocks_;  // the first SyncAll in hardware
};

}  // namespace

std::unique_ptr<Observer> MakeSyncAllCheck()
{
    return std::make_unique<SyncAllCheck>();
}

}  // namespace ascend_sim
