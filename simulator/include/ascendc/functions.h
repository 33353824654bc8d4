// SPDX-License-Identifier: Apache-2.0
// High-level functions of one element: mathematics and activations.
//
// All come in four forms: with or without a temporary of the caller's, and on the first `calCount` elements
// or on all that the source has. float and half unless said otherwise. Elements are computed far more
// accurately than the type holds and rounded once (half twice), which is closer to the exact value than the
// device's own polynomials.
#pragma once

#include "function_engine.h"
#include "vector_binary.h"
#include "vector_mask.h"
#include "vector_scalar.h"
#include "vector_ternary.h"
#include "vector_unary.h"

namespace AscendC {
namespace detail {

template <UnaryOp op, class T>
inline void UnaryFunction(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src,
                          uint32_t count, const LocalTensor<uint8_t>* temporary, Where where)
{
    static_assert(kIsOneOf<T, half, float>, "high-level functions exist for half and float only: Cast first");
    IssueFunction<2>(name, {MakeView(Access::kWrite, dst), MakeView(Access::kRead, src)}, count,
                     UnaryLane<op, T>(), temporary, where);
}

template <BinaryOp op, class T>
inline void BinaryFunction(const char* name, const LocalTensor<T>& dst, const LocalTensor<T>& src0,
                           const LocalTensor<T>& src1, uint32_t count, const LocalTensor<uint8_t>* temporary,
                           Where where)
{
    IssueFunction<3>(
        name, {MakeView(Access::kWrite, dst), MakeView(Access::kRead, src0), MakeView(Access::kRead, src1)},
        count, BinaryLane<op, T>(), temporary, where);
}

// One operand of a power is a scalar: it is spread over a repeat, which the loop goes through.
template <class T>
inline auto PowerLane(T scalar, bool scalar_is_base)
{
    return [lane = kLanes.binary[At(BinaryOp::kPower)][kIndex<T>], scalar, scalar_is_base](
               const Addresses<2>& p, size_t n) {
        constexpr size_t kLanesOfRepeat = ONE_REPEAT_BYTE_SIZE / sizeof(T);
        T spread[kLanesOfRepeat];
        std::fill_n(spread, kLanesOfRepeat, scalar);
        for (size_t i = 0; i < n; i += kLanesOfRepeat) {
            T* to = reinterpret_cast<T*>(p[0]) + i;
            const T* from = reinterpret_cast<const T*>(p[1]) + i;
            const size_t count = std::min(n - i, kLanesOfRepeat);
            lane(to, scalar_is_base ? spread : from, scalar_is_base ? from : spread, count);
        }
    };
}

template <class T>
inline void PowerFunction(const LocalTensor<T>& dst, const LocalTensor<T>& src, T scalar, bool scalar_is_base,
                          uint32_t count, const LocalTensor<uint8_t>* temporary, Where where)
{
    static_assert(kIsOneOf<T, half, float, int32_t>, "Power exists for half, float and int32_t only");
    IssueFunction<2>("Power", {MakeView(Access::kWrite, dst), MakeView(Access::kRead, src)}, count,
                     PowerLane(scalar, scalar_is_base), temporary, where);
}

// dst = src0 * f(scale * src1), f rounded to float and the product to T.
template <UnaryOp op, class T>
inline void GateElements(T* to, const T* src0, const T* src1, float scale, size_t n)
{
    constexpr size_t kChunk = 64;
    float gate[kChunk];
    for (size_t start = 0; start < n; start += kChunk) {
        const size_t count = std::min(n - start, kChunk);
        for (size_t i = 0; i < count; ++i) {
            gate[i] = scale * static_cast<float>(src1[start + i]);
        }
        kLanes.unary[At(op)][kIndex<float>](gate, gate, count);
        for (size_t i = 0; i < count; ++i) {
            to[start + i] = static_cast<T>(static_cast<float>(src0[start + i]) * gate[i]);
        }
    }
}

}  // namespace detail

// The four forms of dst = f(src).
#define ASCEND_SIM_FUNCTION(Name, op)                                                                       \
    template <typename T, bool isReuseSource = false>                                                       \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,           \
                                const LocalTensor<uint8_t>& sharedTmpBuffer, const uint32_t calCount,       \
                                Where where = Where::Here())                                                \
    {                                                                                                       \
        detail::UnaryFunction<detail::UnaryOp::op>(#Name, dstTensor, srcTensor, calCount, &sharedTmpBuffer, \
                                                   where);                                                  \
    }                                                                                                       \
    template <typename T, bool isReuseSource = false>                                                       \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,           \
                                const LocalTensor<uint8_t>& sharedTmpBuffer, Where where = Where::Here())   \
    {                                                                                                       \
        detail::UnaryFunction<detail::UnaryOp::op>(#Name, dstTensor, srcTensor, srcTensor.GetSize(),        \
                                                   &sharedTmpBuffer, where);                                \
    }                                                                                                       \
    template <typename T, bool isReuseSource = false>                                                       \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,           \
                                const uint32_t calCount, Where where = Where::Here())                       \
    {                                                                                                       \
        detail::UnaryFunction<detail::UnaryOp::op>(#Name, dstTensor, srcTensor, calCount, nullptr, where);  \
    }                                                                                                       \
    template <typename T, bool isReuseSource = false>                                                       \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,           \
                                Where where = Where::Here())                                                \
    {                                                                                                       \
        detail::UnaryFunction<detail::UnaryOp::op>(#Name, dstTensor, srcTensor, srcTensor.GetSize(),        \
                                                   nullptr, where);                                         \
    }

