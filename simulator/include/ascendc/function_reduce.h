// SPDX-License-Identifier: Apache-2.0
// High-level reductions of rows: Sum and Mean.
//
// A row is added as ReduceSum in count form adds it: 256 bytes at a time as a tree of neighbours, their sums
// one after another, every result rounded to the type.
#pragma once

#include "function_engine.h"
#include "vector_reduce.h"

namespace AscendC {

// `outter` rows, each of `inner` elements in memory (a multiple of 32 bytes), of which the first `n` count.
struct SumParams {
    uint32_t outter = 1;
    uint32_t inner = 0;
    uint32_t n = 0;
};

struct MeanParams {
    uint32_t outter = 1;
    uint32_t inner = 0;
    uint32_t n = 0;
};

namespace detail {

// dst[i] = f(the sum of row i)
template <class T, class Finish>
inline void IssueRowSums(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src,
                         uint32_t rows, uint32_t stride, uint32_t count, Finish finish,
                         const LocalTensor<uint8_t>* temporary, Where where)
{
    static_assert(kIsOneOf<T, half, float>, "Sum and Mean exist for half and float only: Cast first");
    const Repeats repeats = CountedRepeats<T>(static_cast<int32_t>(count));
    if (rows == 0 || repeats.count == 0) {
        return;
    }
    const View target = MakeView(Access::kWrite, dst);
    const View source = MakeView(Access::kRead, src);
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            Operand row = DescribeBytes(source, size_t{count} * sizeof(T));
            row.repeats = rows;
            row.repeat_stride = static_cast<ptrdiff_t>(stride * sizeof(T));
            std::vector<Operand> operands = {DescribeBytes(target, size_t{rows} * sizeof(T)), row};
            if (temporary != nullptr) {
                const std::vector<Operand> more = DescribeTemporary(*temporary);
                operands.insert(operands.end(), more.begin(), more.end());
            }
            return operands;
        },
        [to = dst.Address(), source, rows, stride, repeats, finish] {
            std::vector<T> sums(rows);  // it may work in place
            View row = source;
            for (uint32_t i = 0; i < rows; ++i) {
                sums[i] = finish(SumInOrder<T>(row, repeats));
                row.address += size_t{stride} * sizeof(T);
            }
            std::copy(sums.begin(), sums.end(), to);
        });
}

template <class T, class Params>
inline void IssueSum(const LocalTensor<T>& dst, const LocalTensor<T>& src, const Params& params,
                     const LocalTensor<uint8_t>* temporary, Where where)
{
    IssueRowSums(
        "Sum", dst, src, params.outter, params.inner, params.n, [](T sum) { return sum; }, temporary, where);
}

template <class T, class Params>
inline void IssueMean(const LocalTensor<T>& dst, const LocalTensor<T>& src, const Params& params,
                      const LocalTensor<uint8_t>* temporary, Where where)
{
    const float scale = 1.0f / static_cast<float>(params.n);
    IssueRowSums(
        "Mean", dst, src, params.outter, params.inner, params.n,
        [scale](T sum) { return static_cast<T>(static_cast<float>(sum) * scale); }, temporary, where);
}

}  // namespace detail

template <typename T, int32_t reduceDim = -1, bool isReuseSource = false, bool isBasicBlock = false>
__aicore__ inline void Sum(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,
                           const LocalTensor<uint8_t>& sharedTmpBuffer, const SumParams& sumParams,
                           Where where = Where::Here())
{
    detail::IssueSum(dstTensor, srcTensor, sumParams, &sharedTmpBuffer, where);
}
template <typename T, int32_t reduceDim = -1, bool isReuseSource = false, bool isBasicBlock = false>
__aicore__ inline void Sum(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,
                           const SumParams& sumParams, Where where = Where::Here())
{
    detail::IssueSum(dstTensor, srcTensor, sumParams, nullptr, where);
}

template <typename T, typename accType = T, bool isReuseSource = false, bool isBasicBlock = false,
          int32_t reduceDim = -1>
__aicore__ inline void Mean(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,
                            const LocalTensor<uint8_t>& sharedTmpBuffer, const MeanParams& meanParams,
                            Where where = Where::Here())
{
    detail::IssueMean(dstTensor, srcTensor, meanParams, &sharedTmpBuffer, where);
}
template <typename T, typename accType = T, bool isReuseSource = false, bool isBasicBlock = false,
          int32_t reduceDim = -1>
__aicore__ inline void Mean(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,
                            const MeanParams& meanParams, Where where = Where::Here())
{
    detail::IssueMean(dstTensor, srcTensor, meanParams, nullptr, where);
}

}  // namespace AscendC
