// SPDX-License-Identifier: Apache-2.0
// LocalTensor and GlobalTensor: typed views of unified buffer and global memory.
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "definitions.h"
#include "shape_info.h"

namespace AscendC {

namespace detail {

constexpr uint32_t RoundUpToBlock(uint32_t bytes)
{
    return (bytes + ONE_BLK_SIZE - 1) / ONE_BLK_SIZE * ONE_BLK_SIZE;
}

// The bytes of one element or run of elements at `address`, for scalar access.
template <class T>
inline std::vector<ascend_sim::Operand> ScalarOperand(ascend_sim::Access access, ascend_sim::Space space,
                                                      const T* address, const ascend_sim::Extent& extent)
{
    ascend_sim::Operand operand;
    operand.access = access;
    operand.space = space;
    operand.element_bytes = sizeof(T);
    operand.address = reinterpret_cast<uintptr_t>(address);
    operand.block_bytes = sizeof(T);
    operand.extent = extent;
    return {operand};
}

}  // namespace detail

template <class T>
class LocalTensor;

namespace detail {

// `a + b` with tensors, which works on as many elements as the tensor has that it is assigned to.
template <class Operation, class T>
struct TensorExpression {
    LocalTensor<T> left;
    LocalTensor<T> right;
    Where where;
};

// The right-hand side of such an operator: unlike an operator it can learn which line it stands in.
template <class T>
struct PlacedTensor {
    PlacedTensor(const LocalTensor<T>& placed, Where line = Where::Here()) : tensor(placed), where(line) {}
    LocalTensor<T> tensor;
    Where where;
};

struct AddOperation;
struct SubOperation;
struct MulOperation;
struct DivOperation;
struct AndOperation;
struct OrOperation;
template <CMPMODE mode>
struct CompareOperation;

}  // namespace detail

#define ASCEND_SIM_TENSOR_OPERATOR(symbol, ...)                                                           \
    friend detail::TensorExpression<__VA_ARGS__, T> operator symbol(const LocalTensor& left,              \
                                                                    const detail::PlacedTensor<T>& right) \
    {                                                                                                     \
        return {left, right.tensor, right.where};                                                         \
    }

// A view of unified buffer. Copies are cheap and share the memory.
template <class T>
class LocalTensor {
public:
    using PrimType = T;

    LocalTensor() = default;
    LocalTensor(T* data, uint32_t size, uint16_t buffer, TPosition position, const ascend_sim::Extent& extent)
        : data_(data), size_(size), buffer_(buffer), position_(position)
    {
        SetExtent(extent);
    }

    // A view of `size` elements at byte `address` of the unified buffer, for kernels that lay it out
    // themselves.
    LocalTensor(TPosition position, uint32_t address, uint32_t size, Where where = Where::Here())
        : LocalTensor(reinterpret_cast<T*>(ascend_sim::CurrentBlock().unified_buffer + address), size,
                      ascend_sim::kNoBuffer, position,
                      {reinterpret_cast<uintptr_t>(ascend_sim::CurrentBlock().unified_buffer + address),
                       detail::RoundUpToBlock(size * uint32_t{sizeof(T)}), where, ascend_sim::kNoBuffer})
    {
        const size_t room = ascend_sim::CurrentBlock().unified_buffer_bytes;
        if (address > room || size_t{size} * sizeof(T) > room - address) {
            ascend_sim::RaiseFindingAt("ub-overflow",
                                       "a tensor of " + std::to_string(size_t{size} * sizeof(T)) +
                                           " bytes at byte " + std::to_string(address) +
                                           " does not fit into the " + std::to_string(room) +
                                           " bytes of unified buffer; make the tile smaller",
                                       where);
        }
    }

