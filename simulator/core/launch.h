// SPDX-License-Identifier: Apache-2.0
// Launching a kernel: one function call per block, on a thread pool.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "export.h"
#include "finding.h"
#include "platform.h"

namespace ascend_sim {

class L2Cache;
struct TimingReport;

// What an argument is to the kernel, where the caller says so.
enum class ArgumentRole : uint8_t {
    kUnspecified,
    kInput,      // written before the launch
    kOutput,     // a result: the launch has to write all of it
    kWorkspace,  // holds whatever was there before
};

// One GM parameter of a kernel. `data` is null for an absent optional input.
struct KernelArgument {
    std::string name;
    void* data = nullptr;
    size_t bytes = 0;
    ArgumentRole role = ArgumentRole::kUnspecified;
};

// Whether the argument begins undefined: its role, or its name where the caller did not say.
ASCEND_SIM_EXPORT bool IsWorkspace(const KernelArgument& argument);

// When instructions take effect, and in which order blocks run.
enum class Schedule : uint8_t {
    kProgram,      // as issued; blocks side by side
    kAdversarial,  // as bad as is legal (pipe_schedule.h); blocks one at a time (block_turns.h)
};
// "program" or "adversarial"; throws std::invalid_argument otherwise.
ASCEND_SIM_EXPORT Schedule ParseSchedule(const std::string& name);

struct LaunchOptions {
    std::string kernel;  // the name that findings show
    uint32_t block_dim = 1;
    uint64_t tiling_key = 0;
    const Platform* platform = nullptr;  // null: CurrentPlatform()
    bool checked = false;  // whether `entry` was built with ASCEND_SIM_CHECKED, so that it can be watched
    std::string checks = "all";  // what watches it, then; MakeChecks() says what there is
    uint32_t threads = 0;        // blocks that run at once; 0: as many as the machine has threads
    // Not empty: only these blocks run, to look at them alone. None may wait for another in SyncAll.
    std::vector<uint32_t> blocks;
    // Stop in the debugger, if there is one, where a finding is made for the first time.
    bool break_on_finding = false;
    // Whether the kernel counts as compiled with --cce-auto-sync=on, CANN's default: the compiler then orders
    // vector instructions among themselves, and the scalar unit with every other pipe, where they share data.
    bool auto_sync = true;
    Schedule schedule = Schedule::kProgram;  // the adversarial one needs `checked`
    uint64_t seed = 0;                       // of the adversarial schedule
    // What the tiling gave to SetScheduleMode; -1 for a launch without a tiling function.
    int32_t schedule_mode = -1;
    // Not null: filled with modelled times if there is no finding; needs `checked`.
    TimingReport* timing = nullptr;
    L2Cache* l2_cache = nullptr;  // the cache that timed launches share; null: cold
};

// The environment has a say in every launch: ASCEND_SIM_BLOCKS=3,5 and ASCEND_SIM_BREAK_ON_FINDING=1 stand in
// for `blocks` and `break_on_finding`, and ASCEND_SIM_REPORT=path appends findings to that file, each as a
// line of JSON.
//
// Runs `entry` (an extern "C" function of pointers only) once per block and returns when all blocks have
// ended. Arguments come in CANN's order: inputs, outputs, workspace, tiling. A finding that a block cannot go
// on from ends that block, and those that wait for it; the results are then unfinished.
ASCEND_SIM_EXPORT std::vector<Finding> Launch(void* entry, const std::vector<KernelArgument>& arguments,
                                              const LaunchOptions& options);

// Sets schedule, seed and auto_sync from ASCEND_SIM_SCHEDULE, ASCEND_SIM_SEED and ASCEND_SIM_AUTO_SYNC (on or
// off), where they are set, for launches made by the ACL runtime.
ASCEND_SIM_EXPORT void ScheduleFromEnvironment(LaunchOptions& options);

// What watches the launches that the ACL runtime makes, as LaunchOptions::checks: ASCEND_SIM_FORCE_CHECKS,
// else what SetChecks() was given, else ASCEND_SIM_CHECKS, else "none".
ASCEND_SIM_EXPORT std::string CurrentChecks();
// Throws std::invalid_argument, naming the checks there are, if there is none of a name.
ASCEND_SIM_EXPORT void SetChecks(const std::string& checks);

}  // namespace ascend_sim

