// SPDX-License-Identifier: Apache-2.0
// Included by the header of template tiling keys that a kernel shares with its tiling code.
#pragma once

#ifdef ASCENDC_TPL_KERNEL
#include "../../template_tiling.h"
#else
#include "../../../tiling/template_argument.h"
#endif
