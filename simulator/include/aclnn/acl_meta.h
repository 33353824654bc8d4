// SPDX-License-Identifier: Apache-2.0
// Tensors, scalars, arrays and executors of the aclnn functions.
#pragma once

#include <stdbool.h>

#include "acl/acl_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct aclOpExecutor aclOpExecutor;
typedef struct aclTensor aclTensor;
typedef struct aclScalar aclScalar;
typedef struct aclIntArray aclIntArray;
typedef struct aclFloatArray aclFloatArray;
typedef struct aclBoolArray aclBoolArray;
typedef struct aclTensorList aclTensorList;
typedef struct aclScalarList aclScalarList;

typedef int32_t aclnnStatus;

/* `stride` and `offset` count elements of `tensorData`, which stays the caller's. stride may be null:
 * contiguous. */
ASCEND_SIM_EXPORT aclTensor* aclCreateTensor(const int64_t* viewDims, uint64_t viewDimsNum,
                                             aclDataType dataType, const int64_t* stride, int64_t offset,
                                             aclFormat format, const int64_t* storageDims,
                                             uint64_t storageDimsNum, void* tensorData);
ASCEND_SIM_EXPORT aclScalar* aclCreateScalar(void* value, aclDataType dataType);
ASCEND_SIM_EXPORT aclIntArray* aclCreateIntArray(const int64_t* value, uint64_t size);
ASCEND_SIM_EXPORT aclFloatArray* aclCreateFloatArray(const float* value, uint64_t size);
ASCEND_SIM_EXPORT aclBoolArray* aclCreateBoolArray(const bool* value, uint64_t size);
/* A list owns its tensors: destroying it destroys them. */
ASCEND_SIM_EXPORT aclTensorList* aclCreateTensorList(const aclTensor* const* value, uint64_t size);

ASCEND_SIM_EXPORT aclnnStatus aclDestroyTensor(const aclTensor* tensor);
ASCEND_SIM_EXPORT aclnnStatus aclDestroyScalar(const aclScalar* scalar);
ASCEND_SIM_EXPORT aclnnStatus aclDestroyIntArray(const aclIntArray* array);
ASCEND_SIM_EXPORT aclnnStatus aclDestroyFloatArray(const aclFloatArray* array);
ASCEND_SIM_EXPORT aclnnStatus aclDestroyBoolArray(const aclBoolArray* array);
ASCEND_SIM_EXPORT aclnnStatus aclDestroyTensorList(const aclTensorList* array);

/* The arrays that these hand out are the caller's: release them with delete[]. */
ASCEND_SIM_EXPORT aclnnStatus aclGetViewShape(const aclTensor* tensor, int64_t** viewDims,
                                              uint64_t* viewDimsNum);
ASCEND_SIM_EXPORT aclnnStatus aclGetStorageShape(const aclTensor* tensor, int64_t** storageDims,
                                                 uint64_t* storageDimsNum);
ASCEND_SIM_EXPORT aclnnStatus aclGetViewStrides(const aclTensor* tensor, int64_t** stridesValue,
                                                uint64_t* stridesNum);
ASCEND_SIM_EXPORT aclnnStatus aclGetViewOffset(const aclTensor* tensor, int64_t* offset);
ASCEND_SIM_EXPORT aclnnStatus aclGetFormat(const aclTensor* tensor, aclFormat* format);
ASCEND_SIM_EXPORT aclnnStatus aclGetDataType(const aclTensor* tensor, aclDataType* dataType);
ASCEND_SIM_EXPORT aclnnStatus aclGetIntArraySize(const aclIntArray* array, uint64_t* size);
ASCEND_SIM_EXPORT aclnnStatus aclGetFloatArraySize(const aclFloatArray* array, uint64_t* size);
ASCEND_SIM_EXPORT aclnnStatus aclGetBoolArraySize(const aclBoolArray* array, uint64_t* size);
ASCEND_SIM_EXPORT aclnnStatus aclGetTensorListSize(const aclTensorList* tensorList, uint64_t* size);

/* An executor dies with its first phase 2 unless it was made repeatable; then aclDestroyAclOpExecutor ends
 * it. */
ASCEND_SIM_EXPORT aclnnStatus aclSetAclOpExecutorRepeatable(aclOpExecutor* executor);
ASCEND_SIM_EXPORT aclnnStatus aclDestroyAclOpExecutor(aclOpExecutor* executor);
/* Gives a tensor of a repeatable executor another address. Executors read addresses from their tensors at
   every run, so the index is not needed to find it. */
ASCEND_SIM_EXPORT aclnnStatus aclSetTensorAddr(aclOpExecutor* executor, const size_t index, aclTensor* tensor,
                                               void* addr);
ASCEND_SIM_EXPORT aclnnStatus aclSetInputTensorAddr(aclOpExecutor* executor, const size_t index,
                                                    aclTensor* tensor, void* addr);
ASCEND_SIM_EXPORT aclnnStatus aclSetOutputTensorAddr(aclOpExecutor* executor, const size_t index,
                                                     aclTensor* tensor, void* addr);
ASCEND_SIM_EXPORT aclnnStatus aclSetRawTensorAddr(aclTensor* tensor, void* addr);
ASCEND_SIM_EXPORT aclnnStatus aclGetRawTensorAddr(const aclTensor* tensor, void** addr);

#ifdef __cplusplus
}
#endif
