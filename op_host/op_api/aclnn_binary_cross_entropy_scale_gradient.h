// SPDX-License-Identifier: Apache-2.0
#ifndef ACLNN_BINARY_CROSS_ENTROPY_SCALE_GRADIENT_H
#define ACLNN_BINARY_CROSS_ENTROPY_SCALE_GRADIENT_H

#include "aclnn/acl_meta.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * gradient = gradOutput * gradient, in place. Where gradOutput is 1 the gradient is neither read nor written,
 * and the host need not know.
 *
 * @param gradOutput  one element, float32 or bfloat16
 * @param gradient  contiguous, float32 or bfloat16, as aclnnBinaryCrossEntropyWithLogitsLossAndGradient gives
 * it
 * @param workspaceSize  [out] bytes of device memory that the second function wants
 * @param executor  [out] what the second function runs
 * @return 0; 161001 if a pointer is null that must not be; 161002 if a parameter is invalid:
 * aclGetRecentErrMsg() says which
 */
__attribute__((visibility("default"))) aclnnStatus aclnnBinaryCrossEntropyScaleGradientGetWorkspaceSize(
    const aclTensor* gradOutput, aclTensor* gradient, uint64_t* workspaceSize, aclOpExecutor** executor);

/** Runs what aclnnBinaryCrossEntropyScaleGradientGetWorkspaceSize prepared. */
__attribute__((visibility("default"))) aclnnStatus aclnnBinaryCrossEntropyScaleGradient(
    void* workspace, uint64_t workspaceSize, aclOpExecutor* executor, aclrtStream stream);

#ifdef __cplusplus
}
#endif

#endif
