// SPDX-License-Identifier: Apache-2.0
// The place of this header in later releases of CANN.
#pragma once

#include "tiling/platform/platform_ascendc.h"
