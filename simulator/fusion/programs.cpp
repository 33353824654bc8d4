// SPDX-License-Identifier: Apache-2.0
#include "programs.h"

#include <dlfcn.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "../lanes/lanes.h"
#include "sequence.h"

namespace ascend_sim {

namespace {

struct Known {
    Program program = nullptr;
    std::map<size_t, bool> sound;  // by the number of groups
};

// Leaked, because blocks may run until the process ends.
struct Registry {
    std::mutex mutex;
    std::unordered_map<std::string, Known> known;
    std::set<std::string> recorded;
};

Registry& GetRegistry()
{
    static Registry& registry = *new Registry;
    return registry;
}

std::atomic<uint32_t> version{0};

const char* PathOfRecord()
{
    static const char* const path = std::getenv("ASCEND_SIM_RECORD_CALLS");
    return path;
}

// In one write, for processes may share the file.
void Record(const char* path, const std::string& sequence)
{
    const std::string line = sequence + "\n";
    std::FILE* file = std::fopen(path, "a");
    if (file == nullptr || std::fwrite(line.data(), 1, line.size(), file) != line.size()) {
        const std::string reason = std::strerror(errno);
        if (file != nullptr) {
            std::fclose(file);
        }
        throw std::runtime_error(std::string("calls cannot be written to ASCEND_SIM_RECORD_CALLS=") + path +
                                 ": " + reason);
    }
    std::fclose(file);
}

}  // namespace

void LoadPrograms(const std::string& path)
{
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        throw std::runtime_error(path + " cannot be loaded: " + dlerror());
    }
    const std::string name = std::string("ascend_sim_programs_") + GetLanes().isa;
    const auto* entry = static_cast<const ProgramEntry*>(dlsym(library, name.c_str()));
    Registry& registry = GetRegistry();
    const std::lock_guard<std::mutex> lock(registry.mutex);
    for (; entry != nullptr && entry->sequence != nullptr; ++entry) {
        registry.known[entry->sequence].program = entry->program;
    }
    ++version;
}

Program FindProgram(Sequence sequence, size_t groups)
{
    static const bool leaves_calls_alone = [] {
        const char* fused = std::getenv("ASCEND_SIM_FUSED");
        return fused != nullptr && std::strcmp(fused, "0") == 0;
    }();
    if (leaves_calls_alone) {
        return nullptr;
    }
    Registry& registry = GetRegistry();
    const std::lock_guard<std::mutex> lock(registry.mutex);
    for (const bool descends : {false, true}) {
        sequence.descends = descends;
        const std::string text = ToText(sequence);
        if (RecordsCalls()) {
            if (registry.recorded.count(text) == 0) {
                if (!IsSound(sequence, groups)) {
                    continue;
                }
                Record(PathOfRecord(), text);
                registry.recorded.insert(text);
            }
            return nullptr;
        }
        const auto found = registry.known.find(text);
        if (found == registry.known.end()) {
            continue;
        }
        const auto [sound, is_new] = found->second.sound.emplace(groups, false);
        if (is_new) {
            sound->second = IsSound(sequence, groups);
        }
        if (sound->second) {
            return found->second.program;
        }
    }
    return nullptr;
}

bool RecordsCalls()
{
    return PathOfRecord() != nullptr && *PathOfRecord() != '\0';
}

uint32_t ProgramsVersion()
{
    return version.load(std::memory_order_acquire);
}

}  // namespace ascend_sim
