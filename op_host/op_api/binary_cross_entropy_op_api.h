// SPDX-License-Identifier: Apache-2.0
// What the exported functions of the binary cross-entropy operators share: checks, and the views and casts
// that turn what a framework passes into what the kernels read.
#pragma once

#include "aclnn/aclnn_base.h"
#include "opdev/common_types.h"
#include "opdev/op_executor.h"

namespace bce {

constexpr int64_t REDUCTION_NONE = 0;
constexpr int64_t REDUCTION_MEAN = 1;
constexpr int64_t REDUCTION_SUM = 2;

// Each check logs what is wrong with the tensor called `name` and returns false.
bool CheckTensor(const aclTensor* tensor, const char* name);  // dtype and number of dimensions
bool CheckReduction(int64_t reduction);
bool CheckSameShape(const aclTensor* tensor, const char* name, const aclTensor* other, const char* otherName);
bool CheckBroadcasts(const aclTensor* tensor, const char* name, const aclTensor* input);  // null passes
bool CheckDtype(const aclTensor* tensor, const char* name, op::DataType expected, const char* source);

// `tensor` as the kernels read it: contiguous and of `dtype`. Dimensions that were expanded with stride 0 are
// shrunk back to 1 first, so that an expanded operand stays compact. Null stays null; null is also the error.
const aclTensor* Compact(const aclTensor* tensor, op::DataType dtype, aclOpExecutor* executor);

// A contiguous tensor that a kernel may write `out` through: `out` itself where its memory and dtype allow,
// else null.
const aclTensor* DirectOutput(const aclTensor* out, op::DataType dtype, aclOpExecutor* executor);

// Copies `result` to `out`, casting and striding as needed.
bool CopyToOutput(const aclTensor* result, const aclTensor* out, aclOpExecutor* executor);

}  // namespace bce