ASCEND_SIM_FUNCTION(Tanh, kTanh)
ASCEND_SIM_FUNCTION(Sigmoid, kSigmoid)
ASCEND_SIM_FUNCTION(Erf, kErf)
ASCEND_SIM_FUNCTION(Erfc, kErfc)
ASCEND_SIM_FUNCTION(Sin, kSin)
ASCEND_SIM_FUNCTION(Cos, kCos)
ASCEND_SIM_FUNCTION(Tan, kTan)
ASCEND_SIM_FUNCTION(Asin, kAsin)
ASCEND_SIM_FUNCTION(Acos, kAcos)
ASCEND_SIM_FUNCTION(Atan, kAtan)
ASCEND_SIM_FUNCTION(Sinh, kSinh)
ASCEND_SIM_FUNCTION(Cosh, kCosh)
ASCEND_SIM_FUNCTION(Asinh, kAsinh)
ASCEND_SIM_FUNCTION(Acosh, kAcosh)
ASCEND_SIM_FUNCTION(Atanh, kAtanh)
ASCEND_SIM_FUNCTION(Log, kLn)
ASCEND_SIM_FUNCTION(Log2, kLog2)
ASCEND_SIM_FUNCTION(Log10, kLog10)
ASCEND_SIM_FUNCTION(Lgamma, kLgamma)
ASCEND_SIM_FUNCTION(Digamma, kDigamma)
ASCEND_SIM_FUNCTION(Sign, kSign)
ASCEND_SIM_FUNCTION(Floor, kFloor)
ASCEND_SIM_FUNCTION(Ceil, kCeil)
ASCEND_SIM_FUNCTION(Trunc, kTrunc)
ASCEND_SIM_FUNCTION(Frac, kFrac)
ASCEND_SIM_FUNCTION(Round, kRound)  // halves to even

#undef ASCEND_SIM_FUNCTION

