// SPDX-License-Identifier: Apache-2.0
// Shapes that a kernel notes about its tensors for high-level calls and dumps.
#pragma once

#include <cstdint>

namespace AscendC {

enum class DataFormat : uint8_t { ND, NZ, NCHW, NC1HWC0, NHWC };

// Kernels set this to 0 where tensors need no shapes; it makes no difference here.
#ifndef K_MAX_SHAPE_DIM
#define K_MAX_SHAPE_DIM 8
#endif

namespace detail {
inline constexpr int32_t kMaxShapeDims = 8;
}

inline constexpr uint32_t K_MAX_DIM = 8;

struct ShapeInfo {
    ShapeInfo() {}
    ShapeInfo(uint8_t dims, const uint32_t sizes[], uint8_t original_dims, const uint32_t original_sizes[],
              DataFormat format)
        : shapeDim(dims), originalShapeDim(original_dims), dataFormat(format)
    {
        for (int32_t i = 0; i < dims && i < detail::kMaxShapeDims; ++i) {
            shape[i] = sizes[i];
        }
        for (int32_t i = 0; i < original_dims && i < detail::kMaxShapeDims; ++i) {
            originalShape[i] = original_sizes[i];
        }
    }
    ShapeInfo(uint8_t dims, const uint32_t sizes[], DataFormat format)
        : ShapeInfo(dims, sizes, dims, sizes, format)
    {
    }
    ShapeInfo(uint8_t dims, const uint32_t sizes[]) : ShapeInfo(dims, sizes, DataFormat::ND) {}

    uint8_t shapeDim = 0;
    uint8_t originalShapeDim = 0;
    uint32_t shape[detail::kMaxShapeDims] = {};
    uint32_t originalShape[detail::kMaxShapeDims] = {};
    DataFormat dataFormat = DataFormat::ND;
};

inline uint64_t GetShapeSize(const ShapeInfo& info)
{
    uint64_t size = 1;
    for (int32_t i = 0; i < info.shapeDim; ++i) {
        size *= info.shape[i];
    }
    return size;
}

namespace detail {

// Shapes by the tensor's address: a tensor is copied by every call, and few have a shape to carry.
inline ShapeInfo& ShapeOf(const void* address)
{
    struct Entry {
        const void* address = nullptr;
        ShapeInfo shape;
    };
    static thread_local Entry entries[16];
    static thread_local uint32_t next = 0;
    for (Entry& entry : entries) {
        if (entry.address == address) {
            return entry.shape;
        }
    }
    Entry& entry = entries[next];
    next = (next + 1) % 16;
    entry = {address, ShapeInfo()};
    return entry.shape;
}

}  // namespace detail
}  // namespace AscendC
