// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "aclnn/acl_meta.h"

#ifdef __cplusplus
extern "C" {
#endif

ASCEND_SIM_EXPORT aclnnStatus aclnnInit(const char* configPath);
ASCEND_SIM_EXPORT aclnnStatus aclnnFinalize(void);

#ifdef __cplusplus
}
#endif
