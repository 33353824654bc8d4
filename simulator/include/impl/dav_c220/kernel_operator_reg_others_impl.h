// SPDX-License-Identifier: Apache-2.0
// An internal header of CANN that kernels include by its path.
#pragma once

#include "../../kernel_operator.h"
