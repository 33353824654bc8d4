// SPDX-License-Identifier: Apache-2.0
#include "platform.h"

#include <dirent.h>
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "thread_pool.h"

namespace ascend_sim {

namespace {

constexpr size_t kUnknownL2Cache = 1024 * 1024;

std::string DirectoryOfThisLibrary()
{
    Dl_info info;
    if (dladdr(reinterpret_cast<void*>(&DirectoryOfThisLibrary), &info) == 0) {
        return ".";
    }
    const std::string path = info.dli_fname;
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

// Where profiles are: $ASCEND_SIM_PLATFORM_CONFIG, else platform_config beside the library or one folder up.
std::vector<std::string> ProfileFolders()
{
    if (const char* folder = std::getenv("ASCEND_SIM_PLATFORM_CONFIG")) {
        return {folder};
    }
    const std::string library = DirectoryOfThisLibrary();
    return {library + "/platform_config", library + "/../platform_config"};
}

std::string Trimmed(const std::string& text)
{
    const size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos) {
        return "";
    }
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::map<std::string, std::string> ParseIni(std::istream& stream)
{
    std::map<std::string, std::string> values;
    std::string section;
    std::string line;
    while (std::getline(stream, line)) {
        line = Trimmed(line);
        if (line.empty() || line[0] == '#' || line[0] == ';') {
            continue;
        }
        if (line.front() == '[' && line.back() == ']') {
            section = line.substr(1, line.size() - 2);
            continue;
        }
        const size_t equals = line.find('=');
        if (equals != std::string::npos) {
            values[section + "." + Trimmed(line.substr(0, equals))] = Trimmed(line.substr(equals + 1));
        }
    }
    return values;
}

// The value of a key as a number; `automatic` if it says "auto".
uint64_t Number(const Platform& platform, const std::string& key, uint64_t automatic = 0)
{
    const auto found = platform.values.find(key);
    if (found == platform.values.end()) {
        throw std::invalid_argument("SoC profile " + platform.name + ".ini lacks the key " + key);
    }
    if (found->second == "auto") {
        return automatic;
    }
    char* end = nullptr;
    const uint64_t value = std::strtoull(found->second.c_str(), &end, 10);
    if (end == found->second.c_str() || *end != '\0') {
        throw std::invalid_argument("SoC profile " + platform.name + ".ini: " + key + "=" + found->second +
                                    " is not a number");
    }
    return value;
}

size_t L2CacheSize()
{
    const long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
    return bytes > 0 ? static_cast<size_t>(bytes) : kUnknownL2Cache;
}

Platform ReadPlatform(const std::string& name, std::istream& stream)
{
    Platform platform;
    platform.name = name;
    platform.values = ParseIni(stream);
    platform.short_name = platform.values["version.Short_SoC_version"];
    platform.vector_cores =
        static_cast<uint32_t>(Number(platform, "SoCInfo.vector_core_cnt", HardwareThreads()));
    platform.cube_cores = static_cast<uint32_t>(Number(platform, "SoCInfo.cube_core_cnt"));
    const size_t l2_cache = L2CacheSize();
    const uint64_t ub_size = Number(platform, "AICoreSpec.ub_size", l2_cache / 4);
    platform.ub_size = ub_size - Number(platform, "Simulator.ub_reserved");
    platform.l1_size = Number(platform, "AICoreSpec.l1_size");
    platform.l2_size = Number(platform, "SoCInfo.l2_size", l2_cache);
    platform.clock_mhz = static_cast<double>(Number(platform, "AICoreSpec.cube_freq"));
    platform.hbm_bytes_per_cycle = static_cast<double>(Number(platform, "AICoreMemoryRates.ddr_rate"));
    platform.l2_bytes_per_cycle = static_cast<double>(Number(platform, "AICoreMemoryRates.l2_rate"));
    return platform;
}

std::string KnownProfiles()
{
    std::vector<std::string> names;
    for (const std::string& folder : ProfileFolders()) {
        if (DIR* directory = opendir(folder.c_str())) {
            while (const dirent* entry = readdir(directory)) {
                const std::string file = entry->d_name;
                if (file.size() > 4 && file.compare(file.size() - 4, 4, ".ini") == 0) {
                    names.push_back(file.substr(0, file.size() - 4));
                }
            }
            closedir(directory);
        }
    }
    std::sort(names.begin(), names.end());
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    if (text.empty()) {
        text = "none: " + ProfileFolders().front() +
               " has no .ini files; set ASCEND_SIM_PLATFORM_CONFIG to their folder";
    }
    return text;
}

std::atomic<const Platform*> chosen_platform{nullptr};
thread_local const Platform* platform_of_scope = nullptr;

}  // namespace

const Platform& GetPlatform(const std::string& name)
{
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<Platform>> platforms;
    std::lock_guard<std::mutex> lock(mutex);
    auto& platform = platforms[name];
    if (platform == nullptr && name.find('/') == std::string::npos) {
        for (const std::string& folder : ProfileFolders()) {
            std::ifstream stream(folder + "/" + name + ".ini");
            if (stream) {
                platform = std::make_unique<Platform>(ReadPlatform(name, stream));
                break;
            }
        }
    }
    if (platform == nullptr) {
        throw std::invalid_argument("there is no SoC profile \"" + name +
                                    "\" (there are: " + KnownProfiles() + ")");
    }
    return *platform;
}

const Platform& CurrentPlatform()
{
    if (platform_of_scope != nullptr) {
        return *platform_of_scope;
    }
    if (const Platform* chosen = chosen_platform.load(std::memory_order_acquire)) {
        return *chosen;
    }
    const char* name = std::getenv("ASCEND_SIM_SOC");
    return GetPlatform(name != nullptr ? name : "Host");
}

void SetCurrentPlatform(const std::string& name)
{
    chosen_platform.store(&GetPlatform(name), std::memory_order_release);
}

PlatformScope::PlatformScope(const Platform& platform) : outer_(std::exchange(platform_of_scope, &platform))
{
}

PlatformScope::~PlatformScope()
{
    platform_of_scope = outer_;
}

}  // namespace ascend_sim
