// SPDX-License-Identifier: Apache-2.0
// High-level functions of rows: SoftMax and its relatives, LayerNorm, RmsNorm.
//
// Everything is computed in float, sums as ReduceSum adds, and rounded to the type of each result. Only rows
// in the ND format are simulated. What a row has beyond its original length is neither read nor written.
#pragma once

#include <vector>

#include "function_engine.h"
#include "high_level_tiling.h"
#include "vector_reduce.h"

namespace AscendC {

struct SoftMaxShapeInfo {
    uint32_t srcM{0};     // rows
    uint32_t srcK{0};     // elements of a row in memory
    uint32_t oriSrcM{0};  // how many of them count
    uint32_t oriSrcK{0};
};

enum class SoftmaxMode { SOFTMAX_NORMAL = 0, SOFTMAX_OUTPUT_WITHOUT_BRC = 1 };

struct SoftmaxConfig {
    bool isCheckTiling = true;
    uint32_t oriSrcM = 0;
    uint32_t oriSrcK = 0;
    SoftmaxMode mode = SoftmaxMode::SOFTMAX_NORMAL;
};

inline constexpr SoftmaxConfig SOFTMAX_DEFAULT_CFG = {true, 0, 0, SoftmaxMode::SOFTMAX_NORMAL};

namespace detail {

struct Shape {
    uint32_t rows;
    uint32_t stride;  // elements
    uint32_t count;   // elements that matter
};

// Of the call, or without one of the tiling.
inline Shape ShapeOf(const SoftMaxTiling& tiling, const SoftMaxShapeInfo& info)
{
    if (info.srcK != 0) {
        return {info.oriSrcM != 0 ? info.oriSrcM : info.srcM, info.srcK,
                info.oriSrcK != 0 ? info.oriSrcK : info.srcK};
    }
    return {tiling.srcM, tiling.srcK, tiling.srcK};
}

template <class T>
inline Operand DescribeRows(Access access, const LocalTensor<T>& tensor, const Shape& shape)
{
    Operand operand = DescribeBytes(MakeView(access, tensor), size_t{shape.count} * sizeof(T));
    operand.blocks = shape.rows;
    operand.block_stride = static_cast<ptrdiff_t>(shape.stride * sizeof(T));
    return operand;
}

// One 32-byte block a row, all elements of it the same.
template <class T>
inline Operand DescribeBlocks(Access access, const LocalTensor<T>& tensor, uint32_t rows)
{
    return DescribeBytes(MakeView(access, tensor), size_t{rows} * ONE_BLK_SIZE);
}

template <class T>
inline void FillBlock(T* blocks, uint32_t row, float value)
{
    constexpr uint32_t kPerBlock = ONE_BLK_SIZE / sizeof(T);
    std::fill_n(blocks + row * kPerBlock, kPerBlock, static_cast<T>(value));
}

template <class T>
inline float ReadBlock(const T* blocks, uint32_t row)
{
    return static_cast<float>(blocks[row * (ONE_BLK_SIZE / sizeof(T))]);
}

template <class T>
inline void LoadRow(const T* from, std::vector<float>& row)
{
    for (size_t i = 0; i < row.size(); ++i) {
        row[i] = static_cast<float>(from[i]);
    }
}

template <class T>
inline void StoreRow(T* to, const std::vector<float>& row)
{
    for (size_t i = 0; i < row.size(); ++i) {
        to[i] = static_cast<T>(row[i]);
    }
}

inline float SumRow(const std::vector<float>& row)
{
    constexpr uint32_t kLanesOfRepeat = ONE_REPEAT_BYTE_SIZE / sizeof(float);
    float sum = -0.0f;
    for (size_t start = 0; start < row.size(); start += kLanesOfRepeat) {
        float chunk[kLanesOfRepeat];
        std::fill_n(chunk, kLanesOfRepeat, -0.0f);
        std::copy_n(row.begin() + static_cast<ptrdiff_t>(start),
                    std::min<size_t>(kLanesOfRepeat, row.size() - start), chunk);
        float part;
        kLanes.sum_groups[kIndex<float>](&part, chunk, 1, kLanesOfRepeat);
        sum += part;
    }
    return sum;
}

inline float LargestOf(const std::vector<float>& row)
{
    float value;
    uint32_t index;
    kLanes.find_extreme[0][kIndex<float>](&value, &index, row.data(), row.size());
    return value;
}

// row = exp(row - largest)
inline void ExpRow(std::vector<float>& row, float largest)
{
    for (float& value : row) {
        value -= largest;
    }
    kLanes.unary[At(ascend_sim::UnaryOp::kExp)][kIndex<float>](row.data(), row.data(), row.size());
}

// Issues f(row number, row) for all rows of src, which it may change, and stores them to dst.
template <class T, class F>
inline void IssueRows(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src,
                      const Shape& shape, std::vector<Operand> others, const LocalTensor<uint8_t>* temporary,
                      Where where, F f)
{
    static_assert(kIsOneOf<T, half, float>, "functions of rows exist for half and float only: Cast first");
    ResetMaskRegister();
    if (shape.rows == 0 || shape.count == 0) {
        return;
    }
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            std::vector<Operand> operands = {DescribeRows(Access::kWrite, dst, shape)};
            for (const Access access : {Access::kWrite, Access::kRead}) {
                if (access == Access::kRead) {
                    operands.push_back(DescribeRows(Access::kRead, src, shape));
                }
                for (const Operand& other : others) {
                    if (other.access == access) {
                        operands.push_back(other);
                    }
                }
            }
            if (temporary != nullptr) {
                const std::vector<Operand> more = DescribeTemporary(*temporary);
                operands.insert(operands.end(), more.begin(), more.end());
            }
            return operands;
        },
        [to = dst.Address(), from = src.Address(), shape, f] {
            std::vector<float> row(shape.count);
            for (uint32_t i = 0; i < shape.rows; ++i) {
                LoadRow(from + size_t{i} * shape.stride, row);
                f(i, row);
                StoreRow(to + size_t{i} * shape.stride, row);
            }
        });
}

