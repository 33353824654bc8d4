// SPDX-License-Identifier: Apache-2.0
// Error messages of host code: they become a part of the thread's recent error text (aclGetRecentErrMsg).
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "graph/types.h"

namespace ge {

// What went wrong inside, with the place in the source.
ASCEND_SIM_EXPORT int32_t ReportInnerErrMsg(const char* file_name, const char* func, uint32_t line,
                                            const char* error_code, const char* format, ...)
    __attribute__((format(printf, 5, 6)));

// What the user did wrong, in the operator's own words.
ASCEND_SIM_EXPORT int32_t ReportUserDefinedErrMsg(const char* error_code, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

// A message of CANN's own list, which is not simulated: the text has the code, and each key with its value.
ASCEND_SIM_EXPORT int32_t ReportPredefinedErrMsg(const char* error_code, const std::vector<const char*>& key,
                                                 const std::vector<const char*>& value);

}  // namespace ge

#define REPORT_INNER_ERR_MSG(error_code, format, ...) \
    (void)ge::ReportInnerErrMsg(__FILE__, __FUNCTION__, __LINE__, (error_code), (format), ##__VA_ARGS__)
#define REPORT_USER_DEFINED_ERR_MSG(error_code, format, ...) \
    (void)ge::ReportUserDefinedErrMsg((error_code), (format), ##__VA_ARGS__)
#define REPORT_PREDEFINED_ERR_MSG(error_code, ...) \
    (void)ge::ReportPredefinedErrMsg((error_code), ##__VA_ARGS__)
// A list of predefined messages, in CANN's form. Their texts are not used: a report has the code, keys and
// values.
#define REG_FORMAT_ERROR_MSG(messages, length) \
    static_assert(std::is_convertible<decltype(messages), const char*>::value, "the list is a JSON text")
