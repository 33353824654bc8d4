// SPDX-License-Identifier: Apache-2.0
// The high-level API under its own name; vector kernels include this although kernel_operator.h has it all.
#pragma once

#include "../kernel_operator.h"
