// SPDX-License-Identifier: Apache-2.0
// Devices, memory, streams and events. The simulated devices live in the host's memory. Work on a stream that
// was created is done in order on a thread of its own; work on the default stream (null) is done when the
// call that submits it returns.
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

typedef enum aclrtMemAttr { ACL_DDR_MEM, ACL_HBM_MEM } aclrtMemAttr;

typedef enum aclrtMemLocationType {
    ACL_MEM_LOCATION_TYPE_HOST = 0,
    ACL_MEM_LOCATION_TYPE_DEVICE = 1,
    ACL_MEM_LOCATION_TYPE_UNREGISTERED = 2
} aclrtMemLocationType;

typedef struct aclrtMemLocation {
    uint32_t id;
    aclrtMemLocationType type;
} aclrtMemLocation;

typedef struct aclrtPtrAttributes {
    aclrtMemLocation location;
    uint32_t pageSize;
    uint32_t rsv[4];
} aclrtPtrAttributes;

typedef enum aclrtEventRecordedStatus {
    ACL_EVENT_RECORDED_STATUS_NOT_READY = 0,
    ACL_EVENT_RECORDED_STATUS_COMPLETE = 1
} aclrtEventRecordedStatus;

typedef enum aclrtEventWaitStatus {
    ACL_EVENT_WAIT_STATUS_COMPLETE = 0,
    ACL_EVENT_WAIT_STATUS_NOT_READY = 1
} aclrtEventWaitStatus;

typedef enum aclrtStreamStatus {
    ACL_STREAM_STATUS_COMPLETE = 0,
    ACL_STREAM_STATUS_NOT_READY = 1
} aclrtStreamStatus;

typedef enum aclrtFloatOverflowMode {
    ACL_RT_OVERFLOW_MODE_SATURATION = 0,
    ACL_RT_OVERFLOW_MODE_INFNAN = 1
} aclrtFloatOverflowMode;

typedef enum { ACL_OPT_DETERMINISTIC = 0, ACL_OPT_STRONG_CONSISTENCY = 2 } aclSysParamOpt;

typedef enum {
    ACL_DEVICE_INFO_AI_CORE_NUM = 0,
    ACL_DEVICE_INFO_VECTOR_CORE_NUM = 1,
    ACL_DEVICE_INFO_L2_SIZE = 2
} aclDeviceInfo;

typedef void (*aclrtHostFunc)(void* args);
typedef void (*aclrtCallback)(void* userData);

typedef enum aclrtCallbackBlockType { ACL_CALLBACK_NO_BLOCK, ACL_CALLBACK_BLOCK } aclrtCallbackBlockType;

typedef enum aclrtRunMode { ACL_DEVICE, ACL_HOST } aclrtRunMode;

typedef enum aclrtMemHandleType { ACL_MEM_HANDLE_TYPE_NONE = 0 } aclrtMemHandleType;
typedef enum aclrtMemAllocationType { ACL_MEM_ALLOCATION_TYPE_PINNED = 0 } aclrtMemAllocationType;
typedef void* aclrtDrvMemHandle;

typedef struct aclrtPhysicalMemProp {
    aclrtMemHandleType handleType;
    aclrtMemAllocationType allocationType;
    aclrtMemAttr memAttr;
    aclrtMemLocation location;
    uint64_t reserve;
} aclrtPhysicalMemProp;

ASCEND_SIM_EXPORT aclError aclrtSetDevice(int32_t deviceId);
ASCEND_SIM_EXPORT aclError aclrtResetDevice(int32_t deviceId);
ASCEND_SIM_EXPORT aclError aclrtGetDevice(int32_t* deviceId);
ASCEND_SIM_EXPORT aclError aclrtGetDeviceCount(uint32_t* count);
ASCEND_SIM_EXPORT aclError aclrtSynchronizeDevice(void);
/* As without it: simulated work ends. */
ASCEND_SIM_EXPORT aclError aclrtSynchronizeDeviceWithTimeout(int32_t timeout);
ASCEND_SIM_EXPORT aclError aclrtGetPrimaryCtxState(int32_t deviceId, uint32_t* flags, int32_t* active);
ASCEND_SIM_EXPORT aclError aclrtDeviceCanAccessPeer(int32_t* canAccessPeer, int32_t deviceId,
                                                    int32_t peerDeviceId);
ASCEND_SIM_EXPORT aclError aclrtDeviceEnablePeerAccess(int32_t peerDeviceId, uint32_t flags);
ASCEND_SIM_EXPORT aclError aclGetDeviceCapability(uint32_t deviceId, aclDeviceInfo deviceInfo,
                                                  int64_t* value);
/* Only the mode of infinities and NaNs is simulated. */
ASCEND_SIM_EXPORT aclError aclrtSetDeviceSatMode(aclrtFloatOverflowMode mode);
ASCEND_SIM_EXPORT aclError aclrtGetDeviceSatMode(aclrtFloatOverflowMode* mode);
/* Remembered; the simulated operators are deterministic whatever is set. */
ASCEND_SIM_EXPORT aclError aclrtSetSysParamOpt(aclSysParamOpt opt, int64_t value);
ASCEND_SIM_EXPORT aclError aclrtCtxSetSysParamOpt(aclSysParamOpt opt, int64_t value);
ASCEND_SIM_EXPORT aclError aclrtGetSysParamOpt(aclSysParamOpt opt, int64_t* value);

ASCEND_SIM_EXPORT aclError aclrtCreateContext(aclrtContext* context, int32_t deviceId);
ASCEND_SIM_EXPORT aclError aclrtDestroyContext(aclrtContext context);
ASCEND_SIM_EXPORT aclError aclrtSetCurrentContext(aclrtContext context);
ASCEND_SIM_EXPORT aclError aclrtGetCurrentContext(aclrtContext* context);

