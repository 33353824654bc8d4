// SPDX-License-Identifier: Apache-2.0
// Devices, memory and streams. The simulated device lives in the host's memory; work on a stream is done when
// the call that submits it returns, so waiting never waits.
#pragma once

#include "acl/acl_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum aclrtMemMallocPolicy {
    ACL_MEM_MALLOC_HUGE_FIRST,
    ACL_MEM_MALLOC_HUGE_ONLY,
    ACL_MEM_MALLOC_NORMAL_ONLY
} aclrtMemMallocPolicy;

typedef enum aclrtMemcpyKind {
    ACL_MEMCPY_HOST_TO_HOST,
    ACL_MEMCPY_HOST_TO_DEVICE,
    ACL_MEMCPY_DEVICE_TO_HOST,
    ACL_MEMCPY_DEVICE_TO_DEVICE,
    ACL_MEMCPY_DEFAULT
} aclrtMemcpyKind;

ASCEND_SIM_EXPORT aclError aclrtSetDevice(int32_t deviceId);
ASCEND_SIM_EXPORT aclError aclrtResetDevice(int32_t deviceId);
ASCEND_SIM_EXPORT aclError aclrtGetDevice(int32_t* deviceId);
ASCEND_SIM_EXPORT aclError aclrtGetDeviceCount(uint32_t* count);
ASCEND_SIM_EXPORT aclError aclrtSynchronizeDevice(void);

ASCEND_SIM_EXPORT aclError aclrtCreateContext(aclrtContext* context, int32_t deviceId);
ASCEND_SIM_EXPORT aclError aclrtDestroyContext(aclrtContext context);

ASCEND_SIM_EXPORT aclError aclrtCreateStream(aclrtStream* stream);
ASCEND_SIM_EXPORT aclError aclrtDestroyStream(aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtSynchronizeStream(aclrtStream stream);

/* Memory is aligned to 512 bytes, as the device's is. */
ASCEND_SIM_EXPORT aclError aclrtMalloc(void** devPtr, size_t size, aclrtMemMallocPolicy policy);
ASCEND_SIM_EXPORT aclError aclrtFree(void* devPtr);
ASCEND_SIM_EXPORT aclError aclrtMallocHost(void** hostPtr, size_t size);
ASCEND_SIM_EXPORT aclError aclrtFreeHost(void* hostPtr);
ASCEND_SIM_EXPORT aclError aclrtMemset(void* devPtr, size_t maxCount, int32_t value, size_t count);
ASCEND_SIM_EXPORT aclError aclrtMemsetAsync(void* devPtr, size_t maxCount, int32_t value, size_t count,
                                            aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtMemcpy(void* dst, size_t destMax, const void* src, size_t count,
                                       aclrtMemcpyKind kind);
ASCEND_SIM_EXPORT aclError aclrtMemcpyAsync(void* dst, size_t destMax, const void* src, size_t count,
                                            aclrtMemcpyKind kind, aclrtStream stream);

#ifdef __cplusplus
}
#endif
