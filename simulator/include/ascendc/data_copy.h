// SPDX-License-Identifier: Apache-2.0
// Copies between global memory and unified buffer: DataCopy, in 32-byte blocks, and DataCopyPad, to the byte.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "../../lanes/lanes.h"
#include "atomic.h"
#include "tensor.h"

namespace AscendC {

// Lengths and strides in units of 32 bytes (DataCopy), or lengths and GM strides in bytes (DataCopyPad).
// A stride is the gap between the end of one block and the begin of the next.
struct DataCopyParams {
    DataCopyParams() {}
    DataCopyParams(uint16_t count, uint16_t length, uint16_t source_stride, uint16_t destination_stride)
        : blockCount(count), blockLen(length), srcStride(source_stride), dstStride(destination_stride)
    {
    }

    uint16_t blockCount = 1;
    uint16_t blockLen = 0;
    uint16_t srcStride = 0;
    uint16_t dstStride = 0;
};

// Lengths and GM strides in bytes, UB strides in units of 32 bytes.
struct DataCopyExtParams {
    DataCopyExtParams() {}
    DataCopyExtParams(uint16_t count, uint32_t length, uint32_t source_stride, uint32_t destination_stride,
                      uint32_t reserved)
        : blockCount(count),
          blockLen(length),
          srcStride(source_stride),
          dstStride(destination_stride),
          rsv(reserved)
    {
    }

    uint16_t blockCount = 1;
    uint32_t blockLen = 0;
    uint32_t srcStride = 0;
    uint32_t dstStride = 0;
    uint32_t rsv = 0;
};

// Elements to add left and right of every block, at most 32 bytes each. Without isPad their value is
// undefined.
struct DataCopyPadParams {
    DataCopyPadParams() {}
    DataCopyPadParams(bool is_pad, uint8_t left, uint8_t right, uint64_t value)
        : isPad(is_pad), leftPadding(left), rightPadding(right), paddingValue(value)
    {
    }

    bool isPad = false;
    uint8_t leftPadding = 0;
    uint8_t rightPadding = 0;
    uint64_t paddingValue = 0;
};

template <class T>
struct DataCopyPadExtParams {
    DataCopyPadExtParams() {}
    DataCopyPadExtParams(bool is_pad, uint8_t left, uint8_t right, T value)
        : isPad(is_pad), leftPadding(left), rightPadding(right), paddingValue(value)
    {
    }

    bool isPad = false;
    uint8_t leftPadding = 0;
    uint8_t rightPadding = 0;
    T paddingValue = static_cast<T>(0);
};

// One dimension of a slice: elements from startIndex to endIndex, in runs of burstLen 32-byte blocks with
// gaps of `stride` elements (in outer dimensions: of single indices, burstLen being 1), of the shapeValue
// that there are.
struct SliceInfo {
    SliceInfo() {}
    SliceInfo(uint32_t start, uint32_t end, uint32_t gap, uint32_t burst, uint32_t shape = 0)
        : startIndex(start), endIndex(end), stride(gap), burstLen(burst), shapeValue(shape)
    {
    }

    uint32_t startIndex = 0;
    uint32_t endIndex = ONE_BLK_SIZE - 1;
    uint32_t stride = 0;
    uint32_t burstLen = ONE_BLK_SIZE;
    uint32_t shapeValue = 0;
};

// From matrices of rows (ND) to matrices of columns 32 bytes wide (NZ). Offsets between begins: of matrices
// and source rows in elements, of columns and target rows in units of 32 bytes.
struct Nd2NzParams {
    Nd2NzParams() {}
    Nd2NzParams(uint16_t matrices, uint16_t rows, uint32_t columns, uint64_t source_matrix,
                uint64_t source_row, uint16_t target_column, uint16_t target_row, uint64_t target_matrix)
        : ndNum(matrices),
          nValue(rows),
          dValue(columns),
          srcNdMatrixStride(source_matrix),
          srcDValue(source_row),
          dstNzC0Stride(target_column),
          dstNzNStride(target_row),
          dstNzMatrixStride(target_matrix)
    {
    }

