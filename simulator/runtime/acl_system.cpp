// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <string>

#include "acl/acl_platform.h"
#include "device.h"

namespace {

// Infinities and NaNs as IEEE 754 has them, and bfloat16. Nothing is compiled at run time.
constexpr aclCannAttr kAttributes[] = {ACL_CANN_ATTR_INF_NAN, ACL_CANN_ATTR_BF16};

aclError NullArgument(const char* function)
{
    return ascend_sim::Fail(ACL_ERROR_INVALID_PARAM, std::string(function) + ": an argument is null");
}

}  // namespace

extern "C" {

aclError aclsysGetCANNVersion(aclCANNPackageName, aclCANNPackageVersion* version)
{
    if (version == nullptr) {
        return NullArgument("aclsysGetCANNVersion");
    }
    const char* wanted = std::getenv("ASCEND_SIM_CANN_VERSION");
    const std::string text = wanted == nullptr ? "8.1.RC1" : wanted;
    *version = {};
    std::snprintf(version->version, sizeof(version->version), "%s", text.c_str());
    std::istringstream parts(text);
    std::string part;
    for (char* field :
         {version->majorVersion, version->minorVersion, version->releaseVersion, version->patchVersion}) {
        if (std::getline(parts, part, '.')) {
            std::snprintf(field, sizeof(version->majorVersion), "%s", part.c_str());
        }
    }
    return ACL_SUCCESS;
}

aclError aclGetCannAttributeList(const aclCannAttr** cannAttrList, size_t* num)
{
    if (cannAttrList == nullptr || num == nullptr) {
        return NullArgument("aclGetCannAttributeList");
    }
    *cannAttrList = kAttributes;
    *num = std::size(kAttributes);
    return ACL_SUCCESS;
}

aclError aclGetCannAttribute(aclCannAttr cannAttr, int32_t* value)
{
    if (value == nullptr) {
        return NullArgument("aclGetCannAttribute");
    }
    *value = std::find(std::begin(kAttributes), std::end(kAttributes), cannAttr) != std::end(kAttributes);
    return ACL_SUCCESS;
}

}  // extern "C"