// The same for other languages. Functions return -1 on failure; ascend_sim_last_error() then has the text, on
// the same thread.
extern "C" {

typedef struct AscendSimLaunch {
    void* entry;
    const char* kernel;
    const char* const* names;  // of the arguments; likewise data and bytes
    void* const* data;
    const uint64_t* bytes;
    uint32_t argument_count;
    uint32_t block_dim;
    uint64_t tiling_key;
    const char* soc;
    int32_t checked;     // whether `entry` is the checked build
    const char* checks;  // LaunchOptions::checks
    uint32_t threads;
    // Not 0: model the launch's time, for ascend_sim_take_timing(); needs `checked`. Between
    // ascend_sim_begin_timing() and ascend_sim_end_timing() it shares the L2 cache of the others there.
    int32_t timing;
    int32_t auto_sync;       // not 0: LaunchOptions::auto_sync
    const int32_t* roles;    // of the arguments, as ArgumentRole numbers them; may be null
    const uint32_t* blocks;  // LaunchOptions::blocks
    uint32_t block_count;    // how many these are
    int32_t break_on_finding;
    const char* schedule;  // as ParseSchedule() takes it; null: program
    uint64_t seed;
    int32_t schedule_mode;  // LaunchOptions::schedule_mode
} AscendSimLaunch;

ASCEND_SIM_EXPORT const char* ascend_sim_last_error();
// Returns the number of findings.
ASCEND_SIM_EXPORT int ascend_sim_launch(const AscendSimLaunch* launch);
// The findings of the last ascend_sim_launch() on this thread, as a JSON array of what ToJson() writes; lives
// until the next launch.
ASCEND_SIM_EXPORT const char* ascend_sim_findings_json();
// What the timing model says of the last ascend_sim_launch() on this thread that asked for it; null if there
// was none, or it had findings. The caller frees it.
typedef struct AscendSimTiming AscendSimTiming;
ASCEND_SIM_EXPORT AscendSimTiming* ascend_sim_take_timing(void);
// From now on the launches that the ACL runtime makes on the current SoC are timed, until
// ascend_sim_end_timing(); that returns how many steps had no kernel, and so no time.
ASCEND_SIM_EXPORT int ascend_sim_begin_timing(void);
ASCEND_SIM_EXPORT int ascend_sim_end_timing(void);
// The oldest of these launches that has not been taken yet; null if there is none. The caller frees it.
ASCEND_SIM_EXPORT AscendSimTiming* ascend_sim_next_timing(void);
ASCEND_SIM_EXPORT void ascend_sim_free_timing(AscendSimTiming* timing);
// A JSON object; lives as long as `timing`.
ASCEND_SIM_EXPORT const char* ascend_sim_timing_json(const AscendSimTiming* timing);
// Writes a trace in Chrome's format.
ASCEND_SIM_EXPORT int ascend_sim_save_trace(const AscendSimTiming* timing, const char* path);
ASCEND_SIM_EXPORT int ascend_sim_get_platform(const char* name, uint32_t* vector_cores, uint64_t* ub_size);
// The names of the checks, with commas between them; lives for ever.
ASCEND_SIM_EXPORT const char* ascend_sim_check_names(void);
ASCEND_SIM_EXPORT int ascend_sim_set_checks(const char* checks);
ASCEND_SIM_EXPORT int ascend_sim_set_soc(const char* name);
// The name of the current SoC; lives for ever.
ASCEND_SIM_EXPORT const char* ascend_sim_get_soc(void);
// How many threads the machine counts as having, whatever OMP_NUM_THREADS says; 0 for all it has. Before the
// first launch.
ASCEND_SIM_EXPORT void ascend_sim_set_threads(uint32_t threads);
// From now on the launches of the calling thread are helped by these threads (thread_pool.h says what a team
// has to do); null: by the simulator's own. Returns what held before.
typedef void (*AscendSimThreadTeam)(uint32_t threads, void (*body)(void* context), void* context);
ASCEND_SIM_EXPORT AscendSimThreadTeam ascend_sim_use_thread_team(AscendSimThreadTeam team);

// Lets calls that write_programs has written programs for run by these (fusion/programs.h).
ASCEND_SIM_EXPORT int ascend_sim_load_programs(const char* path);

}  // extern "C"
