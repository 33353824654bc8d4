// SPDX-License-Identifier: Apache-2.0
// printf, assertions and tensor dumps from inside a kernel.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <string>

#include "tensor.h"

// Stops the launch unless the condition holds. A printf-style message may follow the condition.
//
// Builds for the device drop ASSERT, so that published kernels have it where a semicolon is missing: right
// behind an expression (`tileNum = n ASSERT(n != 0);`), or before the next statement. Hence an expression
// that begins with a plus, and for ASSERT a semicolon of its own.
#define ascendc_assert(condition, ...)          \
    +((condition) ? AscendC::detail::Asserted{} \
                  : AscendC::detail::AssertionFailed(#condition, __FILE__, __LINE__, ##__VA_ARGS__))

#ifndef ASSERT
#define ASSERT(condition) ascendc_assert(condition);
#endif
#ifndef ASCENDC_ASSERT
#define ASCENDC_ASSERT(condition, ...) ascendc_assert(condition)
#endif

// Device code names its assertion so as well; a host program's <cassert> comes first or wins.
#ifndef assert
#define assert(...) ascendc_assert(__VA_ARGS__)
#endif

namespace AscendC {

namespace detail {

// The value of an assertion that holds. Added to an expression it leaves that as it is.
struct Asserted {
    friend void operator+(Asserted) {}
    template <class T>
    friend std::decay_t<T> operator+(T&& value, Asserted)
    {
        return value;
    }
};

[[noreturn]] inline Asserted AssertionFailed(const char* condition, const char* file, int line)
{
    ascend_sim::RaiseFinding("assert", std::string("the kernel's assertion ") + condition + " does not hold",
                             file, line);
}

__attribute__((format(printf, 4, 5))) [[noreturn]] inline Asserted AssertionFailed(const char* condition,
                                                                                   const char* file, int line,
                                                                                   const char* format, ...)
{
    char text[512] = "";
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ascend_sim::RaiseFinding(
        "assert", std::string("the kernel's assertion ") + condition + " does not hold: " + text, file, line);
}

template <class T>
inline void PrintElements(const char* what, uint32_t description, const T* elements, uint32_t count)
{
    std::printf("DumpTensor: desc=%u, %s, block=%u, [", description, what, ascend_sim::CurrentBlock().index);
    for (uint32_t i = 0; i < count; ++i) {
        std::printf(i == 0 ? "%g" : ", %g", static_cast<double>(static_cast<float>(elements[i])));
    }
    std::printf("]\n");
}

}  // namespace detail

template <class... Values>
inline void printf(const char* format, Values... values)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-security"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    std::printf(format, values...);
#pragma GCC diagnostic pop
}
template <class... Values>
inline void PRINTF(const char* format, Values... values)
{
    AscendC::printf(format, values...);
}

// Prints the first `count` elements.
template <class T>
inline void DumpTensor(const LocalTensor<T>& tensor, uint32_t description, uint32_t count,
                       Where where = Where::Here())
{
    ascend_sim::Issue(
        ascend_sim::Pipe::kScalar, "DumpTensor", where,
        [&] {
            auto operands =
                detail::ScalarOperand(ascend_sim::Access::kRead, ascend_sim::Space::kUnifiedBuffer,
                                      tensor.Address(), tensor.GetExtent());
            operands[0].block_bytes *= count;
            return operands;
        },
        [elements = tensor.Address(), description, count] {
            detail::PrintElements("position=UB", description, elements, count);
        });
}
template <class T>
inline void DumpTensor(const GlobalTensor<T>& tensor, uint32_t description, uint32_t count,
                       Where where = Where::Here())
{
    ascend_sim::Issue(
        ascend_sim::Pipe::kScalar, "DumpTensor", where,
        [&] {
            auto operands = detail::ScalarOperand(ascend_sim::Access::kRead, ascend_sim::Space::kGlobalMemory,
                                                  tensor.Address(), tensor.GetExtent());
            operands[0].block_bytes *= count;
            return operands;
        },
        [elements = tensor.Address(), description, count] {
            detail::PrintElements("position=GM", description, elements, count);
        });
}

}  // namespace AscendC
