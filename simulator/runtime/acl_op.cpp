// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "acl/acl_op_compiler.h"
#include "device.h"

namespace {

std::mutex options_mutex;
std::map<aclCompileOpt, std::string> options;

// Without a last option, its text is empty.
std::string OptionText(aclCompileOpt opt)
{
    const std::lock_guard<std::mutex> lock(options_mutex);
    return options[opt];
}

aclError FailOperator(const char* function, const char* op_type)
{
    const std::string text =
        std::string(function) + ": operator type " + (op_type == nullptr ? "(null)" : op_type) +
        " is not simulated; frameworks come here when no library has the operator's aclnn function";
    // At once, because frameworks that call it on a thread of theirs tell much later.
    std::fprintf(stderr, "ascend-simulator: %s\n", text.c_str());
    return ascend_sim::Fail(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, text);
}

}  // namespace

extern "C" {

aclError aclopCompileAndExecute(const char* opType, int, const aclTensorDesc* const[],
                                const aclDataBuffer* const[], int, const aclTensorDesc* const[],
                                aclDataBuffer* const[], const aclopAttr*, int, int, const char*, aclrtStream)
{
    return FailOperator("aclopCompileAndExecute", opType);
}

aclError aclopCompileAndExecuteV2(const char* opType, int, aclTensorDesc*[], aclDataBuffer*[], int,
                                  aclTensorDesc*[], aclDataBuffer*[], aclopAttr*, int, int, const char*,
                                  aclrtStream)
{
    return FailOperator("aclopCompileAndExecuteV2", opType);
}

aclError aclSetCompileopt(aclCompileOpt opt, const char* value)
{
    if (value == nullptr) {
        return ascend_sim::Fail(ACL_ERROR_INVALID_PARAM, "aclSetCompileopt: the value is null");
    }
    const std::lock_guard<std::mutex> lock(options_mutex);
    options[opt] = value;
    return ACL_SUCCESS;
}

aclError aclGetCompileopt(aclCompileOpt opt, char* value, size_t length)
{
    const std::string text = OptionText(opt);
    if (value == nullptr || length <= text.size()) {
        return ascend_sim::Fail(
            ACL_ERROR_INVALID_PARAM,
            "aclGetCompileopt: the value is null or shorter than aclGetCompileoptSize says");
    }
    std::memcpy(value, text.c_str(), text.size() + 1);
    return ACL_SUCCESS;
}

size_t aclGetCompileoptSize(aclCompileOpt opt)
{
    return OptionText(opt).size() + 1;
}

}  // extern "C"
