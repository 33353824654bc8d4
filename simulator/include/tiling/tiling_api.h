// SPDX-License-Identifier: Apache-2.0
// CANN's header of tiling helpers for high-level calls. Those this simulator runs need no tiling of their
// own.
#pragma once

#include "register/tilingdata_base.h"
#include "tiling/platform/platform_ascendc.h"
