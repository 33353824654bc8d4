// SPDX-License-Identifier: Apache-2.0
// The C functions of devices, contexts and memory.
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "../core/platform.h"
#include "acl/acl_rt.h"
#include "device.h"
#include "stream.h"

using ascend_sim::CheckDevice;
using ascend_sim::Fail;
using ascend_sim::MemoryPlace;

namespace {

aclError CheckPointer(const char* function, const void* pointer)
{
    return pointer != nullptr ? ACL_SUCCESS
                              : Fail(ACL_ERROR_INVALID_PARAM, std::string(function) + ": a pointer is null");
}

aclError CheckSize(const char* function, const void* pointer, size_t size)
{
    if (pointer != nullptr && size > 0) {
        return ACL_SUCCESS;
    }
    return Fail(ACL_ERROR_INVALID_PARAM, std::string(function) + ": the pointer is null or the size is 0");
}

// Of all devices: this one's current value.
std::mutex parameters_mutex;
std::map<aclSysParamOpt, int64_t> parameters;

}  // namespace

extern "C" {

aclError aclrtSetDevice(int32_t deviceId)
{
    const aclError status = CheckDevice("aclrtSetDevice", deviceId);
    if (status == ACL_SUCCESS) {
        ascend_sim::CurrentContext() = &ascend_sim::OwnContext(deviceId);
        ascend_sim::SetDeviceActive(deviceId, true);
    }
    return status;
}

aclError aclrtResetDevice(int32_t deviceId)
{
    const aclError status = CheckDevice("aclrtResetDevice", deviceId);
    if (status == ACL_SUCCESS) {
        ascend_sim::SynchronizeStreams(deviceId);
        ascend_sim::SetDeviceActive(deviceId, false);
    }
    return status;
}

aclError aclrtGetDevice(int32_t* deviceId)
{
    const aclError status = CheckPointer("aclrtGetDevice", deviceId);
    if (status != ACL_SUCCESS) {
        return status;
    }
    if (ascend_sim::CurrentContext() == nullptr) {
        return ACL_ERROR_RT_CONTEXT_NULL;  // without a text, because this is how frameworks find it out
    }
    *deviceId = ascend_sim::CurrentDevice();
    return ACL_SUCCESS;
}

aclError aclrtGetDeviceCount(uint32_t* count)
{
    const aclError status = CheckPointer("aclrtGetDeviceCount", count);
    if (status == ACL_SUCCESS) {
        *count = static_cast<uint32_t>(ascend_sim::DeviceCount());
    }
    return status;
}

aclError aclrtSynchronizeDevice(void)
{
    const std::string failure = ascend_sim::SynchronizeStreams(ascend_sim::CurrentDevice());
    return failure.empty() ? ACL_SUCCESS : Fail(ACL_ERROR_RT_AICORE_EXCEPTION, failure);
}

aclError aclrtSynchronizeDeviceWithTimeout(int32_t)
{
    return aclrtSynchronizeDevice();
}

aclError aclrtGetPrimaryCtxState(int32_t deviceId, uint32_t* flags, int32_t* active)
{
    aclError status = CheckPointer("aclrtGetPrimaryCtxState", active);
    status = status == ACL_SUCCESS ? CheckDevice("aclrtGetPrimaryCtxState", deviceId) : status;
    if (status == ACL_SUCCESS) {
        *active = ascend_sim::IsDeviceActive(deviceId) ? 1 : 0;
        if (flags != nullptr) {
            *flags = 0;
        }
    }
    return status;
}

aclError aclrtDeviceCanAccessPeer(int32_t* canAccessPeer, int32_t deviceId, int32_t peerDeviceId)
{
    aclError status = CheckPointer("aclrtDeviceCanAccessPeer", canAccessPeer);
    for (const int32_t device : {deviceId, peerDeviceId}) {
        status = status == ACL_SUCCESS ? CheckDevice("aclrtDeviceCanAccessPeer", device) : status;
    }
    if (status == ACL_SUCCESS) {
        *canAccessPeer = 1;
    }
    return status;
}

aclError aclrtDeviceEnablePeerAccess(int32_t peerDeviceId, uint32_t)
{
    return CheckDevice("aclrtDeviceEnablePeerAccess", peerDeviceId);
}

aclError aclGetDeviceCapability(uint32_t deviceId, aclDeviceInfo deviceInfo, int64_t* value)
{
    aclError status = CheckPointer("aclGetDeviceCapability", value);
    status = status == ACL_SUCCESS ? CheckDevice("aclGetDeviceCapability", static_cast<int32_t>(deviceId))
                                   : status;
    if (status != ACL_SUCCESS) {
        return status;
    }
    const ascend_sim::Platform& platform = ascend_sim::CurrentPlatform();
    switch (deviceInfo) {
        case ACL_DEVICE_INFO_AI_CORE_NUM:
            *value = platform.cube_cores;
            return ACL_SUCCESS;
        case ACL_DEVICE_INFO_VECTOR_CORE_NUM:
            *value = platform.vector_cores;
            return ACL_SUCCESS;
        case ACL_DEVICE_INFO_L2_SIZE:
            *value = static_cast<int64_t>(platform.l2_size);
            return ACL_SUCCESS;
    }
    return Fail(ACL_ERROR_INVALID_PARAM,
                "aclGetDeviceCapability: no information " + std::to_string(static_cast<int>(deviceInfo)));
}

aclError aclrtSetDeviceSatMode(aclrtFloatOverflowMode mode)
{
    if (mode == ACL_RT_OVERFLOW_MODE_INFNAN) {
        return ACL_SUCCESS;
    }
    return Fail(ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                "aclrtSetDeviceSatMode: overflow gives infinities here; saturation is not simulated");
}

aclError aclrtGetDeviceSatMode(aclrtFloatOverflowMode* mode)
{
    const aclError status = CheckPointer("aclrtGetDeviceSatMode", mode);
    if (status == ACL_SUCCESS) {
        *mode = ACL_RT_OVERFLOW_MODE_INFNAN;
    }
    return status;
}

aclError aclrtSetSysParamOpt(aclSysParamOpt opt, int64_t value)
{
    const std::lock_guard<std::mutex> lock(parameters_mutex);
    parameters[opt] = value;
    return ACL_SUCCESS;
}

aclError aclrtCtxSetSysParamOpt(aclSysParamOpt opt, int64_t value)
{
    return aclrtSetSysParamOpt(opt, value);
}

aclError aclrtGetSysParamOpt(aclSysParamOpt opt, int64_t* value)
{
    const aclError status = CheckPointer("aclrtGetSysParamOpt", value);
    if (status == ACL_SUCCESS) {
        const std::lock_guard<std::mutex> lock(parameters_mutex);
        *value = parameters[opt];
    }
    return status;
}

aclError aclrtGetRunMode(aclrtRunMode* runMode)
{
    const aclError status = CheckPointer("aclrtGetRunMode", runMode);
    if (status == ACL_SUCCESS) {
        *runMode = ACL_HOST;
    }
    return status;
}

aclError aclrtCreateContext(aclrtContext* context, int32_t deviceId)
{
    aclError status = CheckPointer("aclrtCreateContext", context);
    status = status == ACL_SUCCESS ? CheckDevice("aclrtCreateContext", deviceId) : status;
    if (status == ACL_SUCCESS) {
        *context = ascend_sim::CurrentContext() = new ascend_sim::Context{deviceId};
    }
    return status;
}

aclError aclrtDestroyContext(aclrtContext context)
{
    auto* const destroyed = static_cast<ascend_sim::Context*>(context);
    for (int32_t device = 0; device < ascend_sim::DeviceCount(); ++device) {
        if (destroyed == &ascend_sim::OwnContext(device)) {
            return Fail(ACL_ERROR_INVALID_PARAM,
                        "aclrtDestroyContext: this is a device's own context; aclrtResetDevice ends it");
        }
    }
    if (ascend_sim::CurrentContext() == destroyed) {
        ascend_sim::CurrentContext() = nullptr;
    }
    delete destroyed;
    return ACL_SUCCESS;
}

aclError aclrtSetCurrentContext(aclrtContext context)
{
    const aclError status = CheckPointer("aclrtSetCurrentContext", context);
    if (status == ACL_SUCCESS) {
        ascend_sim::CurrentContext() = static_cast<ascend_sim::Context*>(context);
    }
    return status;
}

aclError aclrtGetCurrentContext(aclrtContext* context)
{
    const aclError status = CheckPointer("aclrtGetCurrentContext", context);
    if (status != ACL_SUCCESS) {
        return status;
    }
    *context = ascend_sim::CurrentContext();
    return *context == nullptr ? ACL_ERROR_RT_CONTEXT_NULL : ACL_SUCCESS;
}

aclError aclrtMalloc(void** devPtr, size_t size, aclrtMemMallocPolicy)
{
    const aclError status = CheckSize("aclrtMalloc", devPtr, size);
    if (status != ACL_SUCCESS) {
        return status;
    }
    const int32_t device = ascend_sim::CurrentDevice();
    *devPtr = ascend_sim::AllocateDeviceMemory(device, size);
    if (*devPtr == nullptr) {
        return ascend_sim::FailOutOfMemory("aclrtMalloc", device, size);
    }
    return ACL_SUCCESS;
}

aclError aclrtMallocAlign32(void** devPtr, size_t size, aclrtMemMallocPolicy policy)
{
    return aclrtMalloc(devPtr, size, policy);
}

aclError aclrtFree(void* devPtr)
{
    const ascend_sim::MemoryBlock block = ascend_sim::FindMemory(devPtr);
    if (block.place == MemoryPlace::kDevice) {
        ascend_sim::SynchronizeStreams(block.device);
    }
    if (!ascend_sim::FreeMemory(devPtr, MemoryPlace::kDevice)) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtFree: this is no memory of aclrtMalloc's, or was freed");
    }
    return ACL_SUCCESS;
}

