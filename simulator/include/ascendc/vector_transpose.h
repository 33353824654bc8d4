// SPDX-License-Identifier: Apache-2.0
// Instructions that transpose: TransDataTo5HD, which takes elements of sixteen blocks apart and puts them
// together by position, and Transpose.
#pragma once

#include "vector_engine.h"
#include "vector_mask.h"

namespace AscendC {

inline constexpr int32_t NCHW_CONV_ADDR_LIST_SIZE = 16;

enum class TransposeType : uint8_t {
    TRANSPOSE_TYPE_NONE,
    TRANSPOSE_NZ2ND_0213,
    TRANSPOSE_NZ2NZ_0213,
    TRANSPOSE_NZ2NZ_012_WITH_N,
    TRANSPOSE_NZ2ND_012_WITH_N,
    TRANSPOSE_NZ2ND_012_WITHOUT_N,
    TRANSPOSE_NZ2NZ_012_WITHOUT_N,
    TRANSPOSE_ND2ND_ONLY,
    TRANSPOSE_ND_UB_GM,
    TRANSPOSE_GRAD_ND_UB_GM,
    TRANSPOSE_ND2ND_B16,
    TRANSPOSE_NCHW2NHWC,
    TRANSPOSE_NHWC2NCHW,
};

// Strides in 32-byte blocks; the high half of a block, for 8-bit elements.
struct TransDataTo5HDParams {
    constexpr TransDataTo5HDParams() {}
    constexpr TransDataTo5HDParams(const bool dstHighHalfIn, const bool srcHighHalfIn,
                                   const uint8_t repeatTimesIn, const uint16_t dstRepStrideIn,
                                   const uint16_t srcRepStrideIn)
        : dstHighHalf(dstHighHalfIn),
          srcHighHalf(srcHighHalfIn),
          repeatTimes(repeatTimesIn),
          dstRepStride(dstRepStrideIn),
          srcRepStride(srcRepStrideIn)
    {
    }

    bool dstHighHalf = false;
    bool srcHighHalf = false;
    uint8_t repeatTimes = 1;
    uint16_t dstRepStride = 0;
    uint16_t srcRepStride = 0;
};

struct TransposeParamsExt {
    constexpr TransposeParamsExt() {}
    constexpr TransposeParamsExt(const uint16_t nSizeIn, const uint16_t cSizeIn, const uint16_t hSizeIn,
                                 const uint16_t wSizeIn, const TransposeType transposeTypeIn)
        : nSize(nSizeIn), cSize(cSizeIn), hSize(hSizeIn), wSize(wSizeIn), transposeType(transposeTypeIn)
    {
    }

