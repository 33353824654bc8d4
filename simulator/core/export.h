// SPDX-License-Identifier: Apache-2.0
// What libascend_simulator.so shows to the kernels, host libraries and programs that link against it.
#pragma once

#define ASCEND_SIM_EXPORT __attribute__((visibility("default")))