aclError aclrtMallocHost(void** hostPtr, size_t size)
{
    const aclError status = CheckSize("aclrtMallocHost", hostPtr, size);
    if (status != ACL_SUCCESS) {
        return status;
    }
    *hostPtr = ascend_sim::AllocateHostMemory(size);
    return *hostPtr != nullptr ? ACL_SUCCESS
                               : Fail(ACL_ERROR_BAD_ALLOC, "aclrtMallocHost: the host has no " +
                                                               std::to_string(size) + " bytes left");
}

aclError aclrtFreeHost(void* hostPtr)
{
    return ascend_sim::FreeMemory(hostPtr, MemoryPlace::kHost)
               ? ACL_SUCCESS
               : Fail(ACL_ERROR_INVALID_PARAM,
                      "aclrtFreeHost: this is no memory of aclrtMallocHost's, or was freed");
}

aclError aclrtGetMemInfo(aclrtMemAttr, size_t* free, size_t* total)
{
    aclError status = CheckPointer("aclrtGetMemInfo", free);
    status = status == ACL_SUCCESS ? CheckPointer("aclrtGetMemInfo", total) : status;
    if (status == ACL_SUCCESS) {
        const auto memory = ascend_sim::GetMemoryStatistics(ascend_sim::CurrentDevice());
        *free = memory.free;
        *total = memory.total;
    }
    return status;
}

