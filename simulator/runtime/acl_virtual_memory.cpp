// SPDX-License-Identifier: Apache-2.0
// Device memory in two halves: addresses that are reserved, and physical memory that is mapped to them. On
// the host these are address space, and files in memory that can be mapped to several places.
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "acl/acl_rt.h"
#include "device.h"
#include "stream.h"

namespace {

using ascend_sim::Fail;

struct PhysicalMemory {
    int32_t device;
    size_t bytes;
    int file;
};

aclError FailMapping(const char* function)
{
    return Fail(ACL_ERROR_RT_MEMORY_ALLOCATION, std::string(function) + ": " + std::strerror(errno));
}

// The sizes of what is reserved and of what is mapped, which are not told when it ends.
class Sizes {
public:
    void Add(void* address, size_t bytes)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        sizes_[address] = bytes;
    }

    // 0 if there is nothing at this address.
    size_t Take(void* address)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto found = sizes_.find(address);
        const size_t bytes = found == sizes_.end() ? 0 : found->second;
        sizes_.erase(address);
        return bytes;
    }

private:
    std::mutex mutex_;
    std::map<void*, size_t> sizes_;
};

// Leaked, because frameworks free memory until the process ends.
Sizes& reserved = *new Sizes;
Sizes& mapped = *new Sizes;

}  // namespace

extern "C" {

aclError aclrtReserveMemAddress(void** virPtr, size_t size, size_t, void*, uint64_t)
{
    if (virPtr == nullptr || size == 0) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtReserveMemAddress: the pointer is null or the size is 0");
    }
    void* const address = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED) {
        return FailMapping("aclrtReserveMemAddress");
    }
    reserved.Add(address, size);
    *virPtr = address;
    return ACL_SUCCESS;
}

aclError aclrtReleaseMemAddress(void* virPtr)
{
    const size_t bytes = reserved.Take(virPtr);
    if (bytes == 0) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtReleaseMemAddress: this address is not reserved");
    }
    return munmap(virPtr, bytes) == 0 ? ACL_SUCCESS : FailMapping("aclrtReleaseMemAddress");
}

aclError aclrtMallocPhysical(aclrtDrvMemHandle* handle, size_t size, const aclrtPhysicalMemProp* prop,
                             uint64_t)
{
    if (handle == nullptr || size == 0 || prop == nullptr) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtMallocPhysical: an argument is null or the size is 0");
    }
    const auto device = static_cast<int32_t>(prop->location.id);
    if (ascend_sim::CheckDevice("aclrtMallocPhysical", device) != ACL_SUCCESS) {
        return ACL_ERROR_RT_INVALID_DEVICEID;
    }
    if (!ascend_sim::TakeDeviceMemory(device, size)) {
        return ascend_sim::FailOutOfMemory("aclrtMallocPhysical", device, size);
    }
    const int file = memfd_create("ascend_simulator", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, static_cast<off_t>(size)) != 0) {
        ascend_sim::ReturnDeviceMemory(device, size);
        return FailMapping("aclrtMallocPhysical");
    }
    *handle = new PhysicalMemory{device, size, file};
    return ACL_SUCCESS;
}

aclError aclrtFreePhysical(aclrtDrvMemHandle handle)
{
    auto* const memory = static_cast<PhysicalMemory*>(handle);
    if (memory == nullptr) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtFreePhysical: the handle is null");
    }
    close(memory->file);
    ascend_sim::ReturnDeviceMemory(memory->device, memory->bytes);
    delete memory;
    return ACL_SUCCESS;
}

aclError aclrtMapMem(void* virPtr, size_t size, size_t offset, aclrtDrvMemHandle handle, uint64_t)
{
    const auto* const memory = static_cast<PhysicalMemory*>(handle);
    if (virPtr == nullptr || memory == nullptr || offset > memory->bytes || size > memory->bytes - offset) {
        return Fail(
            ACL_ERROR_INVALID_PARAM,
            "aclrtMapMem: an argument is null, or size and offset lie past the physical memory's end");
    }
    if (mmap(virPtr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, memory->file,
             static_cast<off_t>(offset)) == MAP_FAILED) {
        return FailMapping("aclrtMapMem");
    }
    mapped.Add(virPtr, size);
    ascend_sim::AddDeviceMapping(virPtr, memory->device, size);
    return ACL_SUCCESS;
}

aclError aclrtUnmapMem(void* virPtr)
{
    const size_t bytes = mapped.Take(virPtr);
    if (bytes == 0) {
        return Fail(ACL_ERROR_INVALID_PARAM, "aclrtUnmapMem: nothing is mapped to this address");
    }
    ascend_sim::SynchronizeStreams(ascend_sim::FindMemory(virPtr).device);
    ascend_sim::RemoveDeviceMapping(virPtr);
    // The addresses stay reserved.
    return mmap(virPtr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) !=
                   MAP_FAILED
               ? ACL_SUCCESS
               : FailMapping("aclrtUnmapMem");
}

}  // extern "C"
