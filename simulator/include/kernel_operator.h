// SPDX-License-Identifier: Apache-2.0
// The one header a kernel includes.
#pragma once

#include "ascendc/definitions.h"
#include "ascendc/tensor.h"
#include "ascendc/pipe.h"
