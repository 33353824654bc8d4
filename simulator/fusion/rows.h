// SPDX-License-Identifier: Apache-2.0
// The unit of fused calls: a row, what a vector instruction works on at a time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ascend_sim {

inline constexpr size_t kRowElements = 64;
inline constexpr uint32_t kMostRows = 16;  // of one call in a group of a program

}  // namespace ascend_sim
