// SPDX-License-Identifier: Apache-2.0
#ifndef ACLNN_BINARY_CROSS_ENTROPY_WITH_LOGITS_H
#define ACLNN_BINARY_CROSS_ENTROPY_WITH_LOGITS_H

#include "aclnn/acl_meta.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Binary cross-entropy with logits, CANN's signature.
 *
 * out = weight * (pos_weight * target * softplus(-self) + (1 - target) * softplus(self)), of every element or
 * reduced.
 *
 * Accuracy in ULP: float32 3, with weight 4, with pos_weight 4, with both 5; float16 0.502, bfloat16 0.501
 * (docs/accuracy.md).
 *
 * @param self  logits: float32, float16 or bfloat16, 0 to 8 dimensions, any strides
 * @param target  of self's shape, any of the three dtypes
 * @param weightOptional  null, or of a shape that broadcasts to self's
 * @param posWeightOptional  likewise
 * @param reduction  0 none, 1 mean, 2 sum
 * @param out  of target's dtype; of self's shape without reduction, else of one element
 * @param workspaceSize  [out] bytes of device memory that the second function wants
 * @param executor  [out] what the second function runs
 * @return 0; 161001 if a pointer is null that must not be; 161002 if a parameter is invalid:
 * aclGetRecentErrMsg() says which
 */
__attribute__((visibility("default"))) aclnnStatus aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize(
    const aclTensor* self, const aclTensor* target, const aclTensor* weightOptional,
    const aclTensor* posWeightOptional, int64_t reduction, aclTensor* out, uint64_t* workspaceSize,
    aclOpExecutor** executor);

/** Runs what aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize prepared. */
__attribute__((visibility("default"))) aclnnStatus aclnnBinaryCrossEntropyWithLogits(void* workspace,
                                                                                     uint64_t workspaceSize,
                                                                                     aclOpExecutor* executor,
                                                                                     aclrtStream stream);

#ifdef __cplusplus
}
#endif

#endif
