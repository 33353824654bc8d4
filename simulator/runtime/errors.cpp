// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/err_msg.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

namespace ascend_sim {

namespace {

thread_local std::string recent_text;
thread_local std::string taken_text;
thread_local const char* current_api = "";

std::string FormatText(const char* format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    std::string text(length > 0 ? static_cast<size_t>(length) : 0, '\0');
    std::vsnprintf(text.data(), text.size() + 1, format, arguments);
    return text;
}

const char* ErrorNumber(int code)
{
    switch (code / 100000) {
        case 1:
            return "EZ1001";
        case 3:
            return "EZ9903";
        default:
            return "EZ9999";
    }
}

int LevelFromEnvironment()
{
    const char* print = std::getenv("ASCEND_SLOG_PRINT_TO_STDOUT");
    if (print == nullptr || std::strcmp(print, "1") != 0) {
        return static_cast<int>(op::internal::LogLevel::kError) + 1;
    }
    const char* level = std::getenv("ASCEND_GLOBAL_LOG_LEVEL");
    return level == nullptr ? static_cast<int>(op::internal::LogLevel::kError) : std::atoi(level);
}

void WriteLog(op::internal::LogLevel level, const char* file, int line, const std::string& text)
{
    static const char* const kNames[] = {"DEBUG", "INFO", "WARNING", "ERROR"};
    const char* slash = std::strrchr(file, '/');
    std::fprintf(stderr, "[%s] OP [%s:%d] %s: %s\n", kNames[static_cast<int>(level)],
                 slash == nullptr ? file : slash + 1, line, current_api, text.c_str());
}

}  // namespace

void AddRecentError(int code, const std::string& text)
{
    AddRecentText(ErrorNumber(code), text);
}

void AddRecentText(const char* number, const std::string& text)
{
    recent_text += number;
    recent_text += ": ";
    if (*current_api != '\0') {
        recent_text += current_api;
        recent_text += ": ";
    }
    recent_text += text;
    recent_text += '\n';
}

const char* TakeRecentError()
{
    taken_text = std::move(recent_text);
    recent_text.clear();
    return taken_text.empty() ? nullptr : taken_text.c_str();
}

}  // namespace ascend_sim

namespace op::internal {

bool LogEnabled(LogLevel level)
{
    static const int lowest = ascend_sim::LevelFromEnvironment();
    return static_cast<int>(level) >= lowest;
}

void Log(LogLevel level, const char* file, int line, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ascend_sim::WriteLog(level, file, line, ascend_sim::FormatText(format, arguments));
    va_end(arguments);
}

void ReportError(int code, const char* file, int line, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const std::string text = ascend_sim::FormatText(format, arguments);
    va_end(arguments);
    ascend_sim::AddRecentError(code, text);
    if (LogEnabled(LogLevel::kError)) {
        ascend_sim::WriteLog(LogLevel::kError, file, line, text);
    }
}

void EnterApi(const char* name)
{
    ascend_sim::current_api = name;
}

bool EnterPhase1(const char* name, const uint64_t* workspace_size, aclOpExecutor** executor)
{
    EnterApi(name);
    if (workspace_size == nullptr || executor == nullptr) {
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "arguments workspaceSize and executor must not be null.");
        return false;
    }
    return true;
}

}  // namespace op::internal

namespace ge {

int32_t ReportInnerErrMsg(const char* file_name, const char* func, uint32_t line, const char* error_code,
                          const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const std::string text = ascend_sim::FormatText(format, arguments);
    va_end(arguments);
    ascend_sim::AddRecentText(error_code,
                              text + " [" + file_name + ":" + std::to_string(line) + ", " + func + "]");
    return 0;
}

int32_t ReportUserDefinedErrMsg(const char* error_code, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ascend_sim::AddRecentText(error_code, ascend_sim::FormatText(format, arguments));
    va_end(arguments);
    return 0;
}

int32_t ReportPredefinedErrMsg(const char* error_code, const std::vector<const char*>& key,
                               const std::vector<const char*>& value)
{
    std::string text;
    for (size_t i = 0; i < key.size() && i < value.size(); ++i) {
        text += (i == 0 ? "" : ", ") + std::string(key[i]) + " " + value[i];
    }
    ascend_sim::AddRecentText(error_code, text);
    return 0;
}

}  // namespace ge

// The log that libraries on top of CANN write to.

extern "C" ASCEND_SIM_EXPORT int32_t CheckLogLevel(int32_t, int32_t level)
{
    return op::internal::LogEnabled(static_cast<op::internal::LogLevel>(level)) ? 1 : 0;
}

extern "C" ASCEND_SIM_EXPORT void DlogRecord(int32_t module, int32_t level, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const std::string text = ascend_sim::FormatText(format, arguments);
    va_end(arguments);
    const std::string name = "module " + std::to_string(module);
    ascend_sim::WriteLog(static_cast<op::internal::LogLevel>(std::clamp(level, 0, 3)), name.c_str(), 0, text);
}