    uint16_t ndNum = 0;
    uint16_t nValue = 0;
    uint32_t dValue = 0;
    uint64_t srcNdMatrixStride = 0;
    uint64_t srcDValue = 0;
    uint16_t dstNzC0Stride = 0;
    uint16_t dstNzNStride = 0;
    uint64_t dstNzMatrixStride = 0;
};

// Back, with columns 16 elements wide. Offsets between begins: of source matrices in units of 256 elements,
// of source columns in units of 16, of target rows and matrices in elements.
struct Nz2NdParamsFull {
    Nz2NdParamsFull() {}
    Nz2NdParamsFull(uint16_t matrices, uint16_t rows, uint16_t columns, uint16_t source_matrix,
                    uint16_t source_column, uint16_t target_row, uint16_t target_matrix)
        : ndNum(matrices),
          nValue(rows),
          dValue(columns),
          srcNdMatrixStride(source_matrix),
          srcNStride(source_column),
          dstDStride(target_row),
          dstNdMatrixStride(target_matrix)
    {
    }

    uint16_t ndNum = 1;
    uint16_t nValue = 0;
    uint16_t dValue = 0;
    uint16_t srcNdMatrixStride = 1;
    uint16_t srcNStride = 0;
    uint16_t dstDStride = 0;
    uint16_t dstNdMatrixStride = 1;
};

namespace detail {

// `count` blocks of `bytes`, whose begins lie `step` bytes apart.
struct Blocks {
    uint32_t count;
    uint32_t bytes;
    ptrdiff_t step;
};

template <class Tensor>
ascend_sim::Operand BlocksOperand(ascend_sim::Access access, ascend_sim::Space space, const Tensor& tensor,
                                  const Blocks& blocks)
{
    ascend_sim::Operand operand;
    operand.access = access;
    operand.space = space;
    operand.element_bytes = sizeof(typename Tensor::PrimType);
    operand.address = reinterpret_cast<uintptr_t>(tensor.Address());
    operand.block_bytes = blocks.bytes;
    operand.blocks = blocks.count;
    operand.block_stride = blocks.step;
    operand.extent = tensor.GetExtent();
    return operand;
}

template <class T>
constexpr ascend_sim::Space SpaceOf(const LocalTensor<T>&)
{
    return ascend_sim::Space::kUnifiedBuffer;
}
template <class T>
constexpr ascend_sim::Space SpaceOf(const GlobalTensor<T>&)
{
    return ascend_sim::Space::kGlobalMemory;
}

// Copies or, into global memory, combines atomically. `through`: past the caches.
template <class T>
inline void Store(T* destination, const T* source, size_t bytes, ascend_sim::Atomic atomic, bool through)
{
    if (atomic != ascend_sim::Atomic::kNone) {
        AtomicCombine(destination, source, bytes / sizeof(T), atomic);
    } else if (through) {
        ascend_sim::GetLanes().copy_through(destination, source, bytes);
    } else {
        std::memcpy(destination, source, bytes);
    }
}

// Lets a copy of one run between global memory and the unified buffer wait as vector calls do
// (pending_calls.h). False if it has to be made at once. `padding`: bytes behind it that become the first
// element, where it is a copy in.
template <class T>
inline bool Waits([[maybe_unused]] ascend_sim::CallKind kind, [[maybe_unused]] const T* buffer,
                  [[maybe_unused]] const T* global, [[maybe_unused]] size_t bytes,
                  [[maybe_unused]] size_t padding = 0)
{
    if constexpr (!ascend_sim::kChecked && (sizeof(T) == 2 || sizeof(T) == 4)) {
        ascend_sim::Block& block = ascend_sim::CurrentBlock();
        const bool writes = kind == ascend_sim::CallKind::kCopyOut;
        const size_t place = PlaceInBuffer(block, buffer);
        if (place >= block.unified_buffer_bytes || (bytes + padding) % ONE_BLK_SIZE != 0 ||
            bytes % sizeof(T) != 0 || (writes && block.atomic != ascend_sim::Atomic::kNone)) {
            return false;
        }
        auto* address = const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(global));
        if (block.pending.EndsAt(kind) || block.pending.Meets(address, bytes, writes)) {
            block.pending.EndList(block);
        }
        ascend_sim::Call& call = block.pending.Append({address, 0.0f, 0});
        call.instruction = nullptr;
        call.kind = kind;
        call.detail = sizeof(T);
        call.dst = writes ? 0 : static_cast<uint32_t>(place);
        call.a = writes ? static_cast<uint32_t>(place) : 0;
        call.b = static_cast<uint32_t>(padding / sizeof(T));
        call.n = static_cast<uint32_t>(bytes / sizeof(T));
        call.rows = 1;
        call.dst_stride = 0;
        call.a_stride = 0;
        call.b_stride = 0;
        return true;
    }
    return false;
}

// Plain DataCopy of blocks of the same size, in whole 32-byte blocks. The size is judged as `asked_bytes`.
template <class Destination, class Source>
inline void CopyBlocks(ascend_sim::Pipe pipe, const Destination& destination, const Source& source,
                       uint32_t asked_bytes, const Blocks& to, const Blocks& from, ascend_sim::Atomic atomic,
                       Where where)
{
    using T = typename Destination::PrimType;
    if (to.count == 1 && pipe == ascend_sim::Pipe::kMte2 &&
        Waits(ascend_sim::CallKind::kCopyIn, destination.Address(), source.Address(), to.bytes)) {
        return;
    }
    if (to.count == 1 && pipe == ascend_sim::Pipe::kMte3 &&
        Waits(ascend_sim::CallKind::kCopyOut, source.Address(), destination.Address(), to.bytes)) {
        return;
    }
    if (pipe == ascend_sim::Pipe::kMte2) {
        ExpectMoreBehind(source.Address(), from);
    }
    const bool through = pipe == ascend_sim::Pipe::kMte3 && ascend_sim::CurrentBlock().writes_through;
    ascend_sim::Issue(
        pipe, "DataCopy", where,
        [&] {
            std::vector<ascend_sim::Operand> operands = {
                BlocksOperand(ascend_sim::Access::kWrite, SpaceOf(destination), destination, to),
                BlocksOperand(ascend_sim::Access::kRead, SpaceOf(source), source, from)};
            for (ascend_sim::Operand& operand : operands) {
                operand.block_multiple = ONE_BLK_SIZE;
                if (to.count == 1) {
                    operand.block_bytes = asked_bytes;
                }
            }
            return operands;
        },
        [write = destination.Address(), read = source.Address(), to, from, atomic, through] {
            for (uint32_t i = 0; i < to.count; ++i) {
                Store(reinterpret_cast<T*>(reinterpret_cast<uint8_t*>(write) + i * to.step),
                      reinterpret_cast<const T*>(reinterpret_cast<const uint8_t*>(read) + i * from.step),
                      to.bytes, atomic, through);
            }
        });
}

template <class Destination, class Source>
inline void CopyCount(ascend_sim::Pipe pipe, const Destination& destination, const Source& source,
                      uint32_t count, ascend_sim::Atomic atomic, Where where)
{
    const uint32_t asked = count * static_cast<uint32_t>(sizeof(typename Destination::PrimType));
    const Blocks blocks{1, asked / ONE_BLK_SIZE * ONE_BLK_SIZE, 0};
    CopyBlocks(pipe, destination, source, asked, blocks, blocks, atomic, where);
}

// The instruction has 12 bits for the number of blocks.
inline void RequireBlockCount(uint32_t count, [[maybe_unused]] Where where)
{
    if constexpr (ascend_sim::kChecked) {
        if (count > 4095) {
            ascend_sim::RaiseFindingAt("repeat-overflow",
                                       "a copy takes up to 4095 blocks, not " + std::to_string(count), where);
        }
    }
}

template <class Destination, class Source>
inline void CopyParams(ascend_sim::Pipe pipe, const Destination& destination, const Source& source,
                       const DataCopyParams& params, ascend_sim::Atomic atomic, Where where)
{
    RequireBlockCount(params.blockCount, where);
    const uint32_t bytes = params.blockLen * ONE_BLK_SIZE;
    const Blocks to{params.blockCount, bytes, ptrdiff_t{bytes} + params.dstStride * ptrdiff_t{ONE_BLK_SIZE}};
    const Blocks from{params.blockCount, bytes,
                      ptrdiff_t{bytes} + params.srcStride * ptrdiff_t{ONE_BLK_SIZE}};
    CopyBlocks(pipe, destination, source, bytes, to, from, atomic, where);
}

// After a copy from global memory: the next one will probably read on.
inline void ExpectMoreBehind([[maybe_unused]] const void* address, [[maybe_unused]] const Blocks& blocks)
{
    if constexpr (!ascend_sim::kChecked) {
        if (blocks.count == 1) {
            ascend_sim::CurrentBlock().read_ahead.CopiedFrom(address, blocks.bytes);
        }
    }
}

// What DataCopyPad puts around the blocks it copies in.
template <class T>
struct Padding {
    uint32_t left;   // elements
    uint32_t right;  // elements, before rounding up to 32 bytes
    bool has_value;  // without one, the first element of each block is repeated
    T value;
};

inline void RequirePadding(uint32_t bytes, [[maybe_unused]] Where where)
{
    if constexpr (ascend_sim::kChecked) {
        if (bytes > ONE_BLK_SIZE) {
            ascend_sim::RaiseFindingAt(
                "misaligned",
                "DataCopyPad pads a block by up to 32 bytes at each side, not " + std::to_string(bytes),
                where);
        }
    }
}

template <class T>
inline void CopyInPadded(const LocalTensor<T>& destination, const GlobalTensor<T>& source,
                         const DataCopyExtParams& params, const Padding<T>& padding, Where where,
                         const char* name = "DataCopyPad")
{
    if (params.blockCount == 0 || params.blockLen == 0) {
        return;
    }
    RequireBlockCount(params.blockCount, where);
    const uint32_t left = padding.left * static_cast<uint32_t>(sizeof(T));
    const uint32_t right = padding.right * static_cast<uint32_t>(sizeof(T));
    RequirePadding(std::max(left, right), where);
    const uint32_t padded = RoundUpToBlock(left + params.blockLen + right);
    const Blocks to{params.blockCount, padded,
                    ptrdiff_t{padded} + ptrdiff_t{params.dstStride} * ONE_BLK_SIZE};
    const Blocks from{params.blockCount, params.blockLen, ptrdiff_t{params.blockLen} + params.srcStride};
    if (to.count == 1 && (to.bytes == from.bytes || (left == 0 && !padding.has_value)) &&
        Waits(ascend_sim::CallKind::kCopyIn, destination.Address(), source.Address(), from.bytes,
              to.bytes - from.bytes)) {
        return;
    }
    ExpectMoreBehind(source.Address(), from);
    ascend_sim::Issue(
        ascend_sim::Pipe::kMte2, name, where,
        [&] {
            std::vector<ascend_sim::Operand> operands = {
                BlocksOperand(ascend_sim::Access::kWrite, ascend_sim::Space::kUnifiedBuffer, destination, to),
                BlocksOperand(ascend_sim::Access::kRead, ascend_sim::Space::kGlobalMemory, source, from)};
            if (!padding.has_value && to.bytes != from.bytes) {
                operands.push_back(operands[0]);
                operands[0].access = ascend_sim::Access::kClobber;
                operands[2].address += left;
                operands[2].block_bytes = from.bytes;
                operands[2].alignment = sizeof(T);
            }
            return operands;
        },
        [write = destination.Address(), read = source.Address(), to, from, left, padding] {
            for (uint32_t i = 0; i < to.count; ++i) {
                uint8_t* block = reinterpret_cast<uint8_t*>(write) + i * to.step;
                const uint8_t* data = reinterpret_cast<const uint8_t*>(read) + i * from.step;
                T value = padding.value;
                if (!padding.has_value) {
                    std::memcpy(&value, data, sizeof(T));
                }
                T* elements = reinterpret_cast<T*>(block);
                std::fill_n(elements, left / sizeof(T), value);
                const uint32_t filled = (left + from.bytes) / sizeof(T);
                std::fill_n(elements + filled, to.bytes / sizeof(T) - filled, value);
                std::memcpy(block + left, data, from.bytes);
            }
        });
}

template <class T>
inline void CopyOutPadded(const GlobalTensor<T>& destination, const LocalTensor<T>& source,
                          const DataCopyExtParams& params, Where where, const char* name = "DataCopyPad")
{
    if (params.blockCount == 0 || params.blockLen == 0) {
        return;
    }
    RequireBlockCount(params.blockCount, where);
    const ptrdiff_t row = RoundUpToBlock(params.blockLen);
    const Blocks to{params.blockCount, params.blockLen, ptrdiff_t{params.blockLen} + params.dstStride};
    const Blocks from{params.blockCount, params.blockLen, row + ptrdiff_t{params.srcStride} * ONE_BLK_SIZE};
    if (to.count == 1 &&
        Waits(ascend_sim::CallKind::kCopyOut, source.Address(), destination.Address(), to.bytes)) {
        return;
    }
    const ascend_sim::Atomic atomic = ascend_sim::CurrentBlock().atomic;
    const bool through = ascend_sim::CurrentBlock().writes_through;
    ascend_sim::Issue(
        ascend_sim::Pipe::kMte3, name, where,
        [&] {
            return std::vector<ascend_sim::Operand>{
                BlocksOperand(ascend_sim::Access::kWrite, ascend_sim::Space::kGlobalMemory, destination, to),
                BlocksOperand(ascend_sim::Access::kRead, ascend_sim::Space::kUnifiedBuffer, source, from)};
        },
        [write = destination.Address(), read = source.Address(), to, from, atomic, through] {
            for (uint32_t i = 0; i < to.count; ++i) {
                Store(reinterpret_cast<T*>(reinterpret_cast<uint8_t*>(write) + i * to.step),
                      reinterpret_cast<const T*>(reinterpret_cast<const uint8_t*>(read) + i * from.step),
                      to.bytes, atomic, through);
            }
        });
}

// The runs of a slice's first dimension.
template <class T>
inline Blocks SliceRuns(const SliceInfo& slice)
{
    const uint32_t elements = slice.burstLen * ONE_BLK_SIZE / sizeof(T);
    const uint32_t step = elements + slice.stride;
    const uint32_t length = slice.endIndex < slice.startIndex ? 0 : slice.endIndex - slice.startIndex + 1;
    return {(length + slice.stride) / step, slice.burstLen * ONE_BLK_SIZE,
            static_cast<ptrdiff_t>(step * sizeof(T))};
}

// How many indices a slice takes of an outer dimension.
inline uint32_t SliceCount(const SliceInfo& slice)
{
    return slice.endIndex < slice.startIndex ? 0
                                             : (slice.endIndex - slice.startIndex) / (slice.stride + 1) + 1;
}

// Where the `row`-th row of a slice begins, in elements. Rows are numbered in the order of their indices. The
// tensor's own shape counts where the slices do not say how long the dimensions are.
inline uint64_t SliceOffset(const SliceInfo slices[], uint32_t dims, bool has_shape, const ShapeInfo& shape,
                            uint32_t row)
{
    uint64_t offset = slices[0].startIndex;
    uint64_t extent = 1;
    for (uint32_t d = 1; d < dims; ++d) {
        extent *= has_shape ? slices[d - 1].shapeValue : shape.shape[d - 1];
        const uint32_t count = SliceCount(slices[d]);
        offset += extent * (slices[d].startIndex + uint64_t{row % count} * (slices[d].stride + 1));
        row /= count;
    }
    return offset;
}

template <class Destination, class Source>
inline void CopySlices(ascend_sim::Pipe pipe, const Destination& destination, const Source& source,
                       const SliceInfo to[], const SliceInfo from[], uint32_t dims, ascend_sim::Atomic atomic,
                       Where where)
{
    uint32_t rows = 1;
    for (uint32_t d = 1; d < dims; ++d) {
        rows *= SliceCount(from[d]);
    }
    const bool has_shape = from[0].shapeValue != 0;
    const ShapeInfo to_shape = has_shape ? ShapeInfo() : destination.GetShapeInfo();
    const ShapeInfo from_shape = has_shape ? ShapeInfo() : source.GetShapeInfo();
    const Blocks target = SliceRuns<typename Destination::PrimType>(to[0]);
    const Blocks runs = SliceRuns<typename Source::PrimType>(from[0]);
    for (uint32_t row = 0; row < rows; ++row) {
        CopyBlocks(pipe, destination[SliceOffset(to, dims, has_shape, to_shape, row)],
                   source[SliceOffset(from, dims, has_shape, from_shape, row)], runs.bytes,
                   {runs.count, runs.bytes, target.step}, runs, atomic, where);
    }
}

inline DataCopyExtParams Extended(const DataCopyParams& params)
{
    return {params.blockCount, params.blockLen, params.srcStride, params.dstStride, 0};
}

// The value of the register that SetPadValue sets, unless the call brings its own.
template <class T>
inline Padding<T> MakePadding(uint32_t left, uint32_t right, bool is_pad, T value)
{
    const ascend_sim::Block& block = ascend_sim::CurrentBlock();
    if (!is_pad && block.has_pad_value) {
        std::memcpy(&value, &block.pad_value, sizeof(T));
    }
    return {left, right, is_pad || block.has_pad_value, value};
}

}  // namespace detail

