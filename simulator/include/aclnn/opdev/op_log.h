// SPDX-License-Identifier: Apache-2.0
// Messages of op_api code. Errors become the thread's recent error text (aclGetRecentErrMsg); all of them go
// to stderr when ASCEND_SLOG_PRINT_TO_STDOUT is 1, from the level ASCEND_GLOBAL_LOG_LEVEL on (0 debug, 1
// info, 2 warning, 3 error, which is the default).
#pragma once

#include "../../../core/export.h"
#include "opdev/op_errno.h"

namespace op::internal {

enum class LogLevel { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

ASCEND_SIM_EXPORT bool LogEnabled(LogLevel level);
ASCEND_SIM_EXPORT void Log(LogLevel level, const char* file, int line, const char* format, ...)
    __attribute__((format(printf, 4, 5)));

// Appends to the thread's recent error text and logs.
ASCEND_SIM_EXPORT void ReportError(int code, const char* file, int line, const char* format, ...)
    __attribute__((format(printf, 4, 5)));

}  // namespace op::internal

#define OP_LOG_AT(level, ...)                                          \
    do {                                                               \
        if (op::internal::LogEnabled(level)) {                         \
            op::internal::Log(level, __FILE__, __LINE__, __VA_ARGS__); \
        }                                                              \
    } while (false)

#define OP_LOGD(...) OP_LOG_AT(op::internal::LogLevel::kDebug, __VA_ARGS__)
#define OP_LOGI(...) OP_LOG_AT(op::internal::LogLevel::kInfo, __VA_ARGS__)
#define OP_LOGW(...) OP_LOG_AT(op::internal::LogLevel::kWarning, __VA_ARGS__)
#define OP_LOGE(code, ...) op::internal::ReportError(code, __FILE__, __LINE__, __VA_ARGS__)
#define OP_LOGE_WITHOUT_REPORT(code, ...) OP_LOG_AT(op::internal::LogLevel::kError, __VA_ARGS__)

#define CHECK_RET(condition, return_value)                                           \
    do {                                                                             \
        if (!(condition)) {                                                          \
            OP_LOGE_WITHOUT_REPORT(ACLNN_ERR_INNER, "check %s failed.", #condition); \
            return return_value;                                                     \
        }                                                                            \
    } while (false)

#define CHECK_COND(condition, return_value, ...) \
    do {                                         \
        if (!(condition)) {                      \
            OP_LOGE(return_value, __VA_ARGS__);  \
            return return_value;                 \
        }                                        \
    } while (false)

#define CHECK_RET_CODE(call, ...)                  \
    do {                                           \
        const aclnnStatus status_of_call = (call); \
        if (status_of_call != ACLNN_SUCCESS) {     \
            OP_LOGE(status_of_call, __VA_ARGS__);  \
            return status_of_call;                 \
        }                                          \
    } while (false)

#define OP_CHECK(condition, log, return_expression) \
    do {                                            \
        if (!(condition)) {                         \
            log;                                    \
            return_expression;                      \
        }                                           \
    } while (false)

#define OP_CHECK_NO_RETURN(condition, log) OP_CHECK(condition, log, (void)0)

#define OP_CHECK_NOTNULL(value)                                                          \
    do {                                                                                 \
        if ((value) == nullptr) {                                                        \
            OP_LOGE(ACLNN_ERR_INNER_NULLPTR, "Parameter[%s] must not be null.", #value); \
            return ACLNN_ERR_INNER_NULLPTR;                                              \
        }                                                                                \
    } while (false)