// Softmax, or its logarithm. Sums and largest elements leave where there are tensors for them.
template <class T, class U>
inline void IssueSoftMax(const char* name, bool logarithm, const LocalTensor<T>& dst,
                         const LocalTensor<U>* sum, const LocalTensor<U>* max, const LocalTensor<T>& src,
                         const Shape& shape, const LocalTensor<uint8_t>* temporary, Where where)
{
    std::vector<Operand> others;
    if constexpr (ascend_sim::kChecked) {
        for (const LocalTensor<U>* tensor : {sum, max}) {
            if (tensor != nullptr) {
                others.push_back(DescribeBlocks(Access::kWrite, *tensor, shape.rows));
            }
        }
    }
    IssueRows(
        name, dst, src, shape, others, temporary, where,
        [sums = sum == nullptr ? nullptr : sum->Address(), maxima = max == nullptr ? nullptr : max->Address(),
         logarithm](uint32_t i, std::vector<float>& row) {
            const std::vector<float> values = logarithm ? row : std::vector<float>();
            const float largest = LargestOf(row);
            ExpRow(row, largest);
            const float total = SumRow(row);
            if (logarithm) {
                float log;
                kLanes.unary[At(ascend_sim::UnaryOp::kLn)][kIndex<float>](&log, &total, 1);
                for (size_t k = 0; k < row.size(); ++k) {
                    row[k] = (values[k] - largest) - log;
                }
            } else {
                for (float& value : row) {
                    value /= total;
                }
            }
            if (sums != nullptr) {
                FillBlock(sums, i, total);
            }
            if (maxima != nullptr) {
                FillBlock(maxima, i, largest);
            }
        });
}

// exp(src - max) / sum with the sums and largest elements that an earlier call has found.
template <class T, class U>
inline void IssueSimpleSoftMax(const LocalTensor<T>& dst, const LocalTensor<U>& sum,
                               const LocalTensor<U>& max, const LocalTensor<T>& src, const Shape& shape,
                               const LocalTensor<uint8_t>* temporary, Where where)
{
    std::vector<Operand> others;
    if constexpr (ascend_sim::kChecked) {
        others = {DescribeBlocks(Access::kRead, sum, shape.rows),
                  DescribeBlocks(Access::kRead, max, shape.rows)};
    }
    IssueRows("SimpleSoftMax", dst, src, shape, others, temporary, where,
              [sums = sum.Address(), maxima = max.Address()](uint32_t i, std::vector<float>& row) {
                  ExpRow(row, ReadBlock(maxima, i));
                  const float total = ReadBlock(sums, i);
                  for (float& value : row) {
                      value /= total;
                  }
              });
}

