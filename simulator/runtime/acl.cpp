// SPDX-License-Identifier: Apache-2.0
// Beginning and end, errors, and small things that need no device.
#include "acl/acl.h"

#include <atomic>

#include "../core/platform.h"
#include "../include/ascendc/half.h"
#include "aclnn/aclnn_base.h"
#include "device.h"
#include "errors.h"
#include "opdev/data_type_utils.h"
#include "stream.h"

namespace {

std::atomic<bool> initialised{false};

}  // namespace

extern "C" {

aclError aclInit(const char*)
{
    return initialised.exchange(true)
               ? ascend_sim::Fail(ACL_ERROR_REPEAT_INITIALIZE, "aclInit was called before")
               : ACL_SUCCESS;
}

aclError aclFinalize(void)
{
    ascend_sim::SynchronizeStreams(-1);
    return initialised.exchange(false) ? ACL_SUCCESS
                                       : ascend_sim::Fail(ACL_ERROR_UNINITIALIZE, "aclInit was not called");
}

const char* aclGetRecentErrMsg(void)
{
    return ascend_sim::TakeRecentError();
}

aclnnStatus aclnnInit(const char*)
{
    return 0;
}

aclnnStatus aclnnFinalize(void)
{
    return 0;
}

const char* aclrtGetSocName(void)
{
    return ascend_sim::CurrentPlatform().name.c_str();
}

size_t aclDataTypeSize(aclDataType dataType)
{
    return op::TypeSize(op::ToOpDataType(dataType));
}

float aclFloat16ToFloat(aclFloat16 value)
{
    return AscendC::detail::FloatOfHalfBits(value);
}

aclFloat16 aclFloatToFloat16(float value)
{
    return AscendC::detail::HalfBits(value);
}

}  // extern "C"
