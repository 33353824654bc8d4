// SPDX-License-Identifier: Apache-2.0
// The older way to operators, by their type and without an aclnn function.
#pragma once

#include "acl/acl_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct aclTensorDesc aclTensorDesc;
typedef struct aclDataBuffer aclDataBuffer;
typedef struct aclopAttr aclopAttr;
typedef int aclCompileOpt;
static const aclCompileOpt ACL_OP_JIT_COMPILE = 10;

ASCEND_SIM_EXPORT aclTensorDesc* aclCreateTensorDesc(aclDataType dataType, int numDims, const int64_t* dims,
                                                     aclFormat format);
ASCEND_SIM_EXPORT void aclDestroyTensorDesc(const aclTensorDesc* desc);
ASCEND_SIM_EXPORT aclDataType aclGetTensorDescType(const aclTensorDesc* desc);
ASCEND_SIM_EXPORT aclFormat aclGetTensorDescFormat(const aclTensorDesc* desc);
ASCEND_SIM_EXPORT size_t aclGetTensorDescNumDims(const aclTensorDesc* desc);
ASCEND_SIM_EXPORT aclError aclGetTensorDescDimV2(const aclTensorDesc* desc, size_t index, int64_t* dimSize);

ASCEND_SIM_EXPORT aclDataBuffer* aclCreateDataBuffer(void* data, size_t size);
ASCEND_SIM_EXPORT aclError aclDestroyDataBuffer(const aclDataBuffer* dataBuffer);
ASCEND_SIM_EXPORT aclError aclUpdateDataBuffer(aclDataBuffer* dataBuffer, void* data, size_t size);
ASCEND_SIM_EXPORT void* aclGetDataBufferAddr(const aclDataBuffer* dataBuffer);

/* Attributes, and where an operator takes its workspace from: the ones that are simulated need neither. */
typedef void* aclrtAllocatorDesc;
ASCEND_SIM_EXPORT aclopAttr* aclopCreateAttr(void);
ASCEND_SIM_EXPORT void aclopDestroyAttr(const aclopAttr* attr);
ASCEND_SIM_EXPORT aclrtAllocatorDesc aclrtAllocatorCreateDesc(void);
ASCEND_SIM_EXPORT aclError aclrtAllocatorDestroyDesc(aclrtAllocatorDesc allocatorDesc);

/* Of the operators RealDiv alone is simulated, which MindSpore has no aclnn function for. For others both
   fail with a text that names the operator. */
ASCEND_SIM_EXPORT aclError aclopCompileAndExecute(const char* opType, int numInputs,
                                                  const aclTensorDesc* const inputDesc[],
                                                  const aclDataBuffer* const inputs[], int numOutputs,
                                                  const aclTensorDesc* const outputDesc[],
                                                  aclDataBuffer* const outputs[], const aclopAttr* attr,
                                                  int engineType, int compileFlag, const char* opPath,
                                                  aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclopCompileAndExecuteV2(const char* opType, int numInputs,
                                                    aclTensorDesc* inputDesc[], aclDataBuffer* inputs[],
                                                    int numOutputs, aclTensorDesc* outputDesc[],
                                                    aclDataBuffer* outputs[], aclopAttr* attr, int engineType,
                                                    int compileFlag, const char* opPath, aclrtStream stream);

/* Options are remembered; nothing is compiled, which ACL_OP_JIT_COMPILE says from the beginning. */
ASCEND_SIM_EXPORT aclError aclSetCompileopt(aclCompileOpt opt, const char* value);
ASCEND_SIM_EXPORT aclError aclGetCompileopt(aclCompileOpt opt, char* value, size_t length);
ASCEND_SIM_EXPORT size_t aclGetCompileoptSize(aclCompileOpt opt);

#ifdef __cplusplus
}
#endif