    ASCEND_SIM_TENSOR_OPERATOR(+, detail::AddOperation)
    ASCEND_SIM_TENSOR_OPERATOR(-, detail::SubOperation)
    ASCEND_SIM_TENSOR_OPERATOR(*, detail::MulOperation)
    ASCEND_SIM_TENSOR_OPERATOR(/, detail::DivOperation)
    ASCEND_SIM_TENSOR_OPERATOR(&, detail::AndOperation)
    ASCEND_SIM_TENSOR_OPERATOR(|, detail::OrOperation)
    ASCEND_SIM_TENSOR_OPERATOR(<, detail::CompareOperation<CMPMODE::LT>)
    ASCEND_SIM_TENSOR_OPERATOR(>, detail::CompareOperation<CMPMODE::GT>)
    ASCEND_SIM_TENSOR_OPERATOR(==, detail::CompareOperation<CMPMODE::EQ>)
    ASCEND_SIM_TENSOR_OPERATOR(<=, detail::CompareOperation<CMPMODE::LE>)
    ASCEND_SIM_TENSOR_OPERATOR(>=, detail::CompareOperation<CMPMODE::GE>)
    ASCEND_SIM_TENSOR_OPERATOR(!=, detail::CompareOperation<CMPMODE::NE>)
    template <class Operation, class U>
    void operator=(const detail::TensorExpression<Operation, U>& expression)
    {
        Operation::Run(*this, expression);
    }

    T* Address() const { return data_; }
    T* GetPhyAddr() const { return GetPhyAddr(0); }
    T* GetPhyAddr(uint32_t offset) const
    {
        ascend_sim::RunPending(ascend_sim::CurrentBlock());  // the caller may look at once
        return data_ + offset;
    }
    uint32_t GetSize() const { return size_; }
    void SetSize(uint32_t size) { size_ = size; }
    uint32_t GetLength() const { return size_ * sizeof(T); }
    void SetBufferLen(uint32_t size) { size_ = size; }
    int32_t GetPosition() const { return static_cast<int32_t>(position_); }
    void SetShapeInfo(const ShapeInfo& shape) { detail::ShapeOf(data_) = shape; }
    ShapeInfo GetShapeInfo() const { return detail::ShapeOf(data_); }
    // Makes this a view of `source`, `offset` of its elements further on.
    template <class U>
    void SetAddrWithOffset(LocalTensor<U>& source, uint32_t offset)
    {
        *this = source[offset].template ReinterpretCast<T>();
    }
    uint16_t BufferNumber() const { return buffer_; }

    LocalTensor operator[](uint32_t offset) const
    {
        LocalTensor slice = *this;
        slice.data_ += offset;
        slice.size_ = offset < size_ ? size_ - offset : 0;
        return slice;
    }

    template <class U>
    LocalTensor<U> ReinterpretCast() const
    {
        return LocalTensor<U>(reinterpret_cast<U*>(data_),
                              static_cast<uint32_t>(uint64_t{size_} * sizeof(T) / sizeof(U)), buffer_,
                              position_, GetExtent());
    }

    T GetValue(uint32_t index, Where where = Where::Here()) const
    {
        T value{};
        ascend_sim::Issue(
            ascend_sim::Pipe::kScalar, "LocalTensor::GetValue", where,
            [&] { return Element(ascend_sim::Access::kRead, index); },
            [&value, address = data_ + index] { value = *address; });
        return value;
    }

    template <class U>
    void SetValue(uint32_t index, U value, Where where = Where::Here()) const
    {
        ascend_sim::Issue(
            ascend_sim::Pipe::kScalar, "LocalTensor::SetValue", where,
            [&] { return Element(ascend_sim::Access::kWrite, index); },
            [address = data_ + index, value] { *address = static_cast<T>(value); });
    }

    // Element by reference. Whether the caller reads or writes through it cannot be seen.
    T& operator()(uint32_t index, Where where = Where::Here()) const
    {
        ascend_sim::Issue(
            ascend_sim::Pipe::kScalar, "LocalTensor::operator()", where,
            [&] { return Element(ascend_sim::Access::kReadWrite, index); }, [] {});
        return data_[index];
    }

#ifdef ASCEND_SIM_CHECKED
    const ascend_sim::Extent& GetExtent() const { return extent_; }

private:
    void SetExtent(const ascend_sim::Extent& extent) { extent_ = extent; }
    ascend_sim::Extent extent_;
#else
    ascend_sim::Extent GetExtent() const { return {}; }

private:
    void SetExtent(const ascend_sim::Extent&) {}
#endif

