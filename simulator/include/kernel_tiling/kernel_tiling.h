// SPDX-License-Identifier: Apache-2.0
// Tiling structs of CANN's high-level API; kernels of vector operators include this for the macros alone.
#pragma once

#include "../ascendc/tiling_macros.h"