// dst = (grad - sum(grad * src)) * src; the front of it is the sum alone, a block a row.
template <class T>
inline void IssueSoftmaxGrad(const LocalTensor<T>& dst, const LocalTensor<T>& grad, const LocalTensor<T>& src,
                             bool front, const Shape& shape, const LocalTensor<uint8_t>* temporary,
                             Where where)
{
    static_assert(kIsOneOf<T, half, float>, "SoftmaxGrad exists for half and float only: Cast first");
    ResetMaskRegister();
    if (shape.rows == 0 || shape.count == 0) {
        return;
    }
    ascend_sim::Issue(
        Pipe::kVector, front ? "SoftmaxGradFront" : "SoftmaxGrad", where,
        [&] {
            std::vector<Operand> operands = {front ? DescribeBlocks(Access::kWrite, dst, shape.rows)
                                                   : DescribeRows(Access::kWrite, dst, shape),
                                             DescribeRows(Access::kRead, grad, shape),
                                             DescribeRows(Access::kRead, src, shape)};
            if (temporary != nullptr) {
                const std::vector<Operand> more = DescribeTemporary(*temporary);
                operands.insert(operands.end(), more.begin(), more.end());
            }
            return operands;
        },
        [to = dst.Address(), gradients = grad.Address(), values = src.Address(), front, shape] {
            std::vector<float> row(shape.count);
            std::vector<float> gradient(shape.count);
            std::vector<float> product(shape.count);
            for (uint32_t i = 0; i < shape.rows; ++i) {
                const size_t offset = size_t{i} * shape.stride;
                LoadRow(values + offset, row);
                LoadRow(gradients + offset, gradient);
                for (size_t k = 0; k < row.size(); ++k) {
                    product[k] = gradient[k] * row[k];
                }
                const float total = SumRow(product);
                if (front) {
                    FillBlock(to, i, total);
                    continue;
                }
                for (size_t k = 0; k < row.size(); ++k) {
                    row[k] *= gradient[k] - total;
                }
                StoreRow(to + offset, row);
            }
        });
}

// (x - mean) / sqrt(variance + epsilon) * gamma + beta, with means and variances one element a row.
template <class T>
inline void IssueLayerNorm(const LocalTensor<T>& output, const LocalTensor<T>& mean,
                           const LocalTensor<T>& variance, const LocalTensor<T>& input,
                           const LocalTensor<T>& gamma, const LocalTensor<T>& beta, float epsilon,
                           const LayerNormTiling& tiling, const LocalTensor<uint8_t>* temporary, Where where)
{
    const Shape shape{tiling.bLength * tiling.sLength, tiling.hLength, tiling.originalHLength};
    std::vector<Operand> others;
    if constexpr (ascend_sim::kChecked) {
        const size_t bytes = shape.count * sizeof(T);
        others = {DescribeBytes(MakeView(Access::kWrite, mean), shape.rows * sizeof(T)),
                  DescribeBytes(MakeView(Access::kWrite, variance), shape.rows * sizeof(T)),
                  DescribeBytes(MakeView(Access::kRead, gamma), bytes),
                  DescribeBytes(MakeView(Access::kRead, beta), bytes)};
    }
    IssueRows("LayerNorm", output, input, shape, others, temporary, where,
              [means = mean.Address(), variances = variance.Address(), scale = gamma.Address(),
               shift = beta.Address(), epsilon](uint32_t i, std::vector<float>& row) {
                  const float reciprocal = 1.0f / static_cast<float>(row.size());
                  const float average = SumRow(row) * reciprocal;
                  std::vector<float> squares(row.size());
                  for (size_t k = 0; k < row.size(); ++k) {
                      row[k] -= average;
                      squares[k] = row[k] * row[k];
                  }
                  const float spread = SumRow(squares) * reciprocal;
                  const float factor = 1.0f / __builtin_sqrtf(spread + epsilon);
                  for (size_t k = 0; k < row.size(); ++k) {
                      row[k] = row[k] * factor * static_cast<float>(scale[k]) + static_cast<float>(shift[k]);
                  }
                  means[i] = static_cast<T>(average);
                  variances[i] = static_cast<T>(spread);
              });
}

