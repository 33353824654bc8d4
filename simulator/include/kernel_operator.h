// SPDX-License-Identifier: Apache-2.0
// The one header a kernel includes.
#pragma once

#include <type_traits>

#include "ascendc/atomic.h"
#include "ascendc/buffer_pool.h"
#include "ascendc/data_copy.h"
#include "ascendc/data_types.h"
#include "ascendc/debug.h"
#include "ascendc/definitions.h"
#include "ascendc/list_tensor.h"
#include "ascendc/pipe.h"
#include "ascendc/scalar.h"
#include "ascendc/std.h"
#include "ascendc/sync.h"
#include "ascendc/system.h"
#include "ascendc/template_tiling.h"
#include "ascendc/tensor.h"
#include "ascendc/tiling_macros.h"
#include "ascendc/vector.h"