// GM to UB.
template <class T>
inline void DataCopy(const LocalTensor<T>& dst, const GlobalTensor<T>& src, uint32_t count,
                     Where where = Where::Here())
{
    detail::CopyCount(ascend_sim::Pipe::kMte2, dst, src, count, ascend_sim::Atomic::kNone, where);
}
template <class T>
inline void DataCopy(const LocalTensor<T>& dst, const GlobalTensor<T>& src, const DataCopyParams& params,
                     Where where = Where::Here())
{
    detail::CopyParams(ascend_sim::Pipe::kMte2, dst, src, params, ascend_sim::Atomic::kNone, where);
}

// UB to GM.
template <class T>
inline void DataCopy(const GlobalTensor<T>& dst, const LocalTensor<T>& src, uint32_t count,
                     Where where = Where::Here())
{
    detail::CopyCount(ascend_sim::Pipe::kMte3, dst, src, count, ascend_sim::CurrentBlock().atomic, where);
}
template <class T>
inline void DataCopy(const GlobalTensor<T>& dst, const LocalTensor<T>& src, const DataCopyParams& params,
                     Where where = Where::Here())
{
    detail::CopyParams(ascend_sim::Pipe::kMte3, dst, src, params, ascend_sim::CurrentBlock().atomic, where);
}

