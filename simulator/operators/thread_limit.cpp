// SPDX-License-Identifier: Apache-2.0
#include "thread_limit.h"

#include <utility>

#include "../core/platform.h"

namespace ascend_sim {

namespace {

thread_local uint32_t thread_limit = 0;

}  // namespace

uint32_t ThreadLimit()
{
    return thread_limit;
}

uint32_t VectorCores(const Platform& platform)
{
    if (thread_limit == 0 || thread_limit >= platform.vector_cores) {
        return platform.vector_cores;
    }
    return platform.values.at("SoCInfo.vector_core_cnt") == "auto" ? thread_limit : platform.vector_cores;
}

}  // namespace ascend_sim

uint32_t ascend_sim_limit_threads(uint32_t threads)
{
    return std::exchange(ascend_sim::thread_limit, threads);
}
