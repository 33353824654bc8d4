// SPDX-License-Identifier: Apache-2.0
#ifndef ACLNN_BINARY_CROSS_ENTROPY_WITH_LOGITS_LOSS_AND_GRADIENT_H
#define ACLNN_BINARY_CROSS_ENTROPY_WITH_LOGITS_LOSS_AND_GRADIENT_H

#include "aclnn/acl_meta.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Reduced binary cross-entropy with logits, and its gradient with respect to the logits, in one pass.
 *
 * The same values as aclnnBinaryCrossEntropyWithLogits and, for a gradOutput of 1, of
 * aclnnBinaryCrossEntropyWithLogitsBackward.
 *
 * Accuracy in ULP: float32 4.5, with weight 5, with pos_weight 5, with both 5; float16 0.502, bfloat16 0.501
 * (docs/accuracy.md), of the gradient for the sum; one more for the mean. A float32 sum may be off by 2 more
 * than a loss, a mean by 2.5.
 *
 * @param self  logits; float32 or bfloat16, any strides, as all tensors here (in float16 the gradients of a
 * mean underflow: call the two functions)
 * @param target  of self's shape
 * @param weightOptional  null, or float32, float16 or bfloat16 of a shape that broadcasts to self's
 * @param posWeightOptional  likewise
 * @param reduction  1 mean, 2 sum
 * @param out  one element of target's dtype
 * @param gradient  of self's shape and dtype
 * @param workspaceSize  [out] bytes of device memory that the second function wants
 * @param executor  [out] what the second function runs
 * @return 0; 161001 if a pointer is null that must not be; 161002 if a parameter is invalid:
 * aclGetRecentErrMsg() says which
 */
__attribute__((visibility("default"))) aclnnStatus
aclnnBinaryCrossEntropyWithLogitsLossAndGradientGetWorkspaceSize(
    const aclTensor* self, const aclTensor* target, const aclTensor* weightOptional,
    const aclTensor* posWeightOptional, int64_t reduction, aclTensor* out, aclTensor* gradient,
    uint64_t* workspaceSize, aclOpExecutor** executor);

/** Runs what aclnnBinaryCrossEntropyWithLogitsLossAndGradientGetWorkspaceSize prepared. */
__attribute__((visibility("default"))) aclnnStatus aclnnBinaryCrossEntropyWithLogitsLossAndGradient(
    void* workspace, uint64_t workspaceSize, aclOpExecutor* executor, aclrtStream stream);

#ifdef __cplusplus
}
#endif

#endif
