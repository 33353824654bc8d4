// SPDX-License-Identifier: Apache-2.0
// The timing model: an observer that changes nothing and says how long the launch would take.
#pragma once

#include <memory>

#include "../core/observer.h"
#include "../core/platform.h"
#include "l2_cache.h"
#include "report.h"

namespace ascend_sim {

// Fills `report` when the launch has ended. `cache` holds what earlier launches have left in it; null: the
// launch finds it cold. Throws std::invalid_argument if nothing is timed on the platform.
std::unique_ptr<Observer> MakeTiming(const Platform& platform, TimingReport& report, L2Cache* cache);

}  // namespace ascend_sim
