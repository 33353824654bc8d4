// SPDX-License-Identifier: Apache-2.0
// Broadcast: a row, a column or one element becomes a matrix.
#pragma once

#include "function_engine.h"

namespace AscendC {
namespace detail {

// dst[i][j] = src[i][0] (along columns) or src[0][j].
template <class T>
inline void IssueBroadcast(const LocalTensor<T>& dst, const LocalTensor<T>& src, uint32_t rows,
                           uint32_t columns, bool along_columns, const LocalTensor<uint8_t>* temporary,
                           Where where)
{
    static_assert(sizeof(T) <= 4, "Broadcast exists for 8-, 16- and 32-bit types only");
    ResetMaskRegister();
    const size_t elements = along_columns ? rows : columns;
    if (rows == 0 || columns == 0) {
        return;
    }
    ascend_sim::Issue(
        Pipe::kVector, "Broadcast", where,
        [&] {
            std::vector<Operand> operands = {
                DescribeBytes(MakeView(Access::kWrite, dst), size_t{rows} * columns * sizeof(T)),
                DescribeBytes(MakeView(Access::kRead, src), elements * sizeof(T))};
            if (temporary != nullptr) {
                const std::vector<Operand> more = DescribeTemporary(*temporary);
                operands.insert(operands.end(), more.begin(), more.end());
            }
            return operands;
        },
        [to = dst.Address(), from = src.Address(), rows, columns, along_columns, elements] {
            const std::vector<T> values(from, from + elements);
            for (size_t i = 0; i < rows; ++i) {
                if (along_columns) {
                    std::fill_n(to + i * columns, columns, values[i]);
                } else {
                    std::copy(values.begin(), values.end(), to + i * columns);
                }
            }
        });
}

template <int32_t dim, int32_t axis, class T>
inline void BroadcastShapes(const LocalTensor<T>& dst, const LocalTensor<T>& src, const uint32_t* dstShape,
                            const uint32_t* srcShape, const LocalTensor<uint8_t>* temporary, Where where)
{
    static_assert(dim == 1 || dim == 2, "Broadcast takes one or two dimensions");
    static_assert(axis >= 0 && axis < dim, "the axis of Broadcast is one of its dimensions");
    const auto message = [&] {
        return std::string(
            "Broadcast repeats the dimension of its axis, which has 1 element in the source; "
            "the other dimensions are the same in source and destination");
    };
    Require(srcShape[axis] == 1 || srcShape[axis] == dstShape[axis], "select-mode", where, message);
    if constexpr (dim == 1) {
        const bool spreads = srcShape[0] == 1;
        IssueBroadcast(dst, src, 1, dstShape[0], spreads, temporary, where);
    } else {
        Require(srcShape[1 - axis] == dstShape[1 - axis], "select-mode", where, message);
        // The same shape on both sides is a copy.
        const bool copies = srcShape[axis] == dstShape[axis];
        if (copies) {
            IssueBroadcast(dst, src, 1, dstShape[0] * dstShape[1], false, temporary, where);
        } else {
            IssueBroadcast(dst, src, dstShape[0], dstShape[1], axis == 1, temporary, where);
        }
    }
}

}  // namespace detail

#define ASCEND_SIM_BROADCAST(Name)                                                                           \
    template <typename T, int32_t dim, int32_t axis, bool isReuseSource = false>                             \
    __aicore__ inline void Name(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,              \
                                const uint32_t dstShape[dim], const uint32_t srcShape[dim],                  \
                                const LocalTensor<uint8_t>& sharedTmpBuffer, Where where = Where::Here())    \
    {                                                                                                        \
        detail::BroadcastShapes<dim, axis>(dstLocal, srcLocal, dstShape, srcShape, &sharedTmpBuffer, where); \
    }                                                                                                        \
    template <typename T, int32_t dim, int32_t axis, bool isReuseSource = false>                             \
    __aicore__ inline void Name(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,              \
                                const uint32_t dstShape[dim], const uint32_t srcShape[dim],                  \
                                Where where = Where::Here())                                                 \
    {                                                                                                        \
        detail::BroadcastShapes<dim, axis>(dstLocal, srcLocal, dstShape, srcShape, nullptr, where);          \
    }

ASCEND_SIM_BROADCAST(Broadcast)
ASCEND_SIM_BROADCAST(BroadCast)  // the name in earlier releases of CANN

#undef ASCEND_SIM_BROADCAST

}  // namespace AscendC
