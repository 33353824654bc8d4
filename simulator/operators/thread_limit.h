// SPDX-License-Identifier: Apache-2.0
// How many threads a caller of aclnn functions wants at most; a framework has a setting of its own for that.
#pragma once

#include <cstdint>

#include "../core/export.h"

namespace ascend_sim {

struct Platform;

// Of the calling thread; 0 if it set none.
uint32_t ThreadLimit();

// The vector cores that tilings of the calling thread find on a chip: its own number, or, where that is the
// machine's number of threads (vector_core_cnt=auto), no more than the limit.
uint32_t VectorCores(const Platform& platform);

}  // namespace ascend_sim

// From now on the kernels that this thread prepares (the first phase of an aclnn function) run on `threads`
// threads at most, and not on more than without a limit; 0: no limit. Returns what held before.
extern "C" ASCEND_SIM_EXPORT uint32_t ascend_sim_limit_threads(uint32_t threads);
