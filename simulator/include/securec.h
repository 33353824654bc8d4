// SPDX-License-Identifier: Apache-2.0
// The bounds-checked functions that host code of operators uses. What does not fit is refused, and a target
// that could be left without an end is emptied.
#pragma once

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstring>

using errno_t = int;

#ifndef EOK
#define EOK 0
#endif

inline errno_t memset_s(void* dest, size_t destMax, int c, size_t count)
{
    if (dest == nullptr || count > destMax) {
        return dest == nullptr ? EINVAL : ERANGE;
    }
    std::memset(dest, c, count);
    return EOK;
}

inline errno_t memcpy_s(void* dest, size_t destMax, const void* src, size_t count)
{
    if (dest == nullptr || (src == nullptr && count > 0) || count > destMax) {
        return dest == nullptr || src == nullptr ? EINVAL : ERANGE;
    }
    if (count > 0) {
        std::memmove(dest, src, count);
    }
    return EOK;
}

inline errno_t memmove_s(void* dest, size_t destMax, const void* src, size_t count)
{
    return memcpy_s(dest, destMax, src, count);
}

inline errno_t strcpy_s(char* dest, size_t destMax, const char* src)
{
    if (dest == nullptr || src == nullptr || destMax == 0 || std::strlen(src) >= destMax) {
        if (dest != nullptr && destMax > 0) {
            dest[0] = '\0';
        }
        return dest == nullptr || src == nullptr ? EINVAL : ERANGE;
    }
    std::strcpy(dest, src);
    return EOK;
}

inline errno_t strcat_s(char* dest, size_t destMax, const char* src)
{
    const size_t used = dest == nullptr ? 0 : strnlen(dest, destMax);
    const errno_t error = strcpy_s(dest == nullptr ? nullptr : dest + used, destMax - used, src);
    if (error != EOK && dest != nullptr && destMax > 0) {
        dest[0] = '\0';
    }
    return error;
}

// The characters written, or -1 if they do not fit.
inline int vsnprintf_s(char* dest, size_t destMax, size_t count, const char* format, va_list arguments)
{
    if (dest == nullptr || format == nullptr || destMax == 0) {
        return -1;
    }
    const int length = std::vsnprintf(dest, destMax, format, arguments);
    if (length < 0 || static_cast<size_t>(length) >= destMax || static_cast<size_t>(length) > count) {
        dest[0] = '\0';
        return -1;
    }
    return length;
}

inline int sprintf_s(char* dest, size_t destMax, const char* format, ...)
    __attribute__((format(printf, 3, 4)));
inline int sprintf_s(char* dest, size_t destMax, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf_s(dest, destMax, destMax, format, arguments);
    va_end(arguments);
    return length;
}

inline int snprintf_s(char* dest, size_t destMax, size_t count, const char* format, ...)
    __attribute__((format(printf, 4, 5)));
inline int snprintf_s(char* dest, size_t destMax, size_t count, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf_s(dest, destMax, count, format, arguments);
    va_end(arguments);
    return length;
}