aclError aclrtPointerGetAttributes(const void* ptr, aclrtPtrAttributes* attributes)
{
    const aclError status = CheckPointer("aclrtPointerGetAttributes", attributes);
    if (status == ACL_SUCCESS) {
        const ascend_sim::MemoryBlock block = ascend_sim::FindMemory(ptr);
        *attributes = {};
        attributes->location.id = static_cast<uint32_t>(block.device);
        attributes->location.type = block.place == MemoryPlace::kDevice ? ACL_MEM_LOCATION_TYPE_DEVICE
                                    : block.place == MemoryPlace::kHost ? ACL_MEM_LOCATION_TYPE_HOST
                                                                        : ACL_MEM_LOCATION_TYPE_UNREGISTERED;
    }
    return status;
}

aclError aclrtMemset(void* devPtr, size_t maxCount, int32_t value, size_t count)
{
    return aclrtMemsetAsync(devPtr, maxCount, value, count, nullptr);
}

aclError aclrtMemsetAsync(void* devPtr, size_t maxCount, int32_t value, size_t count, aclrtStream stream)
{
    if (devPtr == nullptr || count > maxCount) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtMemset: the pointer is null or count exceeds maxCount");
    }
    ascend_sim::RunOn(stream, [=] { std::memset(devPtr, value, count); });
    return ACL_SUCCESS;
}

aclError aclrtMemcpy(void* dst, size_t destMax, const void* src, size_t count, aclrtMemcpyKind kind)
{
    return aclrtMemcpyAsync(dst, destMax, src, count, kind, nullptr);
}

aclError aclrtMemcpyAsync(void* dst, size_t destMax, const void* src, size_t count, aclrtMemcpyKind,
                          aclrtStream stream)
{
    if (dst == nullptr || src == nullptr || count > destMax) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtMemcpy: a pointer is null or count exceeds destMax");
    }
    ascend_sim::RunOn(stream, [=] { std::memmove(dst, src, count); });
    for (const void* address : {static_cast<const void*>(dst), src}) {
        // Nobody promised that this memory lives on.
        if (stream != nullptr && ascend_sim::FindMemory(address).place == MemoryPlace::kUnknown) {
            return ascend_sim::Synchronize(stream);
        }
    }
    return ACL_SUCCESS;
}

}  // extern "C"
