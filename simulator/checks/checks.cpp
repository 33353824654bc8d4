// SPDX-License-Identifier: Apache-2.0
#include "checks.h"

namespace ascend_sim {

std::vector<std::unique_ptr<Observer>> MakeAllChecks()
{
    std::vector<std::unique_ptr<Observer>> checks;
    checks.push_back(MakeBoundsCheck());
    checks.push_back(MakeAlignmentCheck());
    checks.push_back(MakeQueueDisciplineCheck());
    checks.push_back(MakeQueueEventsCheck());
    checks.push_back(MakeQueueLeakCheck());
    checks.push_back(MakeFlagPairingCheck());
    checks.push_back(MakeOverlapCheck());
    checks.push_back(MakeUninitialisedCheck());
    return checks;
}

}  // namespace ascend_sim
