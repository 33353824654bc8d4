// SPDX-License-Identifier: Apache-2.0
// The tables that isa.cpp defines, one for each instruction set it is compiled for.
#pragma once

#include "lanes.h"

#define ASCEND_SIM_LANES(isa) ASCEND_SIM_LANES_OF(isa)
#define ASCEND_SIM_LANES_OF(isa) Lanes_##isa

namespace ascend_sim {

const Lanes& ASCEND_SIM_LANES(baseline)();
#if defined(__x86_64__)
const Lanes& ASCEND_SIM_LANES(avx2)();
const Lanes& ASCEND_SIM_LANES(avx512)();
#endif

}  // namespace ascend_sim
