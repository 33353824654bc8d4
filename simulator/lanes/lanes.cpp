// SPDX-License-Identifier: Apache-2.0
#include "lanes.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "isa.h"

namespace ascend_sim {
namespace {

struct Isa {
    const char* name;
    const Lanes& (*table)();
    bool (*available)();
};

// Best first.
constexpr Isa kIsas[] = {
#if defined(__x86_64__)
    {"avx512", ASCEND_SIM_LANES(avx512),
     [] {
         return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
     }},
    {"avx2", ASCEND_SIM_LANES(avx2), [] { return __builtin_cpu_supports("avx2") != 0; }},
#endif
    {"baseline", ASCEND_SIM_LANES(baseline), [] { return true; }},
};

const Lanes& Choose()
{
    if (const char* wanted = std::getenv("ASCEND_SIM_ISA")) {
        const Lanes* lanes = FindLanes(wanted);
        if (lanes == nullptr) {
            std::fprintf(
                stderr,
                "ASCEND_SIM_ISA=%s names no instruction set of this processor. Leave it unset, or use one "
                "of:",
                wanted);
            for (const Isa& isa : kIsas) {
                if (isa.available()) {
                    std::fprintf(stderr, " %s", isa.name);
                }
            }
            std::fprintf(stderr, "\n");
            std::abort();
        }
        return *lanes;
    }
    for (const Isa& isa : kIsas) {
        if (isa.available()) {
            return isa.table();
        }
    }
    std::abort();  // not reached: the baseline is always there
}

}  // namespace

const Lanes& GetLanes()
{
    static const Lanes& lanes = Choose();
    return lanes;
}

const Lanes* FindLanes(const char* name)
{
    for (const Isa& isa : kIsas) {
        if (std::strcmp(isa.name, name) == 0 && isa.available()) {
            return &isa.table();
        }
    }
    return nullptr;
}

}  // namespace ascend_sim
