// SPDX-License-Identifier: Apache-2.0
// SoC profiles. A profile is data: simulator/platform_config/<name>.ini, with the keys of CANN's own files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "export.h"

namespace ascend_sim {

struct Platform {
    std::string name;        // SoC version, e.g. "Ascend910B1"
    std::string short_name;  // e.g. "Ascend910B"
    uint32_t vector_cores = 0;
    uint32_t cube_cores = 0;
    size_t ub_size = 0;  // bytes of unified buffer a kernel may use
    size_t l1_size = 0;
    size_t l2_size = 0;
    double clock_mhz = 0;
    double hbm_bytes_per_cycle = 0;  // per core, as the profile's ddr_rate
    double l2_bytes_per_cycle = 0;   // per core, as the profile's l2_rate
    // Every key of the profile as written, under "section.key".
    std::map<std::string, std::string> values;
};

// The profile of that name. Throws std::invalid_argument, naming the profiles there are, if there is none.
ASCEND_SIM_EXPORT const Platform& GetPlatform(const std::string& name);

// The profile of this thread's PlatformScope, else that named by SetCurrentPlatform, else by ASCEND_SIM_SOC,
// else "Host".
ASCEND_SIM_EXPORT const Platform& CurrentPlatform();
ASCEND_SIM_EXPORT void SetCurrentPlatform(const std::string& name);

// While it lives, its thread works for this profile: a tiling asks many times, and the answer costs a look
// into the environment.
class PlatformScope {
public:
    explicit PlatformScope(const Platform& platform);
    ~PlatformScope();
    PlatformScope(const PlatformScope&) = delete;
    PlatformScope& operator=(const PlatformScope&) = delete;

private:
    const Platform* outer_;
};

}  // namespace ascend_sim
