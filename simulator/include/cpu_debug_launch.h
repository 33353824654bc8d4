// SPDX-License-Identifier: Apache-2.0
// CANN's CPU twin launches kernels from here. The simulator's launches need nothing of the source.
#pragma once
