// SPDX-License-Identifier: Apache-2.0
#ifndef ACLNN_BINARY_CROSS_ENTROPY_WITH_LOGITS_TARGET_BACKWARD_H
#define ACLNN_BINARY_CROSS_ENTROPY_WITH_LOGITS_TARGET_BACKWARD_H

#include "aclnn/acl_meta.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Gradient of binary cross-entropy with logits with respect to the target, CANN's signature.
 *
 * gradTarget = gradOutput * weight * (pos_weight * softplus(-self) - softplus(self)), divided by the number
 * of elements for the mean.
 *
 * Accuracy in ULP: float32 4, with weight 4, with pos_weight 4, with both 4; float16 0.502, bfloat16 0.501
 * (docs/accuracy.md).
 *
 * @param gradOutput  of a shape that broadcasts to self's (one element for a reduced loss); float32, float16
 * or bfloat16, any strides, as all tensors here
 * @param self  logits
 * @param target  of self's shape
 * @param weightOptional  null, or of a shape that broadcasts to self's
 * @param posWeightOptional  likewise
 * @param reduction  0 none, 1 mean, 2 sum
 * @param gradTarget  of self's shape
 * @param workspaceSize  [out] bytes of device memory that the second function wants
 * @param executor  [out] what the second function runs
 * @return 0; 161001 if a pointer is null that must not be; 161002 if a parameter is invalid:
 * aclGetRecentErrMsg() says which
 */
__attribute__((visibility("default"))) aclnnStatus
aclnnBinaryCrossEntropyWithLogitsTargetBackwardGetWorkspaceSize(
    const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
    const aclTensor* weightOptional, const aclTensor* posWeightOptional, int64_t reduction,
    aclTensor* gradTarget, uint64_t* workspaceSize, aclOpExecutor** executor);

/** Runs what aclnnBinaryCrossEntropyWithLogitsTargetBackwardGetWorkspaceSize prepared. */
__attribute__((visibility("default"))) aclnnStatus aclnnBinaryCrossEntropyWithLogitsTargetBackward(
    void* workspace, uint64_t workspaceSize, aclOpExecutor* executor, aclrtStream stream);

#ifdef __cplusplus
}
#endif

#endif
