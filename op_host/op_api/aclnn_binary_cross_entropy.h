// SPDX-License-Identifier: Apache-2.0
#ifndef ACLNN_BINARY_CROSS_ENTROPY_H
#define ACLNN_BINARY_CROSS_ENTROPY_H

#include "aclnn/acl_meta.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Binary cross-entropy of probabilities, CANN's signature.
 *
 * out = -weight * (target * max(ln(self), -100) + (1 - target) * max(ln(1 - self), -100)), of every element
 * or reduced.
 *
 * Accuracy in ULP: float32 3, with weight 5; float16 0.502, bfloat16 0.501 (docs/accuracy.md).
 *
 * @param self  probabilities in [0, 1], which is not checked: float32, float16 or bfloat16, 0 to 8
 * dimensions, any strides
 * @param target  of self's shape, any of the three dtypes
 * @param weight  null, or of a shape that broadcasts to self's
 * @param reduction  0 none, 1 mean, 2 sum
 * @param out  of target's dtype; of self's shape without reduction, else of one element
 * @param workspaceSize  [out] bytes of device memory that the second function wants
 * @param executor  [out] what the second function runs
 * @return 0; 161001 if a pointer is null that must not be; 161002 if a parameter is invalid:
 * aclGetRecentErrMsg() says which
 */
__attribute__((visibility("default"))) aclnnStatus aclnnBinaryCrossEntropyGetWorkspaceSize(
    const aclTensor* self, const aclTensor* target, const aclTensor* weight, int64_t reduction,
    aclTensor* out, uint64_t* workspaceSize, aclOpExecutor** executor);

/** Runs what aclnnBinaryCrossEntropyGetWorkspaceSize prepared. */
__attribute__((visibility("default"))) aclnnStatus aclnnBinaryCrossEntropy(void* workspace,
                                                                           uint64_t workspaceSize,
                                                                           aclOpExecutor* executor,
                                                                           aclrtStream stream);

#ifdef __cplusplus
}
#endif

#endif
