// SPDX-License-Identifier: Apache-2.0
// What the exported functions of the binary cross-entropy operators share: they check their parameters, turn
// what a framework passes into what the kernels read, add the launch, and bring the result to where it
// belongs.
#pragma once

#include "aclnn/aclnn_base.h"
#include "opdev/common_types.h"
#include "opdev/op_executor.h"

namespace bce {

// Whether an operator has kernels for every pair of input and target dtypes, or only for equal ones.
enum class Dtypes { kEveryPair, kEqual };

// Adds the launch of an operator to the executor. Inputs are contiguous, weights are float32 or null,
// grad_output has target's dtype. Returns `out`, or null on failure.
using LaunchLoss = const aclTensor* (*)(const aclTensor* self, const aclTensor* target,
                                        const aclTensor* weight, const aclTensor* posWeight,
                                        int64_t reduction, const aclTensor* out, aclOpExecutor* executor);
using LaunchGradient = const aclTensor* (*)(const aclTensor* gradOutput, const aclTensor* self,
                                            const aclTensor* target, const aclTensor* weight,
                                            const aclTensor* posWeight, int64_t reduction,
                                            const aclTensor* out, aclOpExecutor* executor);

using LaunchLossAndGradient = const aclTensor* (*)(const aclTensor* self, const aclTensor* target,
                                                   const aclTensor* weight, const aclTensor* posWeight,
                                                   int64_t reduction, const aclTensor* out,
                                                   const aclTensor* gradient, aclOpExecutor* executor);
using LaunchScale = const aclTensor* (*)(const aclTensor* gradient, const aclTensor* gradOutput,
                                         aclOpExecutor* executor);

// 0, 161001 or 161002; what is wrong is logged. Tensors may be null here.
aclnnStatus CheckLoss(const aclTensor* self, const aclTensor* target, const aclTensor* weight,
                      const aclTensor* posWeight, int64_t reduction, const aclTensor* out);
aclnnStatus CheckGradient(const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
                          const aclTensor* weight, const aclTensor* posWeight, int64_t reduction,
                          const aclTensor* out);
aclnnStatus CheckLossAndGradient(const aclTensor* self, const aclTensor* target, const aclTensor* weight,
                                 const aclTensor* posWeight, int64_t reduction, const aclTensor* out,
                                 const aclTensor* gradient);
aclnnStatus CheckScale(const aclTensor* gradOutput, const aclTensor* gradient);

// Everything between the checks and the run.
aclnnStatus PrepareLoss(LaunchLoss launch, Dtypes dtypes, const aclTensor* self, const aclTensor* target,
                        const aclTensor* weight, const aclTensor* posWeight, int64_t reduction,
                        const aclTensor* out, aclOpExecutor* executor);
// `like` says whose dtype the kernels write: self's or target's.
enum class GradientOf { kSelf, kTarget };
aclnnStatus PrepareGradient(LaunchGradient launch, Dtypes dtypes, GradientOf like,
                            const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
                            const aclTensor* weight, const aclTensor* posWeight, int64_t reduction,
                            const aclTensor* out, aclOpExecutor* executor);
aclnnStatus PrepareLossAndGradient(LaunchLossAndGradient launch, const aclTensor* self,
                                   const aclTensor* target, const aclTensor* weight,
                                   const aclTensor* posWeight, int64_t reduction, const aclTensor* out,
                                   const aclTensor* gradient, aclOpExecutor* executor);
aclnnStatus PrepareScale(LaunchScale launch, const aclTensor* gradOutput, const aclTensor* gradient,
                         aclOpExecutor* executor);

}  // namespace bce
