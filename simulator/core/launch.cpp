// SPDX-License-Identifier: Apache-2.0
#include "launch.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "../checks/checks.h"
#include "../timing/timing.h"
#include "floating_point.h"
#include "launch_state.h"
#include "separate_arguments.h"
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
void RunBlock(LaunchState& launch, uint32_t position, void* entry, const std::vector<void*>& pointers)
{
    const uint32_t index = launch.StartBlock(position);
    const DefaultFloatingPoint environment;
    const auto threw = [&](const std::string& message) {
        Finding finding;
        finding.code = "exception";
        finding.message = message;
        finding.kernel = launch.options().kernel;
        finding.block = index;
        finding.block_dim = launch.options().block_dim;
        finding.stops = true;
        launch.Add(std::move(finding));
        launch.Stop();
    };
    try {
        BlockScope scope(launch, index);
        launch.Show(&Observer::OnBlockStart, scope.core());
        kCallers[pointers.size()](entry, pointers.data());
        scope.Returned();
        launch.Show(&Observer::OnBlockEnd, scope.core());
        scope.Finish();
    } catch (const LaunchStopped&) {
        launch.Stop();
    } catch (const std::exception& error) {
        threw(std::string("the kernel threw a C++ exception: ") + error.what());
    } catch (...) {
        threw("the kernel threw something that is not a std::exception");
    }
    launch.BlockEnded(index);
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
    for (const uint32_t block : options.blocks) {
        if (block >= options.block_dim) {
            throw std::invalid_argument("kernel " + options.kernel + " has no block " +
                                        std::to_string(block) + ": block_dim is " +
                                        std::to_string(options.block_dim));
        }
    }
    if (options.schedule != Schedule::kProgram && !options.checked) {
        throw std::invalid_argument("kernel " + options.kernel +
                                    " is to run in the adversarial schedule, which takes its checked build");
    }
    if (options.timing != nullptr && !options.checked) {
        throw std::invalid_argument("kernel " + options.kernel +
                                    " is to be timed, which takes its checked build; switch the checks on");
    }
}

std::vector<std::unique_ptr<Observer>> MakeObservers(const LaunchOptions& options, const Platform& platform)
{
    std::vector<std::unique_ptr<Observer>> observers;
    if (options.checked) {
        observers = MakeChecks(options.checks);
    }
    if (options.timing != nullptr) {
        observers.push_back(MakeTiming(platform, *options.timing, options.l2_cache));
    }
    return observers;
}

std::mutex checks_mutex;
std::string checks_setting;  // empty: ask the environment; guarded by checks_mutex

// The options, and what the environment adds to them.
LaunchOptions WithEnvironment(LaunchOptions options)
{
    if (const char* blocks = std::getenv("ASCEND_SIM_BLOCKS"); blocks != nullptr && options.blocks.empty()) {
        std::istringstream list(blocks);
        for (std::string number; std::getline(list, number, ',');) {
            char* end = nullptr;
            options.blocks.push_back(static_cast<uint32_t>(std::strtoul(number.c_str(), &end, 10)));
            if (number.empty() || *end != '\0') {
                throw std::invalid_argument("ASCEND_SIM_BLOCKS is \"" + std::string(blocks) +
                                            "\"; give numbers of blocks with commas between them");
            }
        }
    }
    const char* break_on_finding = std::getenv("ASCEND_SIM_BREAK_ON_FINDING");
    if (break_on_finding != nullptr && std::string(break_on_finding) != "0") {
        options.break_on_finding = true;
    }
    return options;
}

// Appends to the file that ASCEND_SIM_REPORT names, in one write, for processes may share it.
void AppendToReport(const std::vector<Finding>& findings)
{
    if (findings.empty()) {
        return;
    }
    const char* path = std::getenv("ASCEND_SIM_REPORT");
    if (path == nullptr) {
        return;
    }
    std::string lines;
    for (const Finding& finding : findings) {
        lines += ToJson(finding) + "\n";
    }
    std::FILE* file = std::fopen(path, "a");
    if (file == nullptr || std::fwrite(lines.data(), 1, lines.size(), file) != lines.size()) {
        throw std::runtime_error("findings cannot be written to ASCEND_SIM_REPORT=" + std::string(path) +
                                 ": " + std::strerror(errno));
    }
    std::fclose(file);
}

