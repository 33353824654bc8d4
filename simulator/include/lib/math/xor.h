// SPDX-License-Identifier: Apache-2.0
// kernel_operator.h has all that this header of CANN declares for vector cores.
#pragma once

#include "kernel_operator.h"
