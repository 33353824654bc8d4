// SPDX-License-Identifier: Apache-2.0
// The C face of the launch interface, for ctypes and the like.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../checks/checks.h"
#include "../fusion/programs.h"
#include "../timing/report.h"
#include "../timing/session.h"
#include "c_error.h"
#include "launch.h"
#include "thread_pool.h"

struct AscendSimTiming {
    std::unique_ptr<ascend_sim::TimingReport> report;
    std::string json;
};

namespace ascend_sim {

std::string& LastError()
{
    static thread_local std::string error;
    return error;
}

}  // namespace ascend_sim

namespace {

thread_local std::string last_findings;
thread_local std::unique_ptr<AscendSimTiming> last_timing;

std::unique_ptr<AscendSimTiming> MakeTiming(std::unique_ptr<ascend_sim::TimingReport> report)
{
    std::string json = ascend_sim::ToJson(*report);
    return std::unique_ptr<AscendSimTiming>(new AscendSimTiming{std::move(report), std::move(json)});
}

// Sets last_timing if there is no finding.
std::vector<ascend_sim::Finding> LaunchTimed(void* entry,
                                             const std::vector<ascend_sim::KernelArgument>& arguments,
                                             ascend_sim::LaunchOptions options)
{
    auto report = std::make_unique<ascend_sim::TimingReport>();
    options.timing = report.get();
    const auto session = ascend_sim::CurrentTimingSession();
    std::vector<ascend_sim::Finding> findings = session != nullptr && &session->platform() == options.platform
                                                    ? session->Launch(entry, arguments, options)
                                                    : ascend_sim::Launch(entry, arguments, options);
    if (findings.empty()) {
        last_timing = MakeTiming(std::move(report));
    }
    return findings;
}

}  // namespace

const char* ascend_sim_last_error()
{
    return ascend_sim::LastError().c_str();
}

const char* ascend_sim_check_names()
{
    static const std::string names = ascend_sim::CheckNames();
    return names.c_str();
}

int ascend_sim_set_checks(const char* checks)
{
    return ascend_sim::Guarded([&] {
        ascend_sim::SetChecks(checks);
        return 0;
    });
}

int ascend_sim_set_soc(const char* name)
{
    return ascend_sim::Guarded([&] {
        ascend_sim::SetCurrentPlatform(name);
        return 0;
    });
}

const char* ascend_sim_get_soc()
{
    return ascend_sim::CurrentPlatform().name.c_str();
}

void ascend_sim_set_threads(uint32_t threads)
{
    ascend_sim::SetHardwareThreads(threads);
}

AscendSimThreadTeam ascend_sim_use_thread_team(AscendSimThreadTeam team)
{
    return ascend_sim::UseThreadTeam(team);
}

int ascend_sim_get_platform(const char* name, uint32_t* vector_cores, uint64_t* ub_size)
{
    return ascend_sim::Guarded([&] {
        const ascend_sim::Platform& platform = ascend_sim::GetPlatform(name);
        *vector_cores = platform.vector_cores;
        *ub_size = platform.ub_size;
        return 0;
    });
}

int ascend_sim_launch(const AscendSimLaunch* launch)
{
    return ascend_sim::Guarded([&] {
        std::vector<ascend_sim::KernelArgument> arguments(launch->argument_count);
        for (uint32_t i = 0; i < launch->argument_count; ++i) {
            arguments[i] = {launch->names[i], launch->data[i], static_cast<size_t>(launch->bytes[i])};
            if (launch->roles != nullptr) {
                arguments[i].role = static_cast<ascend_sim::ArgumentRole>(launch->roles[i]);
            }
        }
        ascend_sim::LaunchOptions options;
        options.kernel = launch->kernel;
        options.block_dim = launch->block_dim;
        options.tiling_key = launch->tiling_key;
        options.platform = &ascend_sim::GetPlatform(launch->soc);
        options.checked = launch->checked != 0;
        options.checks = launch->checks;
        options.blocks.assign(launch->blocks, launch->blocks + launch->block_count);
        options.break_on_finding = launch->break_on_finding != 0;
        options.threads = launch->threads;
        options.auto_sync = launch->auto_sync != 0;
        options.schedule_mode = launch->schedule_mode;
        if (launch->schedule != nullptr) {
            options.schedule = ascend_sim::ParseSchedule(launch->schedule);
        }
        options.seed = launch->seed;
        last_timing.reset();
        const std::vector<ascend_sim::Finding> findings =
            launch->timing == 0 ? ascend_sim::Launch(launch->entry, arguments, options)
                                : LaunchTimed(launch->entry, arguments, options);
        last_findings = ascend_sim::ToJson(findings);
        return static_cast<int>(findings.size());
    });
}

const char* ascend_sim_findings_json()
{
    return last_findings.c_str();
}

AscendSimTiming* ascend_sim_take_timing()
{
    return last_timing.release();
}

int ascend_sim_begin_timing()
{
    return ascend_sim::Guarded([] {
        ascend_sim::BeginTimingSession();
        return 0;
    });
}

int ascend_sim_end_timing()
{
    const auto session = ascend_sim::CurrentTimingSession();
    ascend_sim::EndTimingSession();
    return session == nullptr ? 0 : static_cast<int>(session->SkippedSteps());
}

AscendSimTiming* ascend_sim_next_timing()
{
    const auto session = ascend_sim::CurrentTimingSession();
    auto report = session == nullptr ? nullptr : session->TakeReport();
    return report == nullptr ? nullptr : MakeTiming(std::move(report)).release();
}

void ascend_sim_free_timing(AscendSimTiming* timing)
{
    delete timing;
}

const char* ascend_sim_timing_json(const AscendSimTiming* timing)
{
    return timing->json.c_str();
}

int ascend_sim_save_trace(const AscendSimTiming* timing, const char* path)
{
    return ascend_sim::Guarded([&] {
        ascend_sim::WriteTrace(*timing->report, path);
        return 0;
    });
}

int ascend_sim_load_programs(const char* path)
{
    return ascend_sim::Guarded([&] {
        ascend_sim::LoadPrograms(path);
        return 0;
    });
}