    uint16_t nSize = 0;
    uint16_t cSize = 0;
    uint16_t hSize = 0;
    uint16_t wSize = 0;
    TransposeType transposeType = TransposeType::TRANSPOSE_ND2ND_B16;
};

namespace detail {

inline constexpr size_t kAddresses = NCHW_CONV_ADDR_LIST_SIZE;

// The addresses of sixteen blocks, and what they may touch.
using BlockList = std::array<View, kAddresses>;

template <class T>
inline BlockList MakeBlockList(Access access, const LocalTensor<T> (&tensors)[kAddresses])
{
    BlockList list;
    for (size_t i = 0; i < kAddresses; ++i) {
        list[i] = MakeView(access, tensors[i]);
    }
    return list;
}

// Bare addresses belong to no tensor: all of the unified buffer is theirs.
template <class T>
inline BlockList MakeBlockList(Access access, const uint64_t* addresses)
{
    const ascend_sim::Block& block = ascend_sim::CurrentBlock();
    const ascend_sim::Extent extent{reinterpret_cast<uintptr_t>(block.unified_buffer),
                                    block.unified_buffer_bytes,
                                    {},
                                    ascend_sim::kNoBuffer};
    BlockList list;
    for (size_t i = 0; i < kAddresses; ++i) {
        list[i].access = access;
        list[i].element_bytes = sizeof(T);
        list[i].address = reinterpret_cast<uint8_t*>(addresses[i]);
        list[i].extent = extent;
    }
    return list;
}

// One repeat. Element e of source block i goes to
//   16 bits: element i of block e
//   32 bits: element i % 8 of block 2 e + i / 8
//    8 bits: element i of (a half of) block e
template <class T>
inline void TransposeBlocks(const std::array<uint8_t*, kAddresses>& dst,
                            const std::array<uint8_t*, kAddresses>& src, const TransDataTo5HDParams& params)
{
    constexpr size_t kPerBlock = ONE_BLK_SIZE / sizeof(T);
    constexpr size_t kElements = sizeof(T) == 1 ? kAddresses : kPerBlock;
    T moved[kElements][kAddresses];  // all are read before any is written
    const size_t from_offset = sizeof(T) == 1 && params.srcHighHalf ? kAddresses : 0;
    for (size_t i = 0; i < kAddresses; ++i) {
        T block[kElements];
        std::memcpy(block, src[i] + from_offset, sizeof(block));
        for (size_t e = 0; e < kElements; ++e) {
            moved[e][i] = block[e];
        }
    }
    const size_t to_offset = sizeof(T) == 1 && params.dstHighHalf ? kAddresses : 0;
    constexpr size_t kBytes = sizeof(T) == 1 ? kAddresses : ONE_BLK_SIZE;
    const uint8_t* bytes = reinterpret_cast<const uint8_t*>(moved);
    for (size_t i = 0; i < kAddresses; ++i) {
        std::memcpy(dst[i] + to_offset, bytes + i * kBytes, kBytes);
    }
}

template <class T>
inline void IssueTransData(const BlockList& dst, const BlockList& src, const TransDataTo5HDParams& params,
                           Where where)
{
    static_assert(sizeof(T) <= 4, "TransDataTo5HD exists for 8-, 16- and 32-bit types only");
    ResetMaskRegister();
    if (params.repeatTimes == 0) {
        return;
    }
    // A single repeat starts one stride on, as the device does.
    const auto offset = [params](uint32_t repeat, uint16_t stride) {
        return size_t{params.repeatTimes == 1 ? 1 : repeat} * stride * ONE_BLK_SIZE;
    };
    ascend_sim::Issue(
        Pipe::kVector, "TransDataTo5HD", where,
        [&] {
            std::vector<Operand> operands;
            const size_t bytes = sizeof(T) == 1 ? ONE_BLK_SIZE / 2 : ONE_BLK_SIZE;
            const auto describe = [&](const BlockList& list, uint16_t stride, bool high) {
                for (const View& view : list) {
                    Operand operand = DescribeBytes(view, bytes);
                    operand.address += offset(0, stride) + (sizeof(T) == 1 && high ? bytes : 0);
                    operand.alignment = static_cast<uint32_t>(bytes);
                    operand.repeats = params.repeatTimes;
                    operand.repeat_stride = stride * ptrdiff_t{ONE_BLK_SIZE};
                    operands.push_back(operand);
                }
            };
            describe(dst, params.dstRepStride, params.dstHighHalf);
            describe(src, params.srcRepStride, params.srcHighHalf);
            return operands;
        },
        [dst, src, params, offset] {
            for (uint32_t repeat = 0; repeat < params.repeatTimes; ++repeat) {
                std::array<uint8_t*, kAddresses> to;
                std::array<uint8_t*, kAddresses> from;
                for (size_t i = 0; i < kAddresses; ++i) {
                    to[i] = dst[i].address + offset(repeat, params.dstRepStride);
                    from[i] = src[i].address + offset(repeat, params.srcRepStride);
                }
                TransposeBlocks<T>(to, from, params);
            }
        });
}

// dst[n][j][i] = src[n][i][j], for `batches` matrices of `rows` x `columns`.
template <class T>
inline void IssueTranspose(const LocalTensor<T>& dst, const LocalTensor<T>& src, size_t batches, size_t rows,
                           size_t columns, Where where)
{
    ResetMaskRegister();
    const size_t size = batches * rows * columns;
    ascend_sim::Issue(
        Pipe::kVector, "Transpose", where,
        [&] {
            return std::vector<Operand>{DescribeBytes(MakeView(Access::kWrite, dst), size * sizeof(T)),
                                        DescribeBytes(MakeView(Access::kRead, src), size * sizeof(T))};
        },
        [to = dst.Address(), from = src.Address(), batches, rows, columns, size] {
            const std::vector<T> values(from, from + size);  // it may work in place
            for (size_t n = 0; n < batches; ++n) {
                for (size_t i = 0; i < rows; ++i) {
                    for (size_t j = 0; j < columns; ++j) {
                        to[(n * columns + j) * rows + i] = values[(n * rows + i) * columns + j];
                    }
                }
            }
        });
}

}  // namespace detail

template <typename T>
__aicore__ inline void TransDataTo5HD(const LocalTensor<T> (&dstLocalList)[NCHW_CONV_ADDR_LIST_SIZE],
                                      const LocalTensor<T> (&srcLocalList)[NCHW_CONV_ADDR_LIST_SIZE],
                                      const TransDataTo5HDParams& nchwconvParams, Where where = Where::Here())
{
    detail::IssueTransData<T>(detail::MakeBlockList(detail::Access::kWrite, dstLocalList),
                              detail::MakeBlockList(detail::Access::kRead, srcLocalList), nchwconvParams,
                              where);
}

template <typename T>
__aicore__ inline void TransDataTo5HD(uint64_t dstList[NCHW_CONV_ADDR_LIST_SIZE],
                                      uint64_t srcList[NCHW_CONV_ADDR_LIST_SIZE],
                                      const TransDataTo5HDParams& nchwconvParams, Where where = Where::Here())
{
    detail::IssueTransData<T>(detail::MakeBlockList<T>(detail::Access::kWrite, dstList),
                              detail::MakeBlockList<T>(detail::Access::kRead, srcList), nchwconvParams,
                              where);
}

// With the addresses in tensors.
template <typename T>
__aicore__ inline void TransDataTo5HD(const LocalTensor<uint64_t>& dstLocal,
                                      const LocalTensor<uint64_t>& srcLocal,
                                      const TransDataTo5HDParams& nchwconvParams, Where where = Where::Here())
{
    uint64_t dstList[NCHW_CONV_ADDR_LIST_SIZE];
    uint64_t srcList[NCHW_CONV_ADDR_LIST_SIZE];
    for (uint32_t i = 0; i < NCHW_CONV_ADDR_LIST_SIZE; ++i) {
        dstList[i] = dstLocal.GetValue(i, where);
        srcList[i] = srcLocal.GetValue(i, where);
    }
    TransDataTo5HD<T>(dstList, srcList, nchwconvParams, where);
}

// A matrix of 16 x 16.
template <typename T>
__aicore__ inline void Transpose(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                                 Where where = Where::Here())
{
    static_assert(sizeof(T) == 2, "Transpose of 16 x 16 elements exists for 16-bit types only");
    detail::IssueTranspose(dst, src, 1, 16, 16, where);
}

// The same, or from NCHW to NHWC or back.
template <typename T>
__aicore__ inline void Transpose(const LocalTensor<T>& dst, const LocalTensor<T>& src,
                                 const LocalTensor<uint8_t>&, const TransposeParamsExt& transposeParams,
                                 Where where = Where::Here())
{
    const size_t channels = transposeParams.cSize;
    const size_t pixels = size_t{transposeParams.hSize} * transposeParams.wSize;
    switch (transposeParams.transposeType) {
        case TransposeType::TRANSPOSE_ND2ND_B16:
            return detail::IssueTranspose(dst, src, 1, 16, 16, where);
        case TransposeType::TRANSPOSE_NCHW2NHWC:
            return detail::IssueTranspose(dst, src, transposeParams.nSize, channels, pixels, where);
        case TransposeType::TRANSPOSE_NHWC2NCHW:
            return detail::IssueTranspose(dst, src, transposeParams.nSize, pixels, channels, where);
        default:
            detail::Require(false, "select-mode", where, [] {
                return std::string(
                    "Transpose has TRANSPOSE_ND2ND_B16, TRANSPOSE_NCHW2NHWC and TRANSPOSE_NHWC2NCHW only");
            });
    }
}

}  // namespace AscendC
