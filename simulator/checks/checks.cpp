// SPDX-License-Identifier: Apache-2.0
#include "checks.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace ascend_sim {

namespace {

struct Check {
    const char* name;
    std::unique_ptr<Observer> (*make)();
};

// In the order in which they look at an event: what is out of bounds is not executed, and has no other fault.
constexpr Check kChecks[] = {
    {"bounds", MakeBoundsCheck},         {"alignment", MakeAlignmentCheck},
    {"queue", MakeQueueDisciplineCheck}, {"event", MakeQueueEventsCheck},
    {"leak", MakeQueueLeakCheck},        {"flag", MakeFlagPairingCheck},
    {"overlap", MakeOverlapCheck},       {"race", MakeRaceCheck},
    {"core-race", MakeCoreRaceCheck},    {"results", MakeResultsCheck},
    {"sync-all", MakeSyncAllCheck},      {"uninitialised", MakeUninitialisedCheck},
};

std::vector<std::string> Split(const std::string& names)
{
    std::vector<std::string> parts;
    std::istringstream list(names);
    for (std::string name; std::getline(list, name, ',');) {
        parts.push_back(name);
    }
    return parts;
}

}  // namespace

std::vector<std::unique_ptr<Observer>> MakeChecks(const std::string& names)
{
    const std::vector<std::string> wanted = Split(names == "none" ? "" : names);
    for (const std::string& name : wanted) {
        const auto is = [&](const Check& check) { return name == check.name; };
        if (names != "all" && std::none_of(std::begin(kChecks), std::end(kChecks), is)) {
            throw std::invalid_argument("there is no check \"" + name +
                                        "\"; use \"all\", \"none\", or some of: " + CheckNames());
        }
    }
    std::vector<std::unique_ptr<Observer>> checks;
    for (const Check& check : kChecks) {
        // What is out of bounds may not be executed, so that check comes with every other.
        const bool always = check.make == MakeBoundsCheck && !wanted.empty();
        if (names == "all" || always || std::find(wanted.begin(), wanted.end(), check.name) != wanted.end()) {
            checks.push_back(check.make());
        }
    }
    return checks;
}

std::string CheckNames()
{
    std::string names;
    for (const Check& check : kChecks) {
        names += (names.empty() ? "" : ",") + std::string(check.name);
    }
    return names;
}

}  // namespace ascend_sim