// x / sqrt(mean of squares + epsilon) * gamma
template <class T>
inline void IssueRmsNorm(const LocalTensor<T>& dst, const LocalTensor<T>& src, const LocalTensor<T>& gamma,
                         float epsilon, const RmsNormTiling& tiling, const LocalTensor<uint8_t>* temporary,
                         Where where)
{
    const Shape shape{tiling.bLength * tiling.sLength, tiling.hLength, tiling.originalHLength};
    std::vector<Operand> others;
    if constexpr (ascend_sim::kChecked) {
        others = {DescribeBytes(MakeView(Access::kRead, gamma), shape.count * sizeof(T))};
    }
    IssueRows("RmsNorm", dst, src, shape, others, temporary, where,
              [scale = gamma.Address(), epsilon](uint32_t, std::vector<float>& row) {
                  std::vector<float> squares(row.size());
                  for (size_t k = 0; k < row.size(); ++k) {
                      squares[k] = row[k] * row[k];
                  }
                  const float mean = SumRow(squares) / static_cast<float>(row.size());
                  const float factor = 1.0f / __builtin_sqrtf(mean + epsilon);
                  for (size_t k = 0; k < row.size(); ++k) {
                      row[k] = row[k] * factor * static_cast<float>(scale[k]);
                  }
              });
}

}  // namespace detail

// U, the type of sums and largest elements, is T, or float where T is half.
template <typename T, bool isReuseSource = false, bool isBasicBlock = false, bool isDataFormatNZ = false,
          const SoftmaxConfig& config = SOFTMAX_DEFAULT_CFG, class V, class U>
__aicore__ inline void SoftMax(const LocalTensor<V>& dstTensor, const LocalTensor<U>& sumTensor,
                               const LocalTensor<U>& maxTensor, const LocalTensor<V>& srcTensor,
                               const SoftMaxTiling& tiling, const SoftMaxShapeInfo& softmaxShapeInfo = {},
                               Where where = Where::Here())
{
    static_assert(!isDataFormatNZ, "SoftMax of the NZ format is not simulated");
    detail::IssueSoftMax("SoftMax", false, dstTensor, &sumTensor, &maxTensor, srcTensor,
                         detail::ShapeOf(tiling, softmaxShapeInfo), nullptr, where);
}
template <typename T, bool isReuseSource = false, bool isBasicBlock = false, bool isDataFormatNZ = false,
          const SoftmaxConfig& config = SOFTMAX_DEFAULT_CFG, class V, class U>
__aicore__ inline void SoftMax(const LocalTensor<V>& dstTensor, const LocalTensor<U>& sumTensor,
                               const LocalTensor<U>& maxTensor, const LocalTensor<V>& srcTensor,
                               const LocalTensor<uint8_t>& sharedTmpBuffer, const SoftMaxTiling& tiling,
                               const SoftMaxShapeInfo& softmaxShapeInfo = {}, Where where = Where::Here())
{
    static_assert(!isDataFormatNZ, "SoftMax of the NZ format is not simulated");
    detail::IssueSoftMax("SoftMax", false, dstTensor, &sumTensor, &maxTensor, srcTensor,
                         detail::ShapeOf(tiling, softmaxShapeInfo), &sharedTmpBuffer, where);
}
template <typename T, bool isReuseSource = false, bool isBasicBlock = false,
          const SoftmaxConfig& config = SOFTMAX_DEFAULT_CFG>
__aicore__ inline void SoftMax(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,
                               const SoftMaxTiling& tiling, const SoftMaxShapeInfo& softmaxShapeInfo = {},
                               Where where = Where::Here())
{
    const LocalTensor<T>* none = nullptr;
    detail::IssueSoftMax("SoftMax", false, dstTensor, none, none, srcTensor,
                         detail::ShapeOf(tiling, softmaxShapeInfo), nullptr, where);
}
template <typename T, bool isReuseSource = false, bool isBasicBlock = false,
          const SoftmaxConfig& config = SOFTMAX_DEFAULT_CFG>