// UB to UB, which the vector unit does.
template <class T>
inline void DataCopy(const LocalTensor<T>& dst, const LocalTensor<T>& src, uint32_t count,
                     Where where = Where::Here())
{
    detail::CopyCount(ascend_sim::Pipe::kVector, dst, src, count, ascend_sim::Atomic::kNone, where);
}
template <class T>
inline void DataCopy(const LocalTensor<T>& dst, const LocalTensor<T>& src, const DataCopyParams& params,
                     Where where = Where::Here())
{
    detail::CopyParams(ascend_sim::Pipe::kVector, dst, src, params, ascend_sim::Atomic::kNone, where);
}

// Slices of tensors of several dimensions, innermost first.
template <class T>
inline void DataCopy(const LocalTensor<T>& dst, const GlobalTensor<T>& src, const SliceInfo dstSliceInfo[],
                     const SliceInfo srcSliceInfo[], uint32_t dimValue = 1, Where where = Where::Here())
{
    detail::CopySlices(ascend_sim::Pipe::kMte2, dst, src, dstSliceInfo, srcSliceInfo, dimValue,
                       ascend_sim::Atomic::kNone, where);
}
template <class T>
inline void DataCopy(const GlobalTensor<T>& dst, const LocalTensor<T>& src, const SliceInfo dstSliceInfo[],
                     const SliceInfo srcSliceInfo[], uint32_t dimValue = 1, Where where = Where::Here())
{
    detail::CopySlices(ascend_sim::Pipe::kMte3, dst, src, dstSliceInfo, srcSliceInfo, dimValue,
                       ascend_sim::CurrentBlock().atomic, where);
}

