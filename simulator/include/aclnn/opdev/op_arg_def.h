// SPDX-License-Identifier: Apache-2.0
// The arguments of an operator call in op_api code: OP_INPUT(...), OP_OUTPUT(...), OP_ATTR(...).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "opdev/common_types.h"

namespace op {

enum OpArgDef { OP_INPUT_ARG = 0, OP_OUTPUT_ARG = 1, OP_ATTR_ARG = 2 };

// One argument, by reference: it is read while the macro that it is written in runs.
struct OpArg {
    enum class Kind {
        kTensor,
        kTensorList,
        kBool,
        kInt,
        kFloat,
        kString,
        kIntArray,
        kFloatArray,
        kBoolArray
    };

    OpArg() = default;
    OpArg(std::nullptr_t) {}
    OpArg(const aclTensor* value) : pointer(value) {}
    OpArg(const aclTensorList* value) : kind(Kind::kTensorList), pointer(value) {}
    OpArg(const aclIntArray* value) : kind(Kind::kIntArray), pointer(value) {}
    OpArg(const aclFloatArray* value) : kind(Kind::kFloatArray), pointer(value) {}
    OpArg(const aclBoolArray* value) : kind(Kind::kBoolArray), pointer(value) {}
    OpArg(const char* value) : kind(Kind::kString), pointer(value) {}
    OpArg(const std::string& value) : kind(Kind::kString), pointer(value.c_str()) {}
    OpArg(DataType value) : kind(Kind::kInt), integer(value) {}
    template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
    OpArg(T value)
    {
        if constexpr (std::is_same_v<T, bool>) {
            kind = Kind::kBool;
            integer = value;
        } else if constexpr (std::is_integral_v<T>) {
            kind = Kind::kInt;
            integer = static_cast<int64_t>(value);
        } else {
            kind = Kind::kFloat;
            number = static_cast<double>(value);
        }
    }

    Kind kind = Kind::kTensor;
    union {
        const void* pointer = nullptr;
        int64_t integer;
        double number;
    };
};

template <OpArgDef Role, size_t Count>
struct OpArgPack {
    std::array<OpArg, Count> args;
};

template <OpArgDef Role, class... T>
OpArgPack<Role, sizeof...(T)> MakeOpArgPack(const T&... values)
{
    return {{OpArg(values)...}};
}

struct OpArgSpan {
    const OpArg* args = nullptr;
    size_t count = 0;
};

// The packs of one call, in whatever order the macro got them.
struct OpArgs {
    OpArgSpan inputs;
    OpArgSpan outputs;
    OpArgSpan attrs;
};

template <OpArgDef Role, size_t Count>
void AddOpArgPack(OpArgs& result, const OpArgPack<Role, Count>& pack)
{
    const OpArgSpan span{pack.args.data(), Count};
    if constexpr (Role == OP_INPUT_ARG) {
        result.inputs = span;
    } else if constexpr (Role == OP_OUTPUT_ARG) {
        result.outputs = span;
    } else {
        result.attrs = span;
    }
}

template <class... Packs>
OpArgs CollectOpArgs(const Packs&... packs)
{
    OpArgs result;
    (AddOpArgPack(result, packs), ...);
    return result;
}

}  // namespace op

#define OP_INPUT(...) op::MakeOpArgPack<op::OP_INPUT_ARG>(__VA_ARGS__)
#define OP_OUTPUT(...) op::MakeOpArgPack<op::OP_OUTPUT_ARG>(__VA_ARGS__)
#define OP_ATTR(...) op::MakeOpArgPack<op::OP_ATTR_ARG>(__VA_ARGS__)
