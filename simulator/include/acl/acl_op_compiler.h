// SPDX-License-Identifier: Apache-2.0
// The older way to operators, by their type and without an aclnn function. It is not simulated.
#pragma once

#include "acl/acl_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct aclTensorDesc aclTensorDesc;
typedef struct aclDataBuffer aclDataBuffer;
typedef struct aclopAttr aclopAttr;
typedef int aclCompileOpt;

/* Both fail with a text that names the operator. */
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

/* Options are remembered; nothing is compiled. */
ASCEND_SIM_EXPORT aclError aclSetCompileopt(aclCompileOpt opt, const char* value);
ASCEND_SIM_EXPORT aclError aclGetCompileopt(aclCompileOpt opt, char* value, size_t length);
ASCEND_SIM_EXPORT size_t aclGetCompileoptSize(aclCompileOpt opt);

#ifdef __cplusplus
}
#endif