// GM to UB, from ND to NZ. Columns that end before 32 bytes are filled with zeros.
template <class T>
inline void DataCopy(const LocalTensor<T>& dst, const GlobalTensor<T>& src, const Nd2NzParams& params,
                     Where where = Where::Here())
{
    constexpr uint32_t kWidth = ONE_BLK_SIZE / sizeof(T);
    for (uint32_t matrix = 0; matrix < params.ndNum; ++matrix) {
        for (uint32_t column = 0; column * kWidth < params.dValue; ++column) {
            const uint32_t width = std::min<uint32_t>(kWidth, params.dValue - column * kWidth);
            const auto to = static_cast<uint32_t>(matrix * params.dstNzMatrixStride +
                                                  uint64_t{column} * params.dstNzC0Stride * kWidth);
            detail::CopyInPadded(
                dst[to], src[matrix * params.srcNdMatrixStride + column * kWidth],
                {params.nValue, width * uint32_t{sizeof(T)},
                 static_cast<uint32_t>((params.srcDValue - width) * sizeof(T)), params.dstNzNStride - 1u, 0},
                {0, 0, true, static_cast<T>(0)}, where, "DataCopy");
        }
    }
}

// UB to GM, from NZ to ND.
template <class T>
inline void DataCopy(const GlobalTensor<T>& dst, const LocalTensor<T>& src, const Nz2NdParamsFull& params,
                     Where where = Where::Here())
{
    constexpr uint32_t kWidth = 16;
    for (uint32_t matrix = 0; matrix < params.ndNum; ++matrix) {
        for (uint32_t column = 0; column * kWidth < params.dValue; ++column) {
            const uint32_t from =
                matrix * params.srcNdMatrixStride * kWidth * kWidth + column * params.srcNStride * kWidth;
            detail::CopyOutPadded(dst[uint64_t{matrix} * params.dstNdMatrixStride + column * kWidth],
                                  src[from],
                                  {params.nValue, kWidth * uint32_t{sizeof(T)}, 0,
                                   (params.dstDStride - kWidth) * uint32_t{sizeof(T)}, 0},
                                  where, "DataCopy");
        }
    }
}

