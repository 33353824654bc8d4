// SPDX-License-Identifier: Apache-2.0
// The simulated devices: which there are, which one a thread uses, and what memory they have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "acl/acl_base.h"

namespace ascend_sim {

// How many there are: the environment variable ASCEND_SIM_DEVICES, else one.
int32_t DeviceCount();

// What a context is: the device whose it is. Every device has one of its own, others can be made.
struct Context {
    int32_t device;
};

Context& OwnContext(int32_t device);

// Of this thread; null before a device was set.
Context*& CurrentContext();

// The device of the thread's context, or the first one.
int32_t CurrentDevice();

// Whether a thread has set that device and none has reset it since.
bool IsDeviceActive(int32_t device);
void SetDeviceActive(int32_t device, bool active);

// Records an error and returns its code.
aclError Fail(aclError code, const std::string& text);

// Gives a code and records why, unless there is such a device.
aclError CheckDevice(const char* function, int32_t device);

enum class MemoryPlace { kUnknown, kHost, kDevice };

struct MemoryBlock {
    MemoryPlace place = MemoryPlace::kUnknown;
    int32_t device = 0;
    size_t bytes = 0;
    bool is_mapping = false;  // of memory that TakeDeviceMemory took
};

struct MemoryStatistics {
    size_t free;
    size_t total;
};

// Memory of a device is taken from the host, up to ASCEND_SIM_MEMORY bytes for each; without the variable,
// what the SoC has, but no more than the host. Null if there is no more.
void* AllocateDeviceMemory(int32_t device, size_t bytes);
// Memory of the host that copies may use while the caller goes on; null if there is no more.
void* AllocateHostMemory(size_t bytes);
// Whether the address was one that either function gave, and not freed yet.
bool FreeMemory(void* address, MemoryPlace place);
// Memory of a device that is counted here and mapped elsewhere; false if there is no more.
bool TakeDeviceMemory(int32_t device, size_t bytes);
void ReturnDeviceMemory(int32_t device, size_t bytes);
void AddDeviceMapping(void* address, int32_t device, size_t bytes);
void RemoveDeviceMapping(void* address);
// Says how much there is, and gives the code.
aclError FailOutOfMemory(const char* function, int32_t device, size_t bytes);
// The block that the address lies in.
MemoryBlock FindMemory(const void* address);
MemoryStatistics GetMemoryStatistics(int32_t device);

}  // namespace ascend_sim
