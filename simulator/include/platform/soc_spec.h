// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The architectures of AI cores by their numbers, as in __NPU_ARCH__.
enum class NpuArch : uint32_t {
    DAV_1001 = 1001,  // Ascend 910
    DAV_2002 = 2002,  // 310P
    DAV_2201 = 2201,  // 910B, 910_93
    DAV_3002 = 3002,  // 310B
    DAV_3003 = 3003,
    DAV_3102 = 3102,
    DAV_3113 = 3113,
    DAV_3510 = 3510,  // 950
    DAV_5102 = 5102,
    DAV_RESV = UINT32_MAX
};