// GM to UB, to the byte. What lies between the end of a block and the next multiple of 32 bytes in UB is
// filled: with the padding value if there is one, else (undefined on the device) with the first element of
// the block.
template <class T>
inline void DataCopyPad(const LocalTensor<T>& dst, const GlobalTensor<T>& src,
                        const DataCopyExtParams& params, const DataCopyPadExtParams<T>& padding,
                        Where where = Where::Here())
{
    detail::CopyInPadded(dst, src, params,
                         detail::MakePadding<T>(padding.leftPadding, padding.rightPadding, padding.isPad,
                                                padding.paddingValue),
                         where);
}
template <class T>
inline void DataCopyPad(const LocalTensor<T>& dst, const GlobalTensor<T>& src, const DataCopyParams& params,
                        const DataCopyPadParams& padding, Where where = Where::Here())
{
    T value;
    std::memcpy(static_cast<void*>(&value), &padding.paddingValue, sizeof(T));
    detail::CopyInPadded(
        dst, src, detail::Extended(params),
        detail::MakePadding<T>(padding.leftPadding, padding.rightPadding, padding.isPad, value), where);
}

// UB to GM, to the byte.
template <class T>
inline void DataCopyPad(const GlobalTensor<T>& dst, const LocalTensor<T>& src,
                        const DataCopyExtParams& params, Where where = Where::Here())
{
    detail::CopyOutPadded(dst, src, params, where);
}
template <class T>
inline void DataCopyPad(const GlobalTensor<T>& dst, const LocalTensor<T>& src, const DataCopyParams& params,
                        Where where = Where::Here())
{
    detail::CopyOutPadded(dst, src, detail::Extended(params), where);
}

