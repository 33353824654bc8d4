// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

struct ScaledAddTiling {
    uint64_t elements;
    uint32_t tileLength;
    float alpha;
};