// The value of an environment variable, or null if it is not set, or empty.
const char* Environment(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? nullptr : value;
}

}  // namespace

void ScheduleFromEnvironment(LaunchOptions& options)
{
    if (const char* schedule = Environment("ASCEND_SIM_SCHEDULE")) {
        options.schedule = ParseSchedule(schedule);
    }
    if (const char* seed = Environment("ASCEND_SIM_SEED")) {
        char* end = nullptr;
        options.seed = std::strtoull(seed, &end, 10);
        if (*end != '\0') {
            throw std::invalid_argument("ASCEND_SIM_SEED is \"" + std::string(seed) + "\"; use a number");
        }
    }
    if (const char* auto_sync = Environment("ASCEND_SIM_AUTO_SYNC")) {
        const std::string value = auto_sync;
        if (value != "on" && value != "off") {
            throw std::invalid_argument("ASCEND_SIM_AUTO_SYNC is \"" + value + "\"; use on or off");
        }
        options.auto_sync = value == "on";
    }
}

Schedule ParseSchedule(const std::string& name)
{
    if (name != "program" && name != "adversarial") {
        throw std::invalid_argument("the schedule is \"" + name + "\"; use \"program\" or \"adversarial\"");
    }
    return name == "program" ? Schedule::kProgram : Schedule::kAdversarial;
}

bool IsWorkspace(const KernelArgument& argument)
{
    if (argument.role != ArgumentRole::kUnspecified) {
        return argument.role == ArgumentRole::kWorkspace;
    }
    std::string name = argument.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name.find("workspace") != std::string::npos;
}

std::vector<Finding> Launch(void* entry, const std::vector<KernelArgument>& given, const LaunchOptions& asked)
{
    const LaunchOptions options = WithEnvironment(asked);
    CheckOptions(entry, given, options);
    // A cache that launches share knows arguments by their addresses, which are then left as they are.
    std::optional<SeparateArguments> separate;
    if (options.checked && options.l2_cache == nullptr) {
        separate.emplace(given);
    }
    const std::vector<KernelArgument>& arguments = separate ? separate->arguments() : given;
    const Platform& platform = options.platform != nullptr ? *options.platform : CurrentPlatform();
    std::vector<void*> pointers;
    pointers.reserve(arguments.size());
    for (const KernelArgument& argument : arguments) {
        pointers.push_back(argument.data);
    }

    LaunchState launch(arguments, options, platform, MakeObservers(options, platform));
    launch.Show(&Observer::OnLaunch, launch);
    const uint32_t count =
        options.blocks.empty() ? options.block_dim : static_cast<uint32_t>(options.blocks.size());
    const auto run = [&](uint32_t position) { RunBlock(launch, position, entry, pointers); };
    if (count == 1) {
        run(0);
    } else {
        const auto job = std::make_shared<ParallelJob>(count, run);
        launch.on_wait = [&job] { job->BeforeWait(); };
        const uint32_t threads = options.threads != 0 ? options.threads : HardwareThreads();
        job->Run(options.schedule == Schedule::kAdversarial ? 1 : threads);
    }
    launch.End();

    std::vector<Finding> findings = launch.TakeFindings();
    if (separate) {
        separate->Finish(findings);
    }
    AppendToReport(findings);
    return findings;
}

std::string CurrentChecks()
{
    const char* forced = std::getenv("ASCEND_SIM_FORCE_CHECKS");
    if (forced != nullptr && *forced != '\0') {
        return forced;
    }
    {
        const std::lock_guard<std::mutex> lock(checks_mutex);
        if (!checks_setting.empty()) {
            return checks_setting;
        }
    }
    const char* checks = std::getenv("ASCEND_SIM_CHECKS");
    return checks == nullptr || *checks == '\0' ? "none" : checks;
}

void SetChecks(const std::string& checks)
{
    (void)MakeChecks(checks);  // throws if it is not known
    const std::lock_guard<std::mutex> lock(checks_mutex);
    checks_setting = checks;
}

}  // namespace ascend_sim
