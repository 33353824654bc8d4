// SPDX-License-Identifier: Apache-2.0
// The checks there are. Each is one observer in a file of its own.
#pragma once

#include <memory>
#include <vector>

#include "../core/observer.h"

namespace ascend_sim {

std::unique_ptr<Observer> MakeBoundsCheck();
std::unique_ptr<Observer> MakeAlignmentCheck();
std::unique_ptr<Observer> MakeQueueDisciplineCheck();
std::unique_ptr<Observer> MakeQueueEventsCheck();
std::unique_ptr<Observer> MakeQueueLeakCheck();
std::unique_ptr<Observer> MakeFlagPairingCheck();
std::unique_ptr<Observer> MakeOverlapCheck();
std::unique_ptr<Observer> MakeUninitialisedCheck();

std::vector<std::unique_ptr<Observer>> MakeAllChecks();

}  // namespace ascend_sim
