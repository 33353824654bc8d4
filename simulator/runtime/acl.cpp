// SPDX-License-Identifier: Apache-2.0
// Devices, memory and streams in the host's memory.
#include "acl/acl.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>

#include "../core/platform.h"
#include "../include/ascendc/half.h"
#include "aclnn/aclnn_base.h"
#include "errors.h"
#include "opdev/data_type_utils.h"

namespace {

constexpr size_t kDeviceAlignment = 512;

std::atomic<bool> initialised{false};

aclError Fail(aclError code, const char* text)
{
    ascend_sim::AddRecentError(code, text);
    return code;
}

aclError Allocate(void** pointer, size_t size, const char* function)
{
    if (pointer == nullptr || size == 0) {
        return Fail(ACL_ERROR_INVALID_PARAM,
                    (std::string(function) + ": the pointer is null or the size is 0").c_str());
    }
    *pointer = std::aligned_alloc(kDeviceAlignment,
                                  (size + kDeviceAlignment - 1) / kDeviceAlignment * kDeviceAlignment);
    if (*pointer == nullptr) {
        return Fail(
            ACL_ERROR_BAD_ALLOC,
            (std::string(function) + ": the host has no " + std::to_string(size) + " bytes left").c_str());
    }
    return ACL_SUCCESS;
}

aclError CheckDevice(int32_t device)
{
    if (device != 0) {
        return Fail(
            ACL_ERROR_INVALID_DEVICE,
            ("device " + std::to_string(device) + " does not exist: the simulator has device 0").c_str());
    }
    return ACL_SUCCESS;
}

}  // namespace

extern "C" {

aclError aclInit(const char*)
{
    return initialised.exchange(true) ? Fail(ACL_ERROR_REPEAT_INITIALIZE, "aclInit was called before")
                                      : ACL_SUCCESS;
}

aclError aclFinalize(void)
{
    return initialised.exchange(false) ? ACL_SUCCESS : Fail(ACL_ERROR_UNINITIALIZE, "aclInit was not called");
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

aclError aclrtSetDevice(int32_t deviceId)
{
    return CheckDevice(deviceId);
}

aclError aclrtResetDevice(int32_t deviceId)
{
    return CheckDevice(deviceId);
}

aclError aclrtGetDevice(int32_t* deviceId)
{
    if (deviceId == nullptr) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtGetDevice: the pointer is null");
    }
    *deviceId = 0;
    return ACL_SUCCESS;
}

aclError aclrtGetDeviceCount(uint32_t* count)
{
    if (count == nullptr) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtGetDeviceCount: the pointer is null");
    }
    *count = 1;
    return ACL_SUCCESS;
}

aclError aclrtSynchronizeDevice(void)
{
    return ACL_SUCCESS;
}

aclError aclrtCreateContext(aclrtContext* context, int32_t deviceId)
{
    if (context == nullptr) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtCreateContext: the pointer is null");
    }
    if (CheckDevice(deviceId) != ACL_SUCCESS) {
        return ACL_ERROR_INVALID_DEVICE;
    }
    *context = new char;
    return ACL_SUCCESS;
}

aclError aclrtDestroyContext(aclrtContext context)
{
    delete static_cast<char*>(context);
    return ACL_SUCCESS;
}

aclError aclrtCreateStream(aclrtStream* stream)
{
    if (stream == nullptr) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtCreateStream: the pointer is null");
    }
    *stream = new char;
    return ACL_SUCCESS;
}

aclError aclrtDestroyStream(aclrtStream stream)
{
    delete static_cast<char*>(stream);
    return ACL_SUCCESS;
}

aclError aclrtSynchronizeStream(aclrtStream)
{
    return ACL_SUCCESS;
}

aclError aclrtMalloc(void** devPtr, size_t size, aclrtMemMallocPolicy)
{
    return Allocate(devPtr, size, "aclrtMalloc");
}

aclError aclrtFree(void* devPtr)
{
    std::free(devPtr);
    return ACL_SUCCESS;
}

aclError aclrtMallocHost(void** hostPtr, size_t size)
{
    return Allocate(hostPtr, size, "aclrtMallocHost");
}

aclError aclrtFreeHost(void* hostPtr)
{
    std::free(hostPtr);
    return ACL_SUCCESS;
}

aclError aclrtMemset(void* devPtr, size_t maxCount, int32_t value, size_t count)
{
    if (devPtr == nullptr || count > maxCount) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtMemset: the pointer is null or count exceeds maxCount");
    }
    std::memset(devPtr, value, count);
    return ACL_SUCCESS;
}

aclError aclrtMemsetAsync(void* devPtr, size_t maxCount, int32_t value, size_t count, aclrtStream)
{
    return aclrtMemset(devPtr, maxCount, value, count);
}

aclError aclrtMemcpy(void* dst, size_t destMax, const void* src, size_t count, aclrtMemcpyKind)
{
    if (dst == nullptr || src == nullptr || count > destMax) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtMemcpy: a pointer is null or count exceeds destMax");
    }
    std::memmove(dst, src, count);
    return ACL_SUCCESS;
}

aclError aclrtMemcpyAsync(void* dst, size_t destMax, const void* src, size_t count, aclrtMemcpyKind kind,
                          aclrtStream)
{
    return aclrtMemcpy(dst, destMax, src, count, kind);
}

}  // extern "C"
