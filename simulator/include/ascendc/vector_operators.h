// SPDX-License-Identifier: Apache-2.0
// `c = a + b` with tensors: the calls behind the operators that tensor.h declares.
#pragma once

#include "vector_binary.h"
#include "vector_compare.h"

namespace AscendC {
namespace detail {

#define ASCEND_SIM_TENSOR_OPERATION(name)                                                           \
    struct name##Operation {                                                                        \
        template <class T>                                                                          \
        static void Run(const LocalTensor<T>& target,                                               \
                        const TensorExpression<name##Operation, T>& expression)                     \
        {                                                                                           \
            name(target, expression.left, expression.right, static_cast<int32_t>(target.GetSize()), \
                 expression.where);                                                                 \
        }                                                                                           \
    };
ASCEND_SIM_TENSOR_OPERATION(Add)
ASCEND_SIM_TENSOR_OPERATION(Sub)
ASCEND_SIM_TENSOR_OPERATION(Mul)
ASCEND_SIM_TENSOR_OPERATION(Div)
ASCEND_SIM_TENSOR_OPERATION(And)
ASCEND_SIM_TENSOR_OPERATION(Or)
#undef ASCEND_SIM_TENSOR_OPERATION

// The target holds one bit for each element compared.
template <CMPMODE mode>
struct CompareOperation {
    template <class U, class T>
    static void Run(const LocalTensor<U>& target, const TensorExpression<CompareOperation, T>& expression)
    {
        Compare(target, expression.left, expression.right, mode, expression.left.GetSize(), expression.where);
    }
};

}  // namespace detail
}  // namespace AscendC