// The two forms of an activation, whose temporary comes before the count. The other template arguments choose
// between the device's approximations.
#define ASCEND_SIM_ACTIVATION(Name, op)                                                                   \
    template <typename T, bool highPrecision = false, bool highPerformance = false>                       \
    __aicore__ inline void Name(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,           \
                                const LocalTensor<uint8_t>& sharedTmpBuffer, const uint32_t dataSize,     \
                                Where where = Where::Here())                                              \
    {                                                                                                     \
        detail::UnaryFunction<detail::UnaryOp::op>(#Name, dstLocal, srcLocal, dataSize, &sharedTmpBuffer, \
                                                   where);                                                \
    }                                                                                                     \
    template <typename T, bool highPrecision = false, bool highPerformance = false>                       \
    __aicore__ inline void Name(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,           \
                                const uint32_t dataSize, Where where = Where::Here())                     \
    {                                                                                                     \
        detail::UnaryFunction<detail::UnaryOp::op>(#Name, dstLocal, srcLocal, dataSize, nullptr, where);  \
    }

ASCEND_SIM_ACTIVATION(Gelu, kGelu)                // x / (1 + exp(-1.59576912 (x + 0.044715 x^3)))
ASCEND_SIM_ACTIVATION(FasterGelu, kFasterGelu)    // x / (1 + exp(-1.702 x))
ASCEND_SIM_ACTIVATION(FasterGeluV2, kFasterGelu)  // approximates the same
ASCEND_SIM_ACTIVATION(Silu, kSilu)

#undef ASCEND_SIM_ACTIVATION

// The four forms of dst = f(src0, src1).
#define ASCEND_SIM_FUNCTION(Name, op, types_text, ...)                                                       \
    template <typename T, bool isReuseSource = false>                                                        \
    __aicore__ inline void Name(                                                                             \
        const LocalTensor<T>& dstTensor, const LocalTensor<T>& src0Tensor, const LocalTensor<T>& src1Tensor, \
        const LocalTensor<uint8_t>& sharedTmpBuffer, const uint32_t calCount, Where where = Where::Here())   \
    {                                                                                                        \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                      \
                      #Name " exists for " types_text " only: Cast first");                                  \
        detail::BinaryFunction<detail::BinaryOp::op>(#Name, dstTensor, src0Tensor, src1Tensor, calCount,     \
                                                     &sharedTmpBuffer, where);                               \
    }                                                                                                        \
    template <typename T, bool isReuseSource = false>                                                        \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& src0Tensor,           \
                                const LocalTensor<T>& src1Tensor,                                            \
                                const LocalTensor<uint8_t>& sharedTmpBuffer, Where where = Where::Here())    \
    {                                                                                                        \
        Name<T, isReuseSource>(dstTensor, src0Tensor, src1Tensor, sharedTmpBuffer, src0Tensor.GetSize(),     \
                               where);                                                                       \
    }                                                                                                        \
    template <typename T, bool isReuseSource = false>                                                        \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& src0Tensor,           \
                                const LocalTensor<T>& src1Tensor, const uint32_t calCount,                   \
                                Where where = Where::Here())                                                 \
    {                                                                                                        \
        static_assert(detail::kIsOneOf<T, __VA_ARGS__>,                                                      \
                      #Name " exists for " types_text " only: Cast first");                                  \
        detail::BinaryFunction<detail::BinaryOp::op>(#Name, dstTensor, src0Tensor, src1Tensor, calCount,     \
                                                     nullptr, where);                                        \
    }                                                                                                        \
    template <typename T, bool isReuseSource = false>                                                        \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& src0Tensor,           \
                                const LocalTensor<T>& src1Tensor, Where where = Where::Here())               \
    {                                                                                                        \
        Name<T, isReuseSource>(dstTensor, src0Tensor, src1Tensor, src0Tensor.GetSize(), where);              \
    }

ASCEND_SIM_FUNCTION(Power, kPower, "half, float and int32_t", half, float, int32_t)
ASCEND_SIM_FUNCTION(Fmod, kFmod, "half and float", half, float)
ASCEND_SIM_FUNCTION(Xor, kXor, "int16_t and uint16_t", int16_t, uint16_t)

#undef ASCEND_SIM_FUNCTION

