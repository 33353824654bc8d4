// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "../../../core/export.h"
#include "graph/ascend_string.h"

namespace op {

constexpr uint32_t INVALID_OP_TYPE_ID = 0xFFFFFFFF;

// A number for the operator type, to be asked for once. `caller` is an address in the asking library: the
// operators of its own package are looked up first.
ASCEND_SIM_EXPORT uint32_t GenOpTypeId(const char* op_type, const void* caller);

}  // namespace op

// Declares <op_type>OpTypeId(), which INFER_SHAPE and ADD_TO_LAUNCHER_LIST_AICORE use.
#define OP_TYPE_REGISTER(op_type)                                                         \
    [[maybe_unused]] static uint32_t op_type##OpTypeId()                                  \
    {                                                                                     \
        static const uint32_t id =                                                        \
            op::GenOpTypeId(#op_type, reinterpret_cast<const void*>(&op_type##OpTypeId)); \
        return id;                                                                        \
    }                                                                                     \
    static_assert(true, "")
