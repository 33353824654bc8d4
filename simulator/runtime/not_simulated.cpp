// SPDX-License-Identifier: Apache-2.0
#include "not_simulated.h"

#include <cxxabi.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>

#include "acl/acl_base.h"
#include "errors.h"

namespace ascend_sim {

namespace {

bool IsCpp(const char* symbol)
{
    return std::strncmp(symbol, "_Z", 2) == 0;
}

std::string ReadableName(const char* symbol)
{
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(symbol, nullptr, nullptr, &status), &std::free);
    return name == nullptr ? symbol : name.get();
}

// Leaked, because libraries call us until the process ends.
bool IsFirstTime(const char* symbol)
{
    static std::mutex& mutex = *new std::mutex;
    static std::set<std::string>& seen = *new std::set<std::string>;
    const std::lock_guard<std::mutex> lock(mutex);
    return seen.insert(symbol).second;
}

}  // namespace

}  // namespace ascend_sim

int64_t ascend_sim_not_simulated(const char* library, const char* symbol)
{
    const std::string text =
        std::string(library) + ": " + ascend_sim::ReadableName(symbol) + " is not simulated";
    if (ascend_sim::IsFirstTime(symbol)) {
        std::fprintf(stderr, "ascend-simulator: %s\n", text.c_str());
    }
    ascend_sim::AddRecentError(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, text);
    if (ascend_sim::IsCpp(symbol)) {
        throw std::runtime_error(text);
    }
    return ACL_ERROR_RT_FEATURE_NOT_SUPPORT;
}