__aicore__ inline void SoftMax(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,
                               const LocalTensor<uint8_t>& sharedTmpBuffer, const SoftMaxTiling& tiling,
                               const SoftMaxShapeInfo& softmaxShapeInfo = {}, Where where = Where::Here())
{
    const LocalTensor<T>* none = nullptr;
    detail::IssueSoftMax("SoftMax", false, dstTensor, none, none, srcTensor,
                         detail::ShapeOf(tiling, softmaxShapeInfo), &sharedTmpBuffer, where);
}

template <typename T, bool isReuseSource = false, bool isBasicBlock = false, bool isDataFormatNZ = false,
          const SoftmaxConfig& config = SOFTMAX_DEFAULT_CFG, class V, class U>
__aicore__ inline void SimpleSoftMax(const LocalTensor<V>& dstTensor, const LocalTensor<U>& inSumTensor,
                                     const LocalTensor<U>& inMaxTensor, const LocalTensor<V>& srcTensor,
                                     const SoftMaxTiling& tiling,
                                     const SoftMaxShapeInfo& softmaxShapeInfo = {},
                                     Where where = Where::Here())
{
    static_assert(!isDataFormatNZ, "SimpleSoftMax of the NZ format is not simulated");
    detail::IssueSimpleSoftMax(dstTensor, inSumTensor, inMaxTensor, srcTensor,
                               detail::ShapeOf(tiling, softmaxShapeInfo), nullptr, where);
}
template <typename T, bool isReuseSource = false, bool isBasicBlock = false, bool isDataFormatNZ = false,
          const SoftmaxConfig& config = SOFTMAX_DEFAULT_CFG, class V, class U>
__aicore__ inline void SimpleSoftMax(const LocalTensor<V>& dstTensor, const LocalTensor<U>& inSumTensor,
                                     const LocalTensor<U>& inMaxTensor, const LocalTensor<V>& srcTensor,
                                     const LocalTensor<uint8_t>& sharedTmpBuffer, const SoftMaxTiling& tiling,
                                     const SoftMaxShapeInfo& softmaxShapeInfo = {},
                                     Where where = Where::Here())
{
    static_assert(!isDataFormatNZ, "SimpleSoftMax of the NZ format is not simulated");
    detail::IssueSimpleSoftMax(dstTensor, inSumTensor, inMaxTensor, srcTensor,
                               detail::ShapeOf(tiling, softmaxShapeInfo), &sharedTmpBuffer, where);
}

template <typename T, bool isReuseSource = false, bool isDataFormatNZ = false>
__aicore__ inline void LogSoftMax(const LocalTensor<T>& dst, const LocalTensor<T>& sumTensor,
                                  const LocalTensor<T>& maxTensor, const LocalTensor<T>& src,
                                  const LocalTensor<uint8_t>& sharedTmpBuffer, const LogSoftMaxTiling& tiling,
                                  const SoftMaxShapeInfo& softmaxShapeInfo = {}, Where where = Where::Here())
{
    static_assert(!isDataFormatNZ, "LogSoftMax of the NZ format is not simulated");
    detail::IssueSoftMax("LogSoftMax", true, dst, &sumTensor, &maxTensor, src,
                         detail::ShapeOf(tiling, softmaxShapeInfo), &sharedTmpBuffer, where);
}

