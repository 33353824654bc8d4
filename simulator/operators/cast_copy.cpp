// SPDX-License-Identifier: Apache-2.0
#include "cast_copy.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "../include/ascendc/bfloat16.h"
#include "../include/ascendc/half.h"
#include "opdev/data_type_utils.h"

namespace ascend_sim {

namespace {

template <class T>
constexpr bool kIsShortFloat = std::is_same_v<T, half> || std::is_same_v<T, bfloat16_t>;

template <class To>
To Saturate(double value)
{
    // The bounds as doubles round to powers of two, which the comparison with >= makes right.
    constexpr double kLowest = static_cast<double>(std::numeric_limits<To>::min());
    constexpr double kPastHighest = 2.0 * (static_cast<double>(std::numeric_limits<To>::max() / 2) + 1.0);
    if (!(value > kLowest - 1.0)) {
        return value != value ? To{0} : std::numeric_limits<To>::min();
    }
    return value >= kPastHighest ? std::numeric_limits<To>::max() : static_cast<To>(value);
}

template <class To, class From>
To ConvertElement(From value)
{
    if constexpr (std::is_same_v<To, From>) {
        return value;
    } else if constexpr (kIsShortFloat<From>) {
        return ConvertElement<To, float>(static_cast<float>(value));
    } else if constexpr (std::is_same_v<To, bool>) {
        return value != From{0};
    } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
        return Saturate<To>(static_cast<double>(value));
    } else {
        return static_cast<To>(value);
    }
}

template <class To, class From>
void ConvertLoop(void* to, const void* from, size_t count)
{
    To* const out = static_cast<To*>(to);
    const From* const in = static_cast<const From*>(from);
    for (size_t i = 0; i < count; ++i) {
        out[i] = ConvertElement<To, From>(in[i]);
    }
}

using Loop = void (*)(void*, const void*, size_t);

// The types that convert into each other, in the order of kLoops' rows and columns.
constexpr op::DataType kTypes[] = {op::DataType::DT_FLOAT,  op::DataType::DT_FLOAT16, op::DataType::DT_BF16,
                                   op::DataType::DT_DOUBLE, op::DataType::DT_BOOL,    op::DataType::DT_INT8,
                                   op::DataType::DT_INT16,  op::DataType::DT_INT32,   op::DataType::DT_INT64,
                                   op::DataType::DT_UINT8,  op::DataType::DT_UINT16,  op::DataType::DT_UINT32,
                                   op::DataType::DT_UINT64};
constexpr size_t kTypeCount = std::size(kTypes);

template <class To, class... From>
constexpr std::array<Loop, sizeof...(From)> LoopsTo()
{
    return {&ConvertLoop<To, From>...};
}

template <class... Types>
constexpr std::array<std::array<Loop, sizeof...(Types)>, sizeof...(Types)> AllLoops()
{
    return {LoopsTo<Types, Types...>()...};
}

constexpr auto kLoops = AllLoops<float, half, bfloat16_t, double, bool, int8_t, int16_t, int32_t, int64_t,
                                 uint8_t, uint16_t, uint32_t, uint64_t>();

size_t IndexOf(op::DataType type)
{
    return static_cast<size_t>(std::find(std::begin(kTypes), std::end(kTypes), type) - std::begin(kTypes));
}

struct SixteenBytes {
    uint64_t words[2];
};

}  // namespace

bool CanConvert(op::DataType from, op::DataType to)
{
    return IndexOf(from) < kTypeCount && IndexOf(to) < kTypeCount;
}

void Convert(void* to, op::DataType to_type, const void* from, op::DataType from_type, size_t count)
{
    kLoops[IndexOf(to_type)][IndexOf(from_type)](to, from, count);
}

