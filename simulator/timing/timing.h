// SPDX-License-Identifier: Apache-2.0
// The timing model: an observer that changes nothing and says how long the launch would take.
#pragma once

#include <memory>

#include "../core/observer.h"
#include "../core/platform.h"
#include "report.h"

namespace ascend_sim {

// Fills `report` when the launch has ended. Throws std::invalid_argument if nothing is timed on the platform.
std::unique_ptr<Observer> MakeTiming(const Platform& platform, TimingReport& report);

}  // namespace ascend_sim
