// SPDX-License-Identifier: Apache-2.0
// The checks there are. Each is one observer in a file of its own.
#pragma once

#include <memory>
#include <string>
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
std::unique_ptr<Observer> MakeRaceCheck();
std::unique_ptr<Observer> MakeCoreRaceCheck();
std::unique_ptr<Observer> MakeResultsCheck();
std::unique_ptr<Observer> MakeSyncAllCheck();
std::unique_ptr<Observer> MakeUninitialisedCheck();

// What watches a launch: "all", "none", or names of checks with commas between them ("bounds"
// comes with each of them). Throws std::invalid_argument, naming the checks there are, if there is none of a
// name.
std::vector<std::unique_ptr<Observer>> MakeChecks(const std::string& names);

// The names of all checks, with commas between them.
std::string CheckNames();

}  // namespace ascend_sim
