// SPDX-License-Identifier: Apache-2.0
// What the stand-ins of CANN's libraries call for a function that is not simulated.
#pragma once

#include <cstdint>

#include "../core/export.h"

// Writes one line to stderr, the first time for each function, and adds it to the thread's recent error text.
// Then a C function returns ACL_ERROR_RT_FEATURE_NOT_SUPPORT, a C++ one (of a mangled name) throws
// std::runtime_error, because nobody knows what it should return.
extern "C" ASCEND_SIM_EXPORT int64_t ascend_sim_not_simulated(const char* library, const char* symbol);