// The dimensions of a copy from the outermost to the innermost, by where they move in `to`, with neighbours
// that move as one joined and those of length 1 dropped.
ViewCopy::Dimensions ViewCopy::Collapse(const aclTensor& to, const aclTensor& from)
{
    Dimensions dimensions;
    const op::Shape& shape = to.GetViewShape();
    for (size_t i = 0; i < shape.GetDimNum(); ++i) {
        if (shape[i] != 1) {
            dimensions.push_back({shape[i], to.GetViewStrides()[i], from.GetViewStrides()[i]});
        }
    }
    std::stable_sort(dimensions.begin(), dimensions.end(),
                     [](const Dimension& a, const Dimension& b) { return a.to_stride > b.to_stride; });
    Dimensions joined;
    for (const Dimension& inner : dimensions) {
        if (!joined.empty() && joined.back().to_stride == inner.length * inner.to_stride &&
            joined.back().from_stride == inner.length * inner.from_stride) {
            joined.back() = {joined.back().length * inner.length, inner.to_stride, inner.from_stride};
        } else {
            joined.push_back(inner);
        }
    }
    return joined;
}

template <class T>
void ViewCopy::CopyLine(T* to, const T* from, const Dimension& line)
{
    if (line.to_stride == 1 && line.from_stride == 1) {
        std::memcpy(to, from, static_cast<size_t>(line.length) * sizeof(T));
        return;
    }
    for (int64_t i = 0; i < line.length; ++i) {
        to[i * line.to_stride] = from[i * line.from_stride];
    }
}

// Copies a plane in square blocks, so that a transposition uses every cache line it touches on either side.
template <class T>
void ViewCopy::CopyPlane(T* to, const T* from, const Dimension& rows, const Dimension& columns)
{
    constexpr int64_t kBlock = 64;
    const bool blocked = columns.from_stride != 1 && rows.from_stride != 0;
    const int64_t width = blocked ? kBlock : columns.length;
    const int64_t height = blocked ? kBlock : rows.length;
    for (int64_t row = 0; row < rows.length; row += height) {
        for (int64_t column = 0; column < columns.length; column += width) {
            const Dimension part = {std::min(width, columns.length - column), columns.to_stride,
                                    columns.from_stride};
            const int64_t end = std::min(row + height, rows.length);
            for (int64_t i = row; i < end; ++i) {
                CopyLine(to + i * rows.to_stride + column * columns.to_stride,
                         from + i * rows.from_stride + column * columns.from_stride, part);
            }
        }
    }
}

template <class T>
void ViewCopy::CopyDimensions(T* to, const T* from, const Dimension* dimensions, size_t count)
{
    if (count == 0) {
        *to = *from;
    } else if (count == 1) {
        CopyLine(to, from, dimensions[0]);
    } else if (count == 2) {
        CopyPlane(to, from, dimensions[0], dimensions[1]);
    } else {
        for (int64_t i = 0; i < dimensions[0].length; ++i) {
            CopyDimensions(to + i * dimensions[0].to_stride, from + i * dimensions[0].from_stride,
                           dimensions + 1, count - 1);
        }
    }
}

template <class T>
void ViewCopy::RunAs() const
{
    CopyDimensions(static_cast<T*>(to_), static_cast<const T*>(from_), dimensions_.data(),
                   dimensions_.size());
}

ViewCopy::ViewCopy(const aclTensor& to, const aclTensor& from)
{
    if (!to.IsEmpty()) {
        to_ = to.GetData();
        from_ = from.GetData();
        element_bytes_ = op::TypeSize(to.GetDataType());
        dimensions_ = Collapse(to, from);
    }
}

void ViewCopy::Run() const
{
    switch (element_bytes_) {
        case 0:
            return;
        case 1:
            return RunAs<uint8_t>();
        case 2:
            return RunAs<uint16_t>();
        case 4:
            return RunAs<uint32_t>();
        case 8:
            return RunAs<uint64_t>();
        default:
            return RunAs<SixteenBytes>();
    }
}

}  // namespace ascend_sim