// Fills `count` elements of global memory with a value.
template <class T>
inline void Fill(const GlobalTensor<T>& dst, uint64_t count, T value, Where where = Where::Here())
{
    ascend_sim::Issue(
        ascend_sim::Pipe::kMte3, "Fill", where,
        [&] {
            std::vector<ascend_sim::Operand> operands = detail::ScalarOperand(
                ascend_sim::Access::kWrite, ascend_sim::Space::kGlobalMemory, dst.Address(), dst.GetExtent());
            operands[0].block_bytes = count * sizeof(T);
            return operands;
        },
        [write = dst.Address(), count, value] { std::fill_n(write, count, value); });
}
template <class T>
inline void InitGlobalMemory(const GlobalTensor<T>& dst, uint64_t count, T value, Where where = Where::Here())
{
    Fill(dst, count, value, where);
}
template <class T>
inline void InitOutput(const GlobalTensor<T>& dst, uint32_t count, T value = static_cast<T>(0),
                       Where where = Where::Here())
{
    Fill(dst, uint64_t{count}, value, where);
}

// What DataCopyPad fills with from now on where the call itself brings no value.
template <class T, TPosition = TPosition::MAX>
inline void SetPadValue(T value)
{
    ascend_sim::Block& block = ascend_sim::CurrentBlock();
    block.has_pad_value = true;
    block.pad_value = 0;
    std::memcpy(&block.pad_value, &value, sizeof(T));
}

}  // namespace AscendC
