// SPDX-License-Identifier: Apache-2.0
// Tiling data and tiling keys as a kernel reads them. On the device the operator compiler makes these.
#pragma once

#include <cstddef>
#include <cstring>
#include <initializer_list>

#include "tensor.h"

// Kernel types matter to the device's scheduler only; the checks look at them.
#ifdef ASCEND_SIM_CHECKED
#define KERNEL_TASK_TYPE(key, type) \
    TILING_KEY_IS(key) ? ascend_sim::CurrentCore().SetKernelType(#type, false) : void();
#define KERNEL_TASK_TYPE_DEFAULT(type) ascend_sim::CurrentCore().SetKernelType(#type, true);
#else
#define KERNEL_TASK_TYPE(key, type)
#define KERNEL_TASK_TYPE_DEFAULT(type)
#endif
#define ENABLE_DETERMINISTIC()
#define ENABLE_PRINTF()
#define ENABLE_ASSERT()

// A run-time test here, a compile-time constant on the device: all branches are compiled.
#define TILING_KEY_VAR (ascend_sim::CurrentBlock().tiling_key)
#define TILING_KEY_IS(key) (TILING_KEY_VAR == static_cast<uint64_t>(key))
#define TILING_KEY_LIST(...) (AscendC::detail::TilingKeyIsOneOf({__VA_ARGS__}))

// Names the struct that GET_TILING_DATA reads; stands before it, in the kernel or outside.
#define REGISTER_TILING_DEFAULT(type) using AscendSimTilingDefault [[maybe_unused]] = type
#define REGISTER_TILING_FOR_TILINGKEY(expression, type)
#define REGISTER_NONE_TILING

// Each makes a local copy, as on the device.
#define GET_TILING_DATA(name, address) GET_TILING_DATA_WITH_STRUCT(AscendSimTilingDefault, name, address)
#define GET_TILING_DATA_WITH_STRUCT(type, name, address) \
    [[maybe_unused]] type name = AscendC::detail::ReadTiling<type>(address, 0)
#define GET_TILING_DATA_PTR_WITH_STRUCT(type, name, address)                  \
    type name##AscendSimCopy = AscendC::detail::ReadTiling<type>(address, 0); \
    [[maybe_unused]] type* name = &name##AscendSimCopy
#define GET_TILING_DATA_MEMBER(type, member, name, address) \
    [[maybe_unused]] auto name =                            \
        AscendC::detail::ReadTiling<decltype(type::member)>(address, offsetof(type, member))
#define COPY_TILING_WITH_STRUCT(type, source, name) [[maybe_unused]] const type* name = &(source)
#define COPY_TILING_WITH_ARRAY(type, length, source, name) [[maybe_unused]] const type* name = (source)

namespace AscendC {
namespace detail {

inline bool TilingKeyIsOneOf(std::initializer_list<uint64_t> keys)
{
    for (const uint64_t key : keys) {
        if (TILING_KEY_IS(key)) {
            return true;
        }
    }
    return false;
}

template <class T>
inline T ReadTiling(const uint8_t* tiling, size_t offset, Where where = Where::Here())
{
    T data;
    ascend_sim::Issue(
        ascend_sim::Pipe::kScalar, "GET_TILING_DATA", where,
        [&] {
            // The launch argument, however large: a host and a kernel that disagree about the struct show up
            // here.
            std::vector<ascend_sim::Operand> operands =
                ScalarOperand(ascend_sim::Access::kRead, ascend_sim::Space::kGlobalMemory, tiling + offset,
                              ascend_sim::CurrentCore().FindArgument(tiling, where));
            operands[0].block_bytes = sizeof(T);
            return operands;
        },
        [&data, tiling, offset] { std::memcpy(static_cast<void*>(&data), tiling + offset, sizeof(T)); });
    return data;
}

}  // namespace detail
}  // namespace AscendC
