// SPDX-License-Identifier: Apache-2.0
// The functions of CANN's operator library (libopapi.so) that frameworks call around a user's operators:
// copies, casts, fills, arithmetic. Whatever is not here a framework does not find, and names.
#include <cmath>

#include "elementwise.h"
#include "opdev/op_dfx.h"

namespace {

using ascend_sim::PrepareElementwise;

const auto kCopy = [](auto x) { return x; };

}  // namespace

// Both phases of aclnn<name>. `parameters` are those of phase 1 up to the output, in parentheses; behind them
// stand the output, the function and its operands.
#define BUILTIN(name, parameters, ...)                                                                \
    extern "C" ASCEND_SIM_EXPORT aclnnStatus aclnn##name##GetWorkspaceSize(                           \
        BUILTIN_PARAMETERS parameters, uint64_t* workspaceSize, aclOpExecutor** executor)             \
    {                                                                                                 \
        L2_DFX_PHASE_1(aclnn##name, , );                                                              \
        return PrepareElementwise(workspaceSize, executor, __VA_ARGS__);                              \
    }                                                                                                 \
    extern "C" ASCEND_SIM_EXPORT aclnnStatus aclnn##name(void* workspace, uint64_t workspaceSize,     \
                                                         aclOpExecutor* executor, aclrtStream stream) \
    {                                                                                                 \
        L2_DFX_PHASE_2(aclnn##name);                                                                  \
        return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);                       \
    }
#define BUILTIN_PARAMETERS(...) __VA_ARGS__

// Of one tensor.
#define UNARY(name, function) BUILTIN(name, (const aclTensor* self, aclTensor* out), out, function, self)

UNARY(Abs, [](auto x) { return x < 0 ? -x : x; })
UNARY(Exp, [](auto x) { return std::exp(x); })
UNARY(Log, [](auto x) { return std::log(x); })
UNARY(Log1p, [](auto x) { return std::log1p(x); })
UNARY(Neg, [](auto x) { return -x; })
UNARY(Reciprocal, [](auto x) { return 1.0 / static_cast<double>(x); })
UNARY(Rsqrt, [](auto x) { return 1.0 / std::sqrt(x); })
UNARY(Sigmoid, [](auto x) { return 1.0 / (1.0 + std::exp(-static_cast<double>(x))); })
UNARY(Sqrt, [](auto x) { return std::sqrt(x); })

BUILTIN(Cast, (const aclTensor* self, aclDataType, aclTensor* out), out, kCopy, self)
BUILTIN(InplaceCopy, (aclTensor * selfRef, const aclTensor* src), selfRef, kCopy, src)
BUILTIN(InplaceFillScalar, (aclTensor * selfRef, const aclScalar* value), selfRef, kCopy, value)
BUILTIN(InplaceOne, (aclTensor * selfRef), selfRef, [] { return 1; })
BUILTIN(InplaceZero, (aclTensor * selfRef), selfRef, [] { return 0; })
BUILTIN(
    Softplus, (const aclTensor* self, const aclScalar* beta, const aclScalar* threshold, aclTensor* out), out,
    [](double x, double b, double limit) { return x * b > limit ? x : std::log1p(std::exp(x * b)) / b; },
    self, beta, threshold)

// Of two tensors, and of a tensor and a scalar.
#define BINARY(name, function)                                                                             \
    BUILTIN(name, (const aclTensor* self, const aclTensor* other, aclTensor* out), out, function, self,    \
            other)                                                                                         \
    BUILTIN(name##s, (const aclTensor* self, const aclScalar* other, aclTensor* out), out, function, self, \
            other)
#define BINARY_WITH_ALPHA(name, function)                                                                  \
    BUILTIN(name, (const aclTensor* self, const aclTensor* other, const aclScalar* alpha, aclTensor* out), \
            out, function, self, other, alpha)                                                             \
    BUILTIN(name##s,                                                                                       \
            (const aclTensor* self, const aclScalar* other, const aclScalar* alpha, aclTensor* out), out,  \
            function, self, other, alpha)

BINARY(Div, [](auto a, auto b) { return static_cast<double>(a) / static_cast<double>(b); })
BINARY(Mul, [](auto a, auto b) { return a * b; })
BINARY_WITH_ALPHA(Add, [](auto a, auto b, auto alpha) { return a + alpha * b; })
BINARY_WITH_ALPHA(Sub, [](auto a, auto b, auto alpha) { return a - alpha * b; })
