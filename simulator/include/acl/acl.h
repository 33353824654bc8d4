// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "acl/acl_rt.h"

#ifdef __cplusplus
extern "C" {
#endif

ASCEND_SIM_EXPORT aclError aclInit(const char* configPath);
ASCEND_SIM_EXPORT aclError aclFinalize(void);
/* The text of the errors of this thread since the last call, and forgets them; null if there are none. The
   text stays valid until the next call on this thread. */
ASCEND_SIM_EXPORT const char* aclGetRecentErrMsg(void);

#ifdef __cplusplus
}
#endif
