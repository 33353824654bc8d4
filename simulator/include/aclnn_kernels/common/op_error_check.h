// SPDX-License-Identifier: Apache-2.0
// Checks of the arguments of an aclnn function. Each reports what is wrong and then executes `action`, a
// return.
#pragma once

#include <cstddef>

#include "opdev/common_types.h"
#include "opdev/data_type_utils.h"
#include "opdev/op_log.h"
#include "opdev/shape_utils.h"

#define OP_CHECK_NULL(param, action)                                               \
    if ((param) == nullptr) {                                                      \
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "argument %s must not be null.", #param); \
        action;                                                                    \
    }

#define OP_CHECK_COMM_INPUT(workspace_size, executor)                                               \
    if ((workspace_size) == nullptr || (executor) == nullptr) {                                     \
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "arguments workspaceSize and executor must not be null."); \
        return ACLNN_ERR_PARAM_NULLPTR;                                                             \
    }

#define OP_CHECK_DTYPE_NOT_SUPPORT(tensor, support_list, action)                                \
    if (!op::CheckType((tensor)->GetDataType(), support_list)) {                                \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "data type %s of %s is not supported; use one of %s.", \
                op::ToString((tensor)->GetDataType()).GetString(), #tensor,                     \
                op::ToString(support_list).GetString());                                        \
        action;                                                                                 \
    }

#define OP_CHECK_DTYPE_NOT_MATCH(tensor, expected, action)                                              \
    if ((tensor)->GetDataType() != (expected)) {                                                        \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "data type of %s must be %s, but it is %s.", #tensor,          \
                op::ToString(expected).GetString(), op::ToString((tensor)->GetDataType()).GetString()); \
        action;                                                                                         \
    }

#define OP_CHECK_DTYPE_NOT_SAME(tensor1, tensor2, action)                                               \
    if ((tensor1)->GetDataType() != (tensor2)->GetDataType()) {                                         \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s (%s) and %s (%s) must have the same data type.", #tensor1, \
                op::ToString((tensor1)->GetDataType()).GetString(), #tensor2,                           \
                op::ToString((tensor2)->GetDataType()).GetString());                                    \
        action;                                                                                         \
    }

#define OP_CHECK_RESULT_DTYPE_CAST_FAILED(type, desired, action)                         \
    if (!op::CanCast(type, desired)) {                                                   \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "a result of type %s cannot be written as %s.", \
                op::ToString(type).GetString(), op::ToString(desired).GetString());      \
        action;                                                                          \
    }

#define OP_CHECK_BROADCAST(tensor1, tensor2, action)                                               \
    if (!op::CheckBroadcastShape((tensor1)->GetViewShape(), (tensor2)->GetViewShape())) {          \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "shape %s of %s does not broadcast with shape %s of %s.", \
                op::ToString((tensor1)->GetViewShape()).GetString(), #tensor1,                     \
                op::ToString((tensor2)->GetViewShape()).GetString(), #tensor2);                    \
        action;                                                                                    \
    }

#define OP_CHECK_BROADCAST_WITH_SHAPE(tensor, shape, action)                           \
    if (!op::CheckBroadcastShape((tensor)->GetViewShape(), shape)) {                   \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "shape %s of %s does not broadcast with %s.", \
                op::ToString((tensor)->GetViewShape()).GetString(), #tensor,           \
                op::ToString(shape).GetString());                                      \
        action;                                                                        \
    }

#define OP_CHECK_BROADCAST_AND_INFER_SHAPE(tensor1, tensor2, result, action)                       \
    if (!op::BroadcastInferShape((tensor1)->GetViewShape(), (tensor2)->GetViewShape(), result)) {  \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "shape %s of %s does not broadcast with shape %s of %s.", \
                op::ToString((tensor1)->GetViewShape()).GetString(), #tensor1,                     \
                op::ToString((tensor2)->GetViewShape()).GetString(), #tensor2);                    \
        action;                                                                                    \
    }

#define OP_CHECK_SHAPE_NOT_EQUAL(tensor1, tensor2, action)                                               \
    if ((tensor1)->GetViewShape() != (tensor2)->GetViewShape()) {                                        \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s and %s must have the same shape, but they have %s and %s.", \
                #tensor1, #tensor2, op::ToString((tensor1)->GetViewShape()).GetString(),                 \
                op::ToString((tensor2)->GetViewShape()).GetString());                                    \
        action;                                                                                          \
    }

#define OP_CHECK_SHAPE_NOT_EQUAL_WITH_EXPECTED_SIZE(tensor, shape, action)                            \
    if ((tensor)->GetViewShape() != (shape)) {                                                        \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "shape of %s must be %s, but it is %s.", #tensor,            \
                op::ToString(shape).GetString(), op::ToString((tensor)->GetViewShape()).GetString()); \
        action;                                                                                       \
    }

#define OP_CHECK_WRONG_DIMENSION(tensor, expected, action)                                             \
    if ((tensor)->GetViewShape().GetDimNum() != static_cast<size_t>(expected)) {                       \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s must have %zu dimensions, but its shape is %s.", #tensor, \
                static_cast<size_t>(expected), op::ToString((tensor)->GetViewShape()).GetString());    \
        action;                                                                                        \
    }

#define OP_CHECK_MAX_DIM(tensor, max_dim, action)                                                      \
    if ((tensor)->GetViewShape().GetDimNum() > static_cast<size_t>(max_dim)) {                         \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s must not have more than %zu dimensions, but it has %zu.", \
                #tensor, static_cast<size_t>(max_dim), (tensor)->GetViewShape().GetDimNum());          \
        action;                                                                                        \
    }

#define OP_CHECK_MIN_DIM(tensor, min_dim, action)                                                          \
    if ((tensor)->GetViewShape().GetDimNum() < static_cast<size_t>(min_dim)) {                             \
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s must have at least %zu dimensions, but it has %zu.", #tensor, \
                static_cast<size_t>(min_dim), (tensor)->GetViewShape().GetDimNum());                       \
        action;                                                                                            \
    }

#define OP_CHECK_ADD_TO_LAUNCHER_LIST_AICORE(failed, action, ...)       \
    if (failed) {                                                       \
        OP_LOGE(ACLNN_ERR_INNER_STATIC_WORKSPACE_INVALID, __VA_ARGS__); \
        action;                                                         \
    }

#define OP_CHECK_INFERSHAPE(failed, action, ...)                \
    if (failed) {                                               \
        OP_LOGE(ACLNN_ERR_INNER_INFERSHAPE_ERROR, __VA_ARGS__); \
        action;                                                 \
    }
