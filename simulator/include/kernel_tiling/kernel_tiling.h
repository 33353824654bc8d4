// SPDX-License-Identifier: Apache-2.0
// Tiling structs of CANN's high-level API, and the macros that read tiling data.
#pragma once

#include "../ascendc/high_level_tiling.h"
#include "../ascendc/tiling_macros.h"