ASCEND_SIM_EXPORT aclError aclrtCreateStream(aclrtStream* stream);
ASCEND_SIM_EXPORT aclError aclrtCreateStreamWithConfig(aclrtStream* stream, uint32_t priority, uint32_t flag);
ASCEND_SIM_EXPORT aclError aclrtDestroyStream(aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtDestroyStreamForce(aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtSynchronizeStream(aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtSynchronizeStreamWithTimeout(aclrtStream stream, int32_t timeout);
ASCEND_SIM_EXPORT aclError aclrtStreamQuery(aclrtStream stream, aclrtStreamStatus* status);
ASCEND_SIM_EXPORT aclError aclrtStreamGetId(aclrtStream stream, int32_t* streamId);
ASCEND_SIM_EXPORT aclError aclrtLaunchHostFunc(aclrtStream stream, aclrtHostFunc fn, void* args);

ASCEND_SIM_EXPORT aclError aclrtCreateEvent(aclrtEvent* event);
ASCEND_SIM_EXPORT aclError aclrtCreateEventWithFlag(aclrtEvent* event, uint32_t flag);
ASCEND_SIM_EXPORT aclError aclrtCreateEventExWithFlag(aclrtEvent* event, uint32_t flag);
ASCEND_SIM_EXPORT aclError aclrtDestroyEvent(aclrtEvent event);
ASCEND_SIM_EXPORT aclError aclrtRecordEvent(aclrtEvent event, aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtResetEvent(aclrtEvent event, aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtStreamWaitEvent(aclrtStream stream, aclrtEvent event);
ASCEND_SIM_EXPORT aclError aclrtSynchronizeEvent(aclrtEvent event);
ASCEND_SIM_EXPORT aclError aclrtQueryEventStatus(aclrtEvent event, aclrtEventRecordedStatus* status);
ASCEND_SIM_EXPORT aclError aclrtQueryEventWaitStatus(aclrtEvent event, aclrtEventWaitStatus* status);
ASCEND_SIM_EXPORT aclError aclrtEventElapsedTime(float* ms, aclrtEvent startEvent, aclrtEvent endEvent);

/* Memory is aligned to 512 bytes, as the device's is. */
ASCEND_SIM_EXPORT aclError aclrtMalloc(void** devPtr, size_t size, aclrtMemMallocPolicy policy);
ASCEND_SIM_EXPORT aclError aclrtMallocAlign32(void** devPtr, size_t size, aclrtMemMallocPolicy policy);
/* Waits for the device's streams, which may use the memory. */
ASCEND_SIM_EXPORT aclError aclrtFree(void* devPtr);
ASCEND_SIM_EXPORT aclError aclrtMallocHost(void** hostPtr, size_t size);
ASCEND_SIM_EXPORT aclError aclrtFreeHost(void* hostPtr);
ASCEND_SIM_EXPORT aclError aclrtGetMemInfo(aclrtMemAttr attr, size_t* free, size_t* total);
ASCEND_SIM_EXPORT aclError aclrtPointerGetAttributes(const void* ptr, aclrtPtrAttributes* attributes);
ASCEND_SIM_EXPORT aclError aclrtMemset(void* devPtr, size_t maxCount, int32_t value, size_t count);
ASCEND_SIM_EXPORT aclError aclrtMemsetAsync(void* devPtr, size_t maxCount, int32_t value, size_t count,
                                            aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtMemcpy(void* dst, size_t destMax, const void* src, size_t count,
                                       aclrtMemcpyKind kind);
/* Between device memory and host memory that aclrtMallocHost did not give, it returns when the copy is done.
 */
ASCEND_SIM_EXPORT aclError aclrtMemcpyAsync(void* dst, size_t destMax, const void* src, size_t count,
                                            aclrtMemcpyKind kind, aclrtStream stream);

/* Which of the two this is called on. */
ASCEND_SIM_EXPORT aclError aclrtGetRunMode(aclrtRunMode* runMode);

/* A thread that subscribes to a stream by its pthread_self() runs the stream's callbacks when it reports.
   Without any in `timeout` milliseconds (negative: for ever) it gets ACL_ERROR_RT_REPORT_TIMEOUT. */
ASCEND_SIM_EXPORT aclError aclrtSubscribeReport(uint64_t threadId, aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtUnSubscribeReport(uint64_t threadId, aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtLaunchCallback(aclrtCallback fn, void* userData,
                                               aclrtCallbackBlockType blockType, aclrtStream stream);
ASCEND_SIM_EXPORT aclError aclrtProcessReport(int32_t timeout);

/* Addresses, and physical memory of a device that is mapped to them; sizes in whole pages. */
ASCEND_SIM_EXPORT aclError aclrtReserveMemAddress(void** virPtr, size_t size, size_t alignment,
                                                  void* expectPtr, uint64_t flags);
ASCEND_SIM_EXPORT aclError aclrtReleaseMemAddress(void* virPtr);
ASCEND_SIM_EXPORT aclError aclrtMallocPhysical(aclrtDrvMemHandle* handle, size_t size,
                                               const aclrtPhysicalMemProp* prop, uint64_t flags);
ASCEND_SIM_EXPORT aclError aclrtFreePhysical(aclrtDrvMemHandle handle);
ASCEND_SIM_EXPORT aclError aclrtMapMem(void* virPtr, size_t size, size_t offset, aclrtDrvMemHandle handle,
                                       uint64_t flags);
/* Waits for the device's streams, which may use the memory. */
ASCEND_SIM_EXPORT aclError aclrtUnmapMem(void* virPtr);

#ifdef __cplusplus
}
#endif
