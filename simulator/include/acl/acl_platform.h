// SPDX-License-Identifier: Apache-2.0
// Which CANN this stands for.
#pragma once

#include "acl/acl_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ACL_CANN_ATTR_UNDEFINED = -1,
    ACL_CANN_ATTR_INF_NAN = 0,
    ACL_CANN_ATTR_BF16 = 1,
    ACL_CANN_ATTR_JIT_COMPILE = 2
} aclCannAttr;

/* Of a part of CANN; all have the same version here. */
typedef int aclCANNPackageName;

typedef struct aclCANNPackageVersion {
    char version[128];
    char majorVersion[64];
    char minorVersion[64];
    char releaseVersion[64];
    char patchVersion[64];
    char reserved[128];
} aclCANNPackageVersion;

/* The environment variable ASCEND_SIM_CANN_VERSION, else 8.1.RC1. */
ASCEND_SIM_EXPORT aclError aclsysGetCANNVersion(aclCANNPackageName name, aclCANNPackageVersion* version);
ASCEND_SIM_EXPORT aclError aclGetCannAttributeList(const aclCannAttr** cannAttrList, size_t* num);
ASCEND_SIM_EXPORT aclError aclGetCannAttribute(aclCannAttr cannAttr, int32_t* value);

#ifdef __cplusplus
}
#endif