template <typename T, bool isReuseSource = false, bool isDataFormatNZ = false>
__aicore__ inline void SoftmaxGrad(const LocalTensor<T>& dstTensor, const LocalTensor<T>& gradTensor,
                                   const LocalTensor<T>& srcTensor, const SoftMaxTiling& tiling,
                                   bool isFront = false, const SoftMaxShapeInfo& softmaxShapeInfo = {},
                                   Where where = Where::Here())
{
    static_assert(!isDataFormatNZ, "SoftmaxGrad of the NZ format is not simulated");
    detail::IssueSoftmaxGrad(dstTensor, gradTensor, srcTensor, isFront,
                             detail::ShapeOf(tiling, softmaxShapeInfo), nullptr, where);
}
template <typename T, bool isReuseSource = false, bool isDataFormatNZ = false>
__aicore__ inline void SoftmaxGrad(const LocalTensor<T>& dstTensor, const LocalTensor<T>& gradTensor,
                                   const LocalTensor<T>& srcTensor,
                                   const LocalTensor<uint8_t>& sharedTmpBuffer, const SoftMaxTiling& tiling,
                                   bool isFront = false, const SoftMaxShapeInfo& softmaxShapeInfo = {},
                                   Where where = Where::Here())
{
    static_assert(!isDataFormatNZ, "SoftmaxGrad of the NZ format is not simulated");
    detail::IssueSoftmaxGrad(dstTensor, gradTensor, srcTensor, isFront,
                             detail::ShapeOf(tiling, softmaxShapeInfo), &sharedTmpBuffer, where);
}
template <typename T, bool isBasicBlock = false, bool isDataFormatNZ = false>
__aicore__ inline void SoftmaxGradFront(const LocalTensor<T>& dstTensor, const LocalTensor<T>& gradTensor,
                                        const LocalTensor<T>& srcTensor, const SoftMaxTiling& tiling,
                                        const SoftMaxShapeInfo& softmaxShapeInfo = {},
                                        Where where = Where::Here())
{
    SoftmaxGrad<T, false, isDataFormatNZ>(dstTensor, gradTensor, srcTensor, tiling, true, softmaxShapeInfo,
                                          where);
}
template <typename T, bool isBasicBlock = false, bool isDataFormatNZ = false>
__aicore__ inline void SoftmaxGradFront(const LocalTensor<T>& dstTensor, const LocalTensor<T>& gradTensor,
                                        const LocalTensor<T>& srcTensor,
                                        const LocalTensor<uint8_t>& sharedTmpBuffer,
                                        const SoftMaxTiling& tiling,
                                        const SoftMaxShapeInfo& softmaxShapeInfo = {},
                                        Where where = Where::Here())
{
    SoftmaxGrad<T, false, isDataFormatNZ>(dstTensor, gradTensor, srcTensor, sharedTmpBuffer, tiling, true,
                                          softmaxShapeInfo, where);
}

template <typename T, bool isReuseSource = false>
__aicore__ inline void LayerNorm(const LocalTensor<T>& output, const LocalTensor<T>& outputMean,
                                 const LocalTensor<T>& outputVariance, const LocalTensor<T>& inputX,
                                 const LocalTensor<T>& gamma, const LocalTensor<T>& beta,
                                 const LocalTensor<uint8_t>& sharedTmpBuffer, const T epsilon,
                                 LayerNormTiling& tiling, Where where = Where::Here())
{
    detail::IssueLayerNorm(output, outputMean, outputVariance, inputX, gamma, beta,
                           static_cast<float>(epsilon), tiling, &sharedTmpBuffer, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void LayerNorm(const LocalTensor<T>& output, const LocalTensor<T>& outputMean,
                                 const LocalTensor<T>& outputVariance, const LocalTensor<T>& inputX,
                                 const LocalTensor<T>& gamma, const LocalTensor<T>& beta, const T epsilon,
                                 LayerNormTiling& tiling, Where where = Where::Here())
{
    detail::IssueLayerNorm(output, outputMean, outputVariance, inputX, gamma, beta,
                           static_cast<float>(epsilon), tiling, nullptr, where);
}

template <typename T, bool isBasicBlock = false>
__aicore__ inline void RmsNorm(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,
                               const LocalTensor<T>& gammaLocal, const LocalTensor<uint8_t>& sharedTmpBuffer,
                               const T epsilon, const RmsNormTiling& tiling, Where where = Where::Here())
{
    detail::IssueRmsNorm(dstLocal, srcLocal, gammaLocal, static_cast<float>(epsilon), tiling,
                         &sharedTmpBuffer, where);
}
template <typename T, bool isBasicBlock = false>
__aicore__ inline void RmsNorm(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,
                               const LocalTensor<T>& gammaLocal, const T epsilon, const RmsNormTiling& tiling,
                               Where where = Where::Here())
{
    detail::IssueRmsNorm(dstLocal, srcLocal, gammaLocal, static_cast<float>(epsilon), tiling, nullptr, where);
}

}  // namespace AscendC
