// SPDX-License-Identifier: Apache-2.0
// The first line of every function of op_api: names the function in messages and checks what all have in
// common.
#pragma once

#include <cstdint>
#include <string_view>

#include "opdev/format_utils.h"
#include "opdev/op_arg_def.h"
#include "opdev/op_def.h"
#include "opdev/op_executor.h"
#include "opdev/shape_utils.h"

namespace op::internal {

constexpr bool SameName(std::string_view a, std::string_view b)
{
    return a == b;
}

// The function that error texts of this thread name.
ASCEND_SIM_EXPORT void EnterApi(const char* name);
// The same, and whether the caller passed somewhere to put the results of phase 1.
ASCEND_SIM_EXPORT bool EnterPhase1(const char* name, const uint64_t* workspace_size,
                                   aclOpExecutor** executor);

}  // namespace op::internal

#define DFX_IN(...)
#define DFX_OUT(...)

// Expects the parameters `workspaceSize` and `executor`.
#define L2_DFX_PHASE_1(api_name, in, out)                                         \
    static_assert(op::internal::SameName(#api_name "GetWorkspaceSize", __func__), \
                  "L2_DFX_PHASE_1(" #api_name ") stands in another function");    \
    if (!op::internal::EnterPhase1(#api_name, workspaceSize, executor)) {         \
        return ACLNN_ERR_PARAM_NULLPTR;                                           \
    }

#define L2_DFX_PHASE_2(api_name)                                               \
    static_assert(op::internal::SameName(#api_name, __func__),                 \
                  "L2_DFX_PHASE_2(" #api_name ") stands in another function"); \
    op::internal::EnterApi(#api_name)

#define L0_DFX(op_name, ...)                                  \
    static_assert(op::internal::SameName(#op_name, __func__), \
                  "L0_DFX(" #op_name ") stands in another function")
