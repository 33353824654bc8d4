// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

#include "../core/platform.h"
#include "errors.h"

namespace ascend_sim {

namespace {

constexpr size_t kAlignment = 512;  // as the device's memory

uint64_t NumberFromEnvironment(const char* name, uint64_t otherwise)
{
    const char* text = std::getenv(name);
    const uint64_t number = text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
    return number > 0 ? number : otherwise;
}

size_t HostBytes()
{
    return static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

// A profile without memory of its own, the host's, has what the host has.
size_t DefaultDeviceBytes()
{
    const auto& values = CurrentPlatform().values;
    const auto found = values.find("SoCInfo.memory_size");
    const size_t profile = found == values.end() ? 0 : std::strtoull(found->second.c_str(), nullptr, 10);
    return profile == 0 ? HostBytes() : std::min(profile, HostBytes());
}

class Memory {
public:
    // Leaked, because frameworks free memory until the process ends.
    static Memory& Instance()
    {
        static Memory& memory = *new Memory;
        return memory;
    }

    void* Allocate(const MemoryBlock& wanted)
    {
        MemoryBlock block = wanted;
        block.bytes = (block.bytes + kAlignment - 1) / kAlignment * kAlignment;
        if (block.place == MemoryPlace::kDevice && !Take(block.device, block.bytes)) {
            return nullptr;
        }
        void* const address = std::aligned_alloc(kAlignment, block.bytes);
        if (address != nullptr) {
            Add(address, block);
        } else if (block.place == MemoryPlace::kDevice) {
            Return(block.device, block.bytes);
        }
        return address;
    }

    bool Take(int32_t device, size_t bytes)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        size_t& used = used_[static_cast<size_t>(device)];
        if (bytes > limit_ - used) {
            return false;
        }
        used += bytes;
        return true;
    }

    void Return(int32_t device, size_t bytes)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        used_[static_cast<size_t>(device)] -= bytes;
    }

    void Add(void* address, const MemoryBlock& block)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        blocks_[static_cast<char*>(address)] = block;
    }

    void Remove(void* address)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        blocks_.erase(static_cast<char*>(address));
    }

    bool Free(void* address, MemoryPlace place)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto found = blocks_.find(static_cast<char*>(address));
        if (found == blocks_.end() || found->second.place != place || found->second.is_mapping) {
            return false;
        }
        if (place == MemoryPlace::kDevice) {
            used_[found->second.device] -= found->second.bytes;
        }
        blocks_.erase(found);
        std::free(address);
        return true;
    }

    MemoryBlock Find(const void* address)
    {
        const auto* byte = static_cast<const char*>(address);
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto next = blocks_.upper_bound(const_cast<char*>(byte));
        if (next == blocks_.begin()) {
            return {};
        }
        const auto& [begin, block] = *std::prev(next);
        return byte < begin + block.bytes ? block : MemoryBlock{};
    }

    MemoryStatistics Statistics(int32_t device)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return {limit_ - used_[device], limit_};
    }

private:
    std::mutex mutex_;
    const size_t limit_ = NumberFromEnvironment("ASCEND_SIM_MEMORY", DefaultDeviceBytes());
    std::vector<size_t> used_ = std::vector<size_t>(static_cast<size_t>(DeviceCount()));
    std::map<char*, MemoryBlock> blocks_;
};

// The devices' own contexts, and whether they are in use.
struct Devices {
    std::deque<Context> contexts;
    std::mutex mutex;
    std::vector<bool> active;
};

Devices& GetDevices()
{
    static Devices& devices = *[] {
        auto* made = new Devices;
        for (int32_t device = 0; device < DeviceCount(); ++device) {
            made->contexts.push_back({device});
        }
        made->active.resize(made->contexts.size());
        return made;
    }();
    return devices;
}

}  // namespace

int32_t DeviceCount()
{
    static const auto count = static_cast<int32_t>(NumberFromEnvironment("ASCEND_SIM_DEVICES", 1));
    return count;
}

Context& OwnContext(int32_t device)
{
    return GetDevices().contexts[static_cast<size_t>(device)];
}

Context*& CurrentContext()
{
    thread_local Context* context = nullptr;
    return context;
}

int32_t CurrentDevice()
{
    const Context* context = CurrentContext();
    return context == nullptr ? 0 : context->device;
}

bool IsDeviceActive(int32_t device)
{
    Devices& devices = GetDevices();
    const std::lock_guard<std::mutex> lock(devices.mutex);
    return devices.active[static_cast<size_t>(device)];
}

void SetDeviceActive(int32_t device, bool active)
{
    Devices& devices = GetDevices();
    const std::lock_guard<std::mutex> lock(devices.mutex);
    devices.active[static_cast<size_t>(device)] = active;
}

aclError Fail(aclError code, const std::string& text)
{
    AddRecentError(code, text);
    return code;
}

aclError CheckDevice(const char* function, int32_t device)
{
    if (device >= 0 && device < DeviceCount()) {
        return ACL_SUCCESS;
    }
    return Fail(ACL_ERROR_RT_INVALID_DEVICEID,
                std::string(function) + ": device " + std::to_string(device) + " does not exist; there are " +
                    std::to_string(DeviceCount()) + ", and ASCEND_SIM_DEVICES sets how many");
}

void* AllocateDeviceMemory(int32_t device, size_t bytes)
{
    return Memory::Instance().Allocate({MemoryPlace::kDevice, device, bytes});
}

void* AllocateHostMemory(size_t bytes)
{
    return Memory::Instance().Allocate({MemoryPlace::kHost, 0, bytes});
}

bool FreeMemory(void* address, MemoryPlace place)
{
    return Memory::Instance().Free(address, place);
}

bool TakeDeviceMemory(int32_t device, size_t bytes)
{
    return Memory::Instance().Take(device, bytes);
}

void ReturnDeviceMemory(int32_t device, size_t bytes)
{
    Memory::Instance().Return(device, bytes);
}

void AddDeviceMapping(void* address, int32_t device, size_t bytes)
{
    Memory::Instance().Add(address, {MemoryPlace::kDevice, device, bytes, true});
}

void RemoveDeviceMapping(void* address)
{
    Memory::Instance().Remove(address);
}

aclError FailOutOfMemory(const char* function, int32_t device, size_t bytes)
{
    const MemoryStatistics memory = GetMemoryStatistics(device);
    return Fail(ACL_ERROR_RT_MEMORY_ALLOCATION,
                std::string(function) + ": device " + std::to_string(device) + " has " +
                    std::to_string(memory.free) + " of " + std::to_string(memory.total) +
                    " bytes left, not " + std::to_string(bytes) + "; ASCEND_SIM_MEMORY sets how many it has");
}

MemoryBlock FindMemory(const void* address)
{
    return Memory::Instance().Find(address);
}

MemoryStatistics GetMemoryStatistics(int32_t device)
{
    return Memory::Instance().Statistics(device);
}

}  // namespace ascend_sim
