// SPDX-License-Identifier: Apache-2.0
// What CANN's operator compiler would put before a kernel, for one that is launched with <<<>>> instead.
// BCE_TILING_KEY is the branch to take.
#pragma once

#include "kernel_operator.h"

#undef GET_TILING_DATA_WITH_STRUCT
#define GET_TILING_DATA_WITH_STRUCT(type, name, address)                                              \
    type name;                                                                                        \
    for (uint32_t word = 0; word < sizeof(type) / sizeof(uint32_t); ++word) {                         \
        reinterpret_cast<uint32_t*>(&name)[word] = reinterpret_cast<__gm__ uint32_t*>(address)[word]; \
    }
#undef REGISTER_TILING_DEFAULT
#define REGISTER_TILING_DEFAULT(type)
#undef TILING_KEY_IS
#define TILING_KEY_IS(key) ((key) == BCE_TILING_KEY)
#undef KERNEL_TASK_TYPE_DEFAULT
#define KERNEL_TASK_TYPE_DEFAULT(type)
#undef KERNEL_TASK_TYPE
#define KERNEL_TASK_TYPE(key, type)