    std::vector<ascend_sim::Operand> Element(ascend_sim::Access access, uint32_t index) const
    {
        return detail::ScalarOperand(access, ascend_sim::Space::kUnifiedBuffer, data_ + index, GetExtent());
    }

    T* data_ = nullptr;
    uint32_t size_ = 0;  // elements
    uint16_t buffer_ = ascend_sim::kNoBuffer;
    TPosition position_ = TPosition::VECCALC;
};

#undef ASCEND_SIM_TENSOR_OPERATOR

// A view of global memory.
template <class T>
class GlobalTensor {
public:
    using PrimType = T;

    GlobalTensor() = default;

    void SetGlobalBuffer(T* buffer, uint64_t size, Where where = Where::Here())
    {
        data_ = buffer;
        size_ = size;
        FindExtent(where);
    }
    void SetGlobalBuffer(T* buffer, Where where = Where::Here()) { SetGlobalBuffer(buffer, 0, where); }

    T* Address() const { return data_; }
    const T* GetPhyAddr() const { return data_; }
    T* GetPhyAddr(uint64_t offset) const { return data_ + offset; }
    uint64_t GetSize() const { return size_; }
    void SetShapeInfo(const ShapeInfo& shape) { detail::ShapeOf(data_) = shape; }
    ShapeInfo GetShapeInfo() const { return detail::ShapeOf(data_); }

    GlobalTensor operator[](uint64_t offset) const
    {
        GlobalTensor slice = *this;
        slice.data_ += offset;
        slice.size_ = offset < size_ ? size_ - offset : 0;
        return slice;
    }

    T GetValue(uint64_t index, Where where = Where::Here()) const
    {
        T value{};
        ascend_sim::Issue(
            ascend_sim::Pipe::kScalar, "GlobalTensor::GetValue", where,
            [&] { return Element(ascend_sim::Access::kRead, index); },
            [&value, address = data_ + index] { value = *address; });
        return value;
    }

    void SetValue(uint64_t index, T value, Where where = Where::Here())
    {
        ascend_sim::Issue(
            ascend_sim::Pipe::kScalar, "GlobalTensor::SetValue", where,
            [&] { return Element(ascend_sim::Access::kWrite, index); },
            [address = data_ + index, value] { *address = value; });
    }

    T& operator()(uint64_t index, Where where = Where::Here()) const
    {
        ascend_sim::Issue(
            ascend_sim::Pipe::kScalar, "GlobalTensor::operator()", where,
            [&] { return Element(ascend_sim::Access::kReadWrite, index); }, [] {});
        return data_[index];
    }

    // Whether the device's L2 cache keeps what is read from (or written to) this tensor changes no result,
    // but its time.
    template <CacheRwMode direction = CacheRwMode::RW>
    void SetL2CacheHint([[maybe_unused]] CacheMode mode, [[maybe_unused]] Where where = Where::Here())
    {
        if constexpr (ascend_sim::kChecked) {
            ascend_sim::CurrentCore().OnCacheHint({GetExtent().begin, direction != CacheRwMode::WRITE,
                                                   direction != CacheRwMode::READ,
                                                   mode != CacheMode::CACHE_MODE_DISABLE, where});
        }
    }

#ifdef ASCEND_SIM_CHECKED
    const ascend_sim::Extent& GetExtent() const { return extent_; }

private:
    void FindExtent(Where where) { extent_ = ascend_sim::CurrentCore().FindArgument(data_, where); }
    ascend_sim::Extent extent_;
#else
    ascend_sim::Extent GetExtent() const { return {}; }

private:
    void FindExtent(Where) {}
#endif

    std::vector<ascend_sim::Operand> Element(ascend_sim::Access access, uint64_t index) const
    {
        return detail::ScalarOperand(access, ascend_sim::Space::kGlobalMemory, data_ + index, GetExtent());
    }

    T* data_ = nullptr;
    uint64_t size_ = 0;  // elements, 0 when the kernel did not say
};

}  // namespace AscendC