// Powers with a scalar exponent, and of a scalar base.
template <typename T, bool isReuseSource = false>
__aicore__ inline void Power(const LocalTensor<T>& dstTensor, const LocalTensor<T>& src0Tensor,
                             const std::enable_if_t<true, T>& src1Scalar,
                             const LocalTensor<uint8_t>& sharedTmpBuffer, uint32_t calCount,
                             Where where = Where::Here())
{
    detail::PowerFunction(dstTensor, src0Tensor, src1Scalar, false, calCount, &sharedTmpBuffer, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void Power(const LocalTensor<T>& dstTensor, const LocalTensor<T>& src0Tensor,
                             const std::enable_if_t<true, T>& src1Scalar,
                             const LocalTensor<uint8_t>& sharedTmpBuffer, Where where = Where::Here())
{
    detail::PowerFunction(dstTensor, src0Tensor, src1Scalar, false, src0Tensor.GetSize(), &sharedTmpBuffer,
                          where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void Power(const LocalTensor<T>& dstTensor, const LocalTensor<T>& src0Tensor,
                             const std::enable_if_t<true, T>& src1Scalar, uint32_t calCount,
                             Where where = Where::Here())
{
    detail::PowerFunction(dstTensor, src0Tensor, src1Scalar, false, calCount, nullptr, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void Power(const LocalTensor<T>& dstTensor, const LocalTensor<T>& src0Tensor,
                             const std::enable_if_t<true, T>& src1Scalar, Where where = Where::Here())
{
    detail::PowerFunction(dstTensor, src0Tensor, src1Scalar, false, src0Tensor.GetSize(), nullptr, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void Power(const LocalTensor<T>& dstTensor, const std::enable_if_t<true, T>& src0Scalar,
                             const LocalTensor<T>& src1Tensor, const LocalTensor<uint8_t>& sharedTmpBuffer,
                             uint32_t calCount, Where where = Where::Here())
{
    detail::PowerFunction(dstTensor, src1Tensor, src0Scalar, true, calCount, &sharedTmpBuffer, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void Power(const LocalTensor<T>& dstTensor, const std::enable_if_t<true, T>& src0Scalar,
                             const LocalTensor<T>& src1Tensor, const LocalTensor<uint8_t>& sharedTmpBuffer,
                             Where where = Where::Here())
{
    detail::PowerFunction(dstTensor, src1Tensor, src0Scalar, true, src1Tensor.GetSize(), &sharedTmpBuffer,
                          where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void Power(const LocalTensor<T>& dstTensor, const std::enable_if_t<true, T>& src0Scalar,
                             const LocalTensor<T>& src1Tensor, uint32_t calCount, Where where = Where::Here())
{
    detail::PowerFunction(dstTensor, src1Tensor, src0Scalar, true, calCount, nullptr, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void Power(const LocalTensor<T>& dstTensor, const std::enable_if_t<true, T>& src0Scalar,
                             const LocalTensor<T>& src1Tensor, Where where = Where::Here())
{
    detail::PowerFunction(dstTensor, src1Tensor, src0Scalar, true, src1Tensor.GetSize(), nullptr, where);
}

// min(src, scalar) and max(src, scalar).
#define ASCEND_SIM_CLAMP(Name, op)                                                                    \
    template <typename T, bool isReuseSource = false>                                                 \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,     \
                                const LocalTensor<uint8_t>& sharedTmpBuffer, const T scalar,          \
                                const uint32_t calCount, Where where = Where::Here())                 \
    {                                                                                                 \
        static_assert(detail::kIsOneOf<T, half, float>, #Name " exists for half and float only");     \
        detail::IssueFunction<2>(#Name,                                                               \
                                 {detail::MakeView(detail::Access::kWrite, dstTensor),                \
                                  detail::MakeView(detail::Access::kRead, srcTensor)},                \
                                 calCount, detail::ScalarLane(detail::ScalarOp::op, scalar),          \
                                 &sharedTmpBuffer, where);                                            \
    }                                                                                                 \
    template <typename T, bool isReuseSource = false>                                                 \
    __aicore__ inline void Name(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor,     \
                                const T scalar, const uint32_t calCount, Where where = Where::Here()) \
    {                                                                                                 \
        static_assert(detail::kIsOneOf<T, half, float>, #Name " exists for half and float only");     \
        detail::ScalarCount(#Name, detail::ScalarOp::op, dstTensor, srcTensor, scalar,                \
                            static_cast<int32_t>(calCount), where);                                   \
    }

ASCEND_SIM_CLAMP(ClampMax, kMins)
ASCEND_SIM_CLAMP(ClampMin, kMaxs)

#undef ASCEND_SIM_CLAMP

// Exp by a Taylor series of the given length on the device.
template <typename T, uint8_t taylorExpandLevel, bool isReuseSource = false>
__aicore__ inline void Exp(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,
                           const uint32_t calCount, Where where = Where::Here())
{
    detail::UnaryFunction<detail::UnaryOp::kExp>("Exp", dstLocal, srcLocal, calCount, nullptr, where);
}
template <typename T, uint8_t taylorExpandLevel, bool isReuseSource = false>
__aicore__ inline void Exp(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,
                           const LocalTensor<uint8_t>& sharedTmpBuffer, const uint32_t calCount,
                           Where where = Where::Here())
{
    detail::UnaryFunction<detail::UnaryOp::kExp>("Exp", dstLocal, srcLocal, calCount, &sharedTmpBuffer,
                                                 where);
}

// dst = scalar * src + dst, with a temporary.
template <typename T, typename U, bool isReuseSource = false>
__aicore__ inline void Axpy(const LocalTensor<T>& dstTensor, const LocalTensor<U>& srcTensor,
                            const U scalarValue, const LocalTensor<uint8_t>& sharedTmpBuffer,
                            const uint32_t calCount, Where where = Where::Here())
{
    static_assert(detail::kMultiplyAddTypes<T, U>, "Axpy adds half or float, or half into float, only");
    detail::IssueFunction<2>("Axpy",
                             {detail::MakeView(detail::Access::kReadWrite, dstTensor),
                              detail::MakeView(detail::Access::kRead, srcTensor)},
                             calCount, detail::AxpyLane<T>(scalarValue), &sharedTmpBuffer, where);
}

// x / (1 + exp(-scalar x))
template <typename T, bool isReuseSource = false>
__aicore__ inline void Swish(const LocalTensor<T>& dstLocal, const LocalTensor<T>& srcLocal,
                             uint32_t dataSize, const T scalarValue, Where where = Where::Here())
{
    static_assert(detail::kIsOneOf<T, half, float>, "Swish exists for half and float only: Cast first");
    detail::IssueFunction<2>(
        "Swish",
        {detail::MakeView(detail::Access::kWrite, dstLocal),
         detail::MakeView(detail::Access::kRead, srcLocal)},
        dataSize,
        [scale = static_cast<float>(scalarValue)](const detail::Addresses<2>& p, size_t n) {
            const T* src = reinterpret_cast<const T*>(p[1]);
            detail::GateElements<detail::UnaryOp::kSigmoid>(reinterpret_cast<T*>(p[0]), src, src, scale, n);
        },
        nullptr, where);
}

namespace detail {

// dst = src0 * src1 / (1 + exp(-scale * src1))
template <class T>
inline void SwiGluFunction(const LocalTensor<T>& dst, const LocalTensor<T>& src0, const LocalTensor<T>& src1,
                           float scale, uint32_t count, const LocalTensor<uint8_t>* temporary, Where where)
{
    static_assert(kIsOneOf<T, half, float>, "SwiGLU exists for half and float only: Cast first");
    IssueFunction<3>(
        "SwiGLU",
        {MakeView(Access::kWrite, dst), MakeView(Access::kRead, src0), MakeView(Access::kRead, src1)}, count,
        [scale](const Addresses<3>& p, size_t n) {
            std::vector<T> swish(n);  // rounded to T on the way
            const T* gate = reinterpret_cast<const T*>(p[2]);
            GateElements<UnaryOp::kSigmoid>(swish.data(), gate, gate, scale, n);
            kLanes.binary[At(BinaryOp::kMul)][kIndex<T>](p[0], p[1], swish.data(), n);
        },
        temporary, where);
}

// dst = src0 * Gelu(src1)
template <class T>
inline void GeGluFunction(const LocalTensor<T>& dst, const LocalTensor<T>& src0, const LocalTensor<T>& src1,
                          uint32_t count, const LocalTensor<uint8_t>* temporary, Where where)
{
    static_assert(kIsOneOf<T, half, float>, "GeGLU exists for half and float only: Cast first");
    IssueFunction<3>(
        "GeGLU",
        {MakeView(Access::kWrite, dst), MakeView(Access::kRead, src0), MakeView(Access::kRead, src1)}, count,
        [](const Addresses<3>& p, size_t n) {
            GateElements<UnaryOp::kGelu>(reinterpret_cast<T*>(p[0]), reinterpret_cast<const T*>(p[1]),
                                         reinterpret_cast<const T*>(p[2]), 1.0f, n);
        },
        temporary, where);
}

}  // namespace detail

template <typename T, bool isReuseSource = false>
__aicore__ inline void SwiGLU(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor0,
                              const LocalTensor<T>& srcTensor1, const float& scalarValue,
                              const LocalTensor<uint8_t>& sharedTmpBuffer, const uint32_t calCount,
                              Where where = Where::Here())
{
    detail::SwiGluFunction(dstTensor, srcTensor0, srcTensor1, scalarValue, calCount, &sharedTmpBuffer, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void SwiGLU(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor0,
                              const LocalTensor<T>& srcTensor1, const float& scalarValue,
                              const LocalTensor<uint8_t>& sharedTmpBuffer, Where where = Where::Here())
{
    detail::SwiGluFunction(dstTensor, srcTensor0, srcTensor1, scalarValue, srcTensor0.GetSize(),
                           &sharedTmpBuffer, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void SwiGLU(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor0,
                              const LocalTensor<T>& srcTensor1, const float& scalarValue,
                              const uint32_t calCount, Where where = Where::Here())
{
    detail::SwiGluFunction(dstTensor, srcTensor0, srcTensor1, scalarValue, calCount, nullptr, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void SwiGLU(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor0,
                              const LocalTensor<T>& srcTensor1, const float& scalarValue,
                              Where where = Where::Here())
{
    detail::SwiGluFunction(dstTensor, srcTensor0, srcTensor1, scalarValue, srcTensor0.GetSize(), nullptr,
                           where);
}

template <typename T, bool isReuseSource = false>
__aicore__ inline void GeGLU(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor0,
                             const LocalTensor<T>& srcTensor1, const LocalTensor<uint8_t>& sharedTmpBuffer,
                             const uint32_t calCount, Where where = Where::Here())
{
    detail::GeGluFunction(dstTensor, srcTensor0, srcTensor1, calCount, &sharedTmpBuffer, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void GeGLU(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor0,
                             const LocalTensor<T>& srcTensor1, const LocalTensor<uint8_t>& sharedTmpBuffer,
                             Where where = Where::Here())
{
    detail::GeGluFunction(dstTensor, srcTensor0, srcTensor1, srcTensor0.GetSize(), &sharedTmpBuffer, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void GeGLU(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor0,
                             const LocalTensor<T>& srcTensor1, const uint32_t calCount,
                             Where where = Where::Here())
{
    detail::GeGluFunction(dstTensor, srcTensor0, srcTensor1, calCount, nullptr, where);
}
template <typename T, bool isReuseSource = false>
__aicore__ inline void GeGLU(const LocalTensor<T>& dstTensor, const LocalTensor<T>& srcTensor0,
                             const LocalTensor<T>& srcTensor1, Where where = Where::Here())
{
    detail::GeGluFunction(dstTensor, srcTensor0, srcTensor1, srcTensor0.GetSize(), nullptr, where);
}

}  // namespace AscendC
