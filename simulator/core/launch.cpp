// SPDX-License-Identifier: Apache-2.0
#include "launch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "../checks/checks.h"
#include "../timing/timing.h"
#include "floating_point.h"
#include "launch_state.h"
#include "thread_pool.h"

namespace ascend_sim {

namespace {

constexpr size_t kMaxArguments = 64;

template <size_t>
using Pointer = void*;

template <size_t... indices>
void CallWith(void* entry, void* const* pointers, std::index_sequence<indices...>)
{
    reinterpret_cast<void (*)(Pointer<indices>...)>(entry)(pointers[indices]...);
}

template <size_t count>
void CallWithCount(void* entry, void* const* pointers)
{
    CallWith(entry, pointers, std::make_index_sequence<count>());
}

using Caller = void (*)(void*, void* const*);

template <size_t... counts>
constexpr std::array<Caller, sizeof...(counts)> MakeCallers(std::index_sequence<counts...>)
{
    return {&CallWithCount<counts>...};
}

// How to call an entry of 0, 1, ... kMaxArguments parameters.
constexpr auto kCallers = MakeCallers(std::make_index_sequence<kMaxArguments + 1>());

// Runs one block and turns whatever it throws into a finding.
void RunBlock(LaunchState& launch, uint32_t index, void* entry, const std::vector<void*>& pointers)
{
    const DefaultFloatingPoint environment;
    const auto stop = [&](Finding finding) {
        launch.Add(std::move(finding));
        launch.Stop();
    };
    const auto threw = [&](const std::string& message) {
        Finding finding;
        finding.code = "exception";
        finding.message = message;
        finding.kernel = launch.options().kernel;
        finding.block = index;
        finding.block_dim = launch.options().block_dim;
        finding.stops = true;
        stop(std::move(finding));
    };
    try {
        BlockScope scope(launch, index);
        launch.Show(&Observer::OnBlockStart, scope.core());
        kCallers[pointers.size()](entry, pointers.data());
        scope.Finish();
        launch.Show(&Observer::OnBlockEnd, scope.core());
    } catch (const LaunchStopped&) {
        launch.Stop();
    } catch (const FindingError& error) {
        stop(error.finding());
    } catch (const std::exception& error) {
        threw(std::string("the kernel threw a C++ exception: ") + error.what());
    } catch (...) {
        threw("the kernel threw something that is not a std::exception");
    }
    launch.BlockEnded();
}

void CheckOptions(void* entry, const std::vector<KernelArgument>& arguments, const LaunchOptions& options)
{
    if (entry == nullptr) {
        throw std::invalid_argument("kernel " + options.kernel + ": the entry is null");
    }
    if (arguments.size() > kMaxArguments) {
        throw std::invalid_argument("kernel " + options.kernel + " has " + std::to_string(arguments.size()) +
                                    " parameters; at most " + std::to_string(kMaxArguments) +
                                    " can be passed");
    }
    if (options.block_dim == 0) {
        throw std::invalid_argument("kernel " + options.kernel +
                                    ": block_dim is 0; launch at least one block");
    }
    if (options.timing != nullptr && !options.checked) {
        throw std::invalid_argument("kernel " + options.kernel +
                                    " is to be timed, which takes its checked build; switch the checks on");
    }
}

std::vector<std::unique_ptr<Observer>> MakeObservers(const LaunchOptions& options, const Platform& platform)
{
    std::vector<std::unique_ptr<Observer>> observers;
    if (options.checked && options.checks) {
        observers = MakeAllChecks();
    }
    if (options.timing != nullptr) {
        observers.push_back(MakeTiming(platform, *options.timing, options.l2_cache));
    }
    return observers;
}

std::atomic<int> checks_setting{-1};  // -1: ask the environment

bool ParseChecks(const std::string& checks)
{
    if (checks != "all" && checks != "none") {
        throw std::invalid_argument("checks is \"" + checks + "\"; use \"all\" or \"none\"");
    }
    return checks == "all";
}

}  // namespace

bool IsWorkspace(const KernelArgument& argument)
{
    if (argument.role != ArgumentRole::kUnspecified) {
        return argument.role == ArgumentRole::kWorkspace;
    }
    std::string name = argument.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name.find("workspace") != std::string::npos;
}

std::vector<Finding> Launch(void* entry, const std::vector<KernelArgument>& arguments,
                            const LaunchOptions& options)
{
    CheckOptions(entry, arguments, options);
    const Platform& platform = options.platform != nullptr ? *options.platform : CurrentPlatform();
    std::vector<void*> pointers;
    pointers.reserve(arguments.size());
    for (const KernelArgument& argument : arguments) {
        pointers.push_back(argument.data);
    }

    LaunchState launch(arguments, options, platform, MakeObservers(options, platform));
    launch.Show(&Observer::OnLaunch, launch);
    if (options.block_dim == 1) {
        RunBlock(launch, 0, entry, pointers);
    } else {
        const auto job = std::make_shared<ParallelJob>(
            options.block_dim, [&](uint32_t index) { RunBlock(launch, index, entry, pointers); });
        launch.on_wait = [&job] { job->BeforeWait(); };
        job->Run(options.threads != 0 ? options.threads : HardwareThreads());
    }
    launch.Show(&Observer::OnLaunchEnd, launch);

    return launch.TakeFindings();
}

bool ChecksEnabled()
{
    const int setting = checks_setting.load(std::memory_order_relaxed);
    if (setting >= 0) {
        return setting != 0;
    }
    const char* checks = std::getenv("ASCEND_SIM_CHECKS");
    return checks != nullptr && ParseChecks(checks);
}

void SetChecks(const std::string& checks)
{
    checks_setting.store(ParseChecks(checks) ? 1 : 0, std::memory_order_relaxed);
}

}  // namespace ascend_sim
