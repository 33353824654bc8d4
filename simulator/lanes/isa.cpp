// SPDX-License-Identifier: Apache-2.0
// The lanes of one instruction set: compiled once for each, with its flags and -DASCEND_SIM_ISA=<name>.
// Plain loops that the compiler vectorises; everything but the table itself has internal linkage.
#include "isa.h"

#include "element.h"
#include "exp_ln.h"
#include "operations.h"
#include "rounding.h"
#include "simd.h"
#include "transcendental.h"

namespace ascend_sim {
namespace {

// ---- Loops ----
// ivdep: operands are the same address or do not overlap, so no iteration waits for another.

template <class Op, class T>
void UnaryLoop(void* dst, const void* src, size_t n)
{
    T* d = static_cast<T*>(dst);
    const T* s = static_cast<const T*>(src);
#pragma GCC ivdep
    for (size_t i = 0; i < n; ++i) {
        d[i] = Store<T>(Op::Of(Load(s[i])));
    }
}

// Exp or Ln. What is left at the end, and elements that are not floats, go through a buffer.
template <class Function, class T>
void ExpLnLoop(void* dst, const void* src, size_t n)
{
    T* d = static_cast<T*>(dst);
    const T* s = static_cast<const T*>(src);
    size_t i = 0;
    if constexpr (sizeof(T) == sizeof(float)) {
        for (; i + kVectorLanes <= n; i += kVectorLanes) {
            StoreFloats(d + i, Of<Function>(LoadFloats(s + i)));
        }
    }
    for (; i < n; i += kVectorLanes) {
        const size_t count = n - i < kVectorLanes ? n - i : kVectorLanes;
        Floats x = Floats{} + Function::kInside;
        for (size_t lane = 0; lane < count; ++lane) {
            x[lane] = Load(s[i + lane]);
        }
        const Floats y = Of<Function>(x);
        for (size_t lane = 0; lane < count; ++lane) {
            d[i + lane] = Store<T>(y[lane]);
        }
    }
}

// Of an angle, which takes longer where one is very large.
template <class Op, class T>
void AngleLoop(void* dst, const void* src, size_t n)
{
    T* d = static_cast<T*>(dst);
    const T* s = static_cast<const T*>(src);
    bool large = false;
    for (size_t i = 0; i < n; ++i) {
        large |= __builtin_fabsf(Load(s[i])) > static_cast<float>(kLargestAngle);
    }
    if (!large) {
        return UnaryLoop<Op, T>(dst, src, n);
    }
    for (size_t i = 0; i < n; ++i) {
        const float x = Load(s[i]);
        d[i] = Store<T>(__builtin_fabsf(x) > static_cast<float>(kLargestAngle) ? Op::Beyond(x) : Op::Of(x));
    }
}

template <class Op, class T>
void BinaryLoop(void* dst, const void* a, const void* b, size_t n)
{
    T* d = static_cast<T*>(dst);
    const T* x = static_cast<const T*>(a);
    const T* y = static_cast<const T*>(b);
#pragma GCC ivdep
    for (size_t i = 0; i < n; ++i) {
        d[i] = Store<T>(Op::Of(Load(x[i]), Load(y[i])));
    }
}

// Of an operation that rounds an intermediate result to T.
template <class Op, class T>
void BinaryStepsLoop(void* dst, const void* a, const void* b, size_t n)
{
    T* d = static_cast<T*>(dst);
    const T* x = static_cast<const T*>(a);
    const T* y = static_cast<const T*>(b);
#pragma GCC ivdep
    for (size_t i = 0; i < n; ++i) {
        d[i] = Store<T>(Op::template Of<T>(Load(x[i]), Load(y[i])));
    }
}

template <class Op, class T>
void ScalarLoop(void* dst, const void* src, const void* scalar, size_t n)
{
    T* d = static_cast<T*>(dst);
    const T* s = static_cast<const T*>(src);
    const auto value = Load(*static_cast<const T*>(scalar));
#pragma GCC ivdep
    for (size_t i = 0; i < n; ++i) {
        d[i] = Store<T>(Op::Of(Load(s[i]), value));
    }
}

// Of an operation that also reads its destination, and rounds an intermediate result to the destination's T.
template <class Op, class T, class U>
void UpdateLoop(void* dst, const void* a, const void* b, size_t n)
{
    T* d = static_cast<T*>(dst);
    const U* x = static_cast<const U*>(a);
    const U* y = static_cast<const U*>(b);
#pragma GCC ivdep
    for (size_t i = 0; i < n; ++i) {
        d[i] = Store<T>(Op::template Of<T>(Load(x[i]), Load(y[i]), Load(d[i])));
    }
}

template <class T, class U>
void AxpyLoop(void* dst, const void* src, const void* scalar, size_t n)
{
    T* d = static_cast<T*>(dst);
    const U* s = static_cast<const U*>(src);
    const float value = Load(*static_cast<const U*>(scalar));
#pragma GCC ivdep
    for (size_t i = 0; i < n; ++i) {
        const float x = Load(s[i]);
        d[i] = Store<T>(Axpy::Of<T>(x, value, Load(d[i])));
    }
}

template <class To, class From, Rounding rounding>
void CastLoop(void* dst, const void* src, size_t n)
{
    To* d = static_cast<To*>(dst);
    const From* s = static_cast<const From*>(src);
#pragma GCC ivdep
    for (size_t i = 0; i < n; ++i) {
        d[i] = Convert<To, From, rounding>(s[i]);
    }
}

#if defined(__F16C__)
// The processor's own conversions, which round to nearest even as the loops above do.
template <>
void CastLoop<float, F16, Rounding::kRint>(void* dst, const void* src, size_t n)
{
    float* d = static_cast<float*>(dst);
    const F16* s = static_cast<const F16*>(src);
    size_t i = 0;
    for (; i + kVectorLanes <= n; i += kVectorLanes) {
        StoreFloats(d + i, FromHalf(LoadWords(s + i)));
    }
    for (; i < n; ++i) {
        d[i] = Widen(s[i]);
    }
}

template <>
void CastLoop<F16, float, Rounding::kRint>(void* dst, const void* src, size_t n)
{
    F16* d = static_cast<F16*>(dst);
    const float* s = static_cast<const float*>(src);
    size_t i = 0;
    for (; i + kVectorLanes <= n; i += kVectorLanes) {
        StoreWords(d + i, ToHalf(LoadFloats(s + i)));
    }
    for (; i < n; ++i) {
        d[i] = Narrow<F16>(s[i]);
    }
}
#endif

template <class To, class From>
void CastAs(void* dst, const void* src, Rounding rounding, size_t n)
{
    switch (rounding) {
        case Rounding::kNone:
        case Rounding::kRint:
            return CastLoop<To, From, Rounding::kRint>(dst, src, n);
        case Rounding::kFloor:
            return CastLoop<To, From, Rounding::kFloor>(dst, src, n);
        case Rounding::kCeil:
            return CastLoop<To, From, Rounding::kCeil>(dst, src, n);
        case Rounding::kRound:
            return CastLoop<To, From, Rounding::kRound>(dst, src, n);
        case Rounding::kTrunc:
            return CastLoop<To, From, Rounding::kTrunc>(dst, src, n);
        case Rounding::kOdd:
            return CastLoop<To, From, Rounding::kOdd>(dst, src, n);
    }
}

// A conversion that loses nothing has nothing to round.
template <class To, class From>
void CastExact(void* dst, const void* src, Rounding, size_t n)
{
    CastLoop<To, From, Rounding::kRint>(dst, src, n);
}

void DequantiseLoop(void* dst, const void* src, const void* scalar, size_t n)
{
    F16* d = static_cast<F16*>(dst);
    const int32_t* s = static_cast<const int32_t*>(src);
    const float scale = Load(*static_cast<const F16*>(scalar));
#pragma GCC ivdep
    for (size_t i = 0; i < n; ++i) {
        d[i] = Narrow<F16>(static_cast<float>(s[i]) * scale);
    }
}

// ---- Comparison and selection ----

struct Lt {
    template <class T>
    static bool Of(T a, T b)
    {
        return a < b;
    }
};
struct Gt {
    template <class T>
    static bool Of(T a, T b)
    {
        return a > b;
    }
};
struct Eq {
    template <class T>
    static bool Of(T a, T b)
    {
        return a == b;
    }
};
struct Le {
    template <class T>
    static bool Of(T a, T b)
    {
        return a <= b;
    }
};
struct Ge {
    template <class T>
    static bool Of(T a, T b)
    {
        return a >= b;
    }
};
struct Ne {
    template <class T>
    static bool Of(T a, T b)
    {
        return a != b;
    }
};

// Eight bytes that hold 0 or 1 to the eight bits of one byte, the first to the lowest.
inline uint8_t PackBits(const uint8_t* truth)
{
    uint64_t word;
    __builtin_memcpy(&word, truth, sizeof(word));
    return static_cast<uint8_t>(word * 0x0102040810204080u >> 56);
}

template <class Op, class T, bool scalar>
void CompareLoop(uint8_t* bits, const void* a, const void* b, size_t n)
{
    constexpr size_t kChunk = 64;
    const T* x = static_cast<const T*>(a);
    const T* y = static_cast<const T*>(b);
    uint8_t truth[kChunk];
    for (size_t start = 0; start < n; start += kChunk) {
        const size_t count = n - start < kChunk ? n - start : kChunk;
        for (size_t i = 0; i < count; ++i) {
            truth[i] = Op::Of(Load(x[start + i]), Load(y[scalar ? 0 : start + i]));
        }
        for (size_t i = 0; i < count; i += 8) {
            bits[(start + i) / 8] = PackBits(truth + i);
        }
    }
}

// T is any type of the element's width: selection moves bits.
template <class T, bool scalar>
void SelectLoop(void* dst, const uint8_t* bits, const void* a, const void* b, size_t n)
{
    constexpr size_t kChunk = 32;
    T* d = static_cast<T*>(dst);
    const T* x = static_cast<const T*>(a);
    const T* y = static_cast<const T*>(b);
    size_t start = 0;
    for (; start + kChunk <= n; start += kChunk) {
        uint32_t word;
        __builtin_memcpy(&word, bits + start / 8, sizeof(word));
#pragma GCC ivdep
        for (uint32_t i = 0; i < kChunk; ++i) {
            const T other = y[scalar ? 0 : start + i];
            d[start + i] = (word >> i) & 1u ? x[start + i] : other;
        }
    }
    for (size_t i = start; i < n; ++i) {
        d[i] = (bits[i / 8] >> (i % 8)) & 1 ? x[i] : y[scalar ? 0 : i];
    }
}

template <class T>
void FillLoop(void* dst, const void* scalar, size_t n)
{
    T* d = static_cast<T*>(dst);
    const T value = *static_cast<const T*>(scalar);
    for (size_t i = 0; i < n; ++i) {
        d[i] = value;
    }
}

// ---- Reductions ----

// Neighbours first: (((0 1) (2 3)) ((4 5) (6 7))) ..., every result rounded to T.
//
// Level by level over as many groups as fill a buffer, for loops over neighbours vectorise well.
template <class Op, class T, size_t width>
void TreeGroups(void* dst, const void* src, size_t groups)
{
    constexpr size_t kElements = 1024;
    T* d = static_cast<T*>(dst);
    const T* s = static_cast<const T*>(src);
    float level[kElements / 2];
    for (size_t start = 0; start < groups; start += kElements / width) {
        const size_t left = groups - start;
        const size_t count = left < kElements / width ? left : kElements / width;
        const T* elements = s + start * width;
        size_t pairs = count * width / 2;
        for (size_t i = 0; i < pairs; ++i) {
            level[i] = Round<T>(Op::Of(Load(elements[2 * i]), Load(elements[2 * i + 1])));
        }
        for (; pairs > count; pairs /= 2) {
#pragma GCC ivdep
            for (size_t i = 0; i < pairs / 2; ++i) {
                level[i] = Round<T>(Op::Of(level[2 * i], level[2 * i + 1]));
            }
        }
        for (size_t i = 0; i < count; ++i) {
            d[start + i] = Store<T>(level[i]);
        }
    }
}

template <class Op, class T>
void GroupsLoop(void* dst, const void* src, size_t groups, size_t width)
{
    switch (width) {
        case 2:
            return TreeGroups<Op, T, 2>(dst, src, groups);
        case 8:
            return TreeGroups<Op, T, 8>(dst, src, groups);
        case 16:
            return TreeGroups<Op, T, 16>(dst, src, groups);
        case 64:
            return TreeGroups<Op, T, 64>(dst, src, groups);
        case 128:
            return TreeGroups<Op, T, 128>(dst, src, groups);
        default:
            __builtin_trap();  // no instruction has such groups
    }
}

template <class Beats, class T>
void FindLoop(void* value, uint32_t* index, const void* src, size_t n)
{
    const T* s = static_cast<const T*>(src);
    size_t best = 0;
    for (size_t i = 1; i < n; ++i) {
        const float candidate = Load(s[i]);
        const float current = Load(s[best]);
        if (current == current && (candidate != candidate || Beats::Of(candidate, current))) {
            best = i;
        }
    }
    *static_cast<T*>(value) = s[best];
    *index = static_cast<uint32_t>(best);
}

// ---- Copies ----

#if defined(__x86_64__)
// One cache line, to an address of one.
inline void StreamLine(char* dst, const char* src)
{
#if defined(__AVX512F__)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(dst), _mm512_loadu_si512(src));
#else
    for (size_t i = 0; i < 64; i += sizeof(__m128i)) {
        _mm_stream_si128(reinterpret_cast<__m128i*>(dst + i),
                         _mm_loadu_si128(reinterpret_cast<const __m128i*>(src + i)));
    }
#endif
}
#endif

void CopyThrough(void* dst, const void* src, size_t bytes)
{
#if defined(__x86_64__)
    constexpr size_t kLine = 64;
    char* to = static_cast<char*>(dst);
    const char* from = static_cast<const char*>(src);
    const size_t before = -reinterpret_cast<uintptr_t>(dst) % kLine;
    if (bytes >= before + kLine) {
        __builtin_memcpy(to, from, before);
        size_t at = before;
        for (; at + kLine <= bytes; at += kLine) {
            StreamLine(to + at, from + at);
        }
        __builtin_memcpy(to + at, from + at, bytes - at);
        _mm_sfence();  // other threads see these stores before any that follows
        return;
    }
#endif
    __builtin_memcpy(dst, src, bytes);
}

// ---- The table ----

// A loop over one row after the other.
template <void (*loop)(void*, const void*, size_t)>
void EachRow(void* dst, const void* src, size_t n, const Rows& rows)
{
    char* d = static_cast<char*>(dst);
    const char* s = static_cast<const char*>(src);
    for (size_t row = 0; row < rows.count; ++row, d += rows.dst, s += rows.a) {
        loop(d, s, n);
    }
}

template <void (*loop)(void*, const void*, const void*, size_t)>
void EachRow(void* dst, const void* a, const void* b, size_t n, const Rows& rows)
{
    char* d = static_cast<char*>(dst);
    const char* x = static_cast<const char*>(a);
    const char* y = static_cast<const char*>(b);
    for (size_t row = 0; row < rows.count; ++row, d += rows.dst, x += rows.a, y += rows.b) {
        loop(d, x, y, n);
    }
}

// The arithmetic of the table.
template <void (*loop)(void*, const void*, size_t)>
constexpr Lanes::Unary Rowwise()
{
    return {loop, EachRow<loop>};
}

template <void (*loop)(void*, const void*, const void*, size_t)>
constexpr Lanes::Binary Rowwise()
{
    return {loop, EachRow<loop>};
}

template <class Enum>
constexpr size_t At(Enum value)
{
    return static_cast<size_t>(value);
}

template <class T>
constexpr void AddFloating(Lanes& table)
{
    constexpr size_t d = At(kDtypeOf<T>);
    table.unary[At(UnaryOp::kAbs)][d] = Rowwise<UnaryLoop<Abs, T>>();
    table.unary[At(UnaryOp::kRelu)][d] = Rowwise<UnaryLoop<Relu, T>>();
    table.unary[At(UnaryOp::kExp)][d] = Rowwise<ExpLnLoop<Exp, T>>();
    table.unary[At(UnaryOp::kLn)][d] = Rowwise<ExpLnLoop<Ln, T>>();
    table.unary[At(UnaryOp::kSqrt)][d] = Rowwise<UnaryLoop<Sqrt, T>>();
    table.unary[At(UnaryOp::kRsqrt)][d] = Rowwise<UnaryLoop<Rsqrt, T>>();
    table.unary[At(UnaryOp::kReciprocal)][d] = Rowwise<UnaryLoop<Reciprocal, T>>();
    table.binary[At(BinaryOp::kDiv)][d] = Rowwise<BinaryLoop<Div, T>>();
    table.with_scalar[At(ScalarOp::kLeakyRelu)][d] = Rowwise<ScalarLoop<LeakyRelu, T>>();
    table.update[At(UpdateOp::kMulAddDst)][d] = Rowwise<UpdateLoop<MulAddDst, T, T>>();
    table.update[At(UpdateOp::kFusedMulAdd)][d] = Rowwise<UpdateLoop<FusedMulAdd, T, T>>();
    table.update[At(UpdateOp::kFusedMulAddRelu)][d] = Rowwise<UpdateLoop<FusedMulAddRelu, T, T>>();
    table.axpy[d] = Rowwise<AxpyLoop<T, T>>();
    table.sum_groups[d] = GroupsLoop<Add, T>;
    table.extreme_groups[At(Extreme::kMax)][d] = GroupsLoop<Max, T>;
    table.extreme_groups[At(Extreme::kMin)][d] = GroupsLoop<Min, T>;
    table.find_extreme[At(Extreme::kMax)][d] = FindLoop<Gt, T>;
    table.find_extreme[At(Extreme::kMin)][d] = FindLoop<Lt, T>;
}

template <class T>
constexpr void AddMathematics(Lanes& table)
{
    constexpr size_t d = At(kDtypeOf<T>);
    table.unary[At(UnaryOp::kTanh)][d] = Rowwise<UnaryLoop<Tanh, T>>();
    table.unary[At(UnaryOp::kSigmoid)][d] = Rowwise<UnaryLoop<Sigmoid, T>>();
    table.unary[At(UnaryOp::kSilu)][d] = Rowwise<UnaryLoop<Silu, T>>();
    table.unary[At(UnaryOp::kGelu)][d] = Rowwise<UnaryLoop<Gelu, T>>();
    table.unary[At(UnaryOp::kFasterGelu)][d] = Rowwise<UnaryLoop<FasterGelu, T>>();
    table.unary[At(UnaryOp::kErf)][d] = Rowwise<UnaryLoop<Erf, T>>();
    table.unary[At(UnaryOp::kErfc)][d] = Rowwise<UnaryLoop<Erfc, T>>();
    table.unary[At(UnaryOp::kSin)][d] = Rowwise<AngleLoop<Sin, T>>();
    table.unary[At(UnaryOp::kCos)][d] = Rowwise<AngleLoop<Cos, T>>();
    table.unary[At(UnaryOp::kTan)][d] = Rowwise<AngleLoop<Tan, T>>();
    table.unary[At(UnaryOp::kAsin)][d] = Rowwise<UnaryLoop<Asin, T>>();
    table.unary[At(UnaryOp::kAcos)][d] = Rowwise<UnaryLoop<Acos, T>>();
    table.unary[At(UnaryOp::kAtan)][d] = Rowwise<UnaryLoop<Atan, T>>();
    table.unary[At(UnaryOp::kSinh)][d] = Rowwise<UnaryLoop<Sinh, T>>();
    table.unary[At(UnaryOp::kCosh)][d] = Rowwise<UnaryLoop<Cosh, T>>();
    table.unary[At(UnaryOp::kAsinh)][d] = Rowwise<UnaryLoop<Asinh, T>>();
    table.unary[At(UnaryOp::kAcosh)][d] = Rowwise<UnaryLoop<Acosh, T>>();
    table.unary[At(UnaryOp::kAtanh)][d] = Rowwise<UnaryLoop<Atanh, T>>();
    table.unary[At(UnaryOp::kLog2)][d] = Rowwise<UnaryLoop<Log2, T>>();
    table.unary[At(UnaryOp::kLog10)][d] = Rowwise<UnaryLoop<Log10, T>>();
    table.unary[At(UnaryOp::kLgamma)][d] = Rowwise<UnaryLoop<Lgamma, T>>();
    table.unary[At(UnaryOp::kDigamma)][d] = Rowwise<UnaryLoop<Digamma, T>>();
    table.unary[At(UnaryOp::kSign)][d] = Rowwise<UnaryLoop<Sign, T>>();
    table.unary[At(UnaryOp::kFloor)][d] = Rowwise<UnaryLoop<Floor, T>>();
    table.unary[At(UnaryOp::kCeil)][d] = Rowwise<UnaryLoop<Ceil, T>>();
    table.unary[At(UnaryOp::kTrunc)][d] = Rowwise<UnaryLoop<Trunc, T>>();
    table.unary[At(UnaryOp::kRound)][d] = Rowwise<UnaryLoop<RoundToEven, T>>();
    table.unary[At(UnaryOp::kFrac)][d] = Rowwise<UnaryLoop<Frac, T>>();
    table.binary[At(BinaryOp::kPower)][d] = Rowwise<BinaryLoop<Power, T>>();
    table.binary[At(BinaryOp::kFmod)][d] = Rowwise<BinaryLoop<Fmod, T>>();
}

template <class T>
constexpr void AddArithmetic(Lanes& table)
{
    constexpr size_t d = At(kDtypeOf<T>);
    table.binary[At(BinaryOp::kAdd)][d] = Rowwise<BinaryLoop<Add, T>>();
    table.binary[At(BinaryOp::kSub)][d] = Rowwise<BinaryLoop<Sub, T>>();
    table.binary[At(BinaryOp::kMul)][d] = Rowwise<BinaryLoop<Mul, T>>();
    table.binary[At(BinaryOp::kMax)][d] = Rowwise<BinaryLoop<Max, T>>();
    table.binary[At(BinaryOp::kMin)][d] = Rowwise<BinaryLoop<Min, T>>();
    table.with_scalar[At(ScalarOp::kAdds)][d] = Rowwise<ScalarLoop<Add, T>>();
    table.with_scalar[At(ScalarOp::kMuls)][d] = Rowwise<ScalarLoop<Mul, T>>();
    table.with_scalar[At(ScalarOp::kMaxs)][d] = Rowwise<ScalarLoop<Max, T>>();
    table.with_scalar[At(ScalarOp::kMins)][d] = Rowwise<ScalarLoop<Min, T>>();
}

template <class T>
constexpr void AddReluForms(Lanes& table)
{
    constexpr size_t d = At(kDtypeOf<T>);
    table.binary[At(BinaryOp::kAddRelu)][d] = Rowwise<BinaryStepsLoop<AddRelu, T>>();
    table.binary[At(BinaryOp::kSubRelu)][d] = Rowwise<BinaryStepsLoop<SubRelu, T>>();
}

template <class T>
constexpr void AddBitwise(Lanes& table)
{
    constexpr size_t d = At(kDtypeOf<T>);
    table.unary[At(UnaryOp::kNot)][d] = Rowwise<UnaryLoop<Not, T>>();
    table.binary[At(BinaryOp::kAnd)][d] = Rowwise<BinaryLoop<And, T>>();
    table.binary[At(BinaryOp::kOr)][d] = Rowwise<BinaryLoop<Or, T>>();
    table.with_scalar[At(ScalarOp::kShiftLeft)][d] = Rowwise<ScalarLoop<ShiftLeft, T>>();
    table.with_scalar[At(ScalarOp::kShiftRight)][d] = Rowwise<ScalarLoop<ShiftRight, T>>();
    table.with_scalar[At(ScalarOp::kShiftRightRound)][d] = Rowwise<ScalarLoop<ShiftRightRound, T>>();
}

template <class Op, class T>
constexpr void AddComparison(Lanes& table, CompareOp op)
{
    constexpr size_t d = At(kDtypeOf<T>);
    table.compare[At(op)][d] = CompareLoop<Op, T, false>;
    table.compare_scalar[At(op)][d] = CompareLoop<Op, T, true>;
}

template <class T>
constexpr void AddComparisons(Lanes& table)
{
    AddComparison<Lt, T>(table, CompareOp::kLt);
    AddComparison<Gt, T>(table, CompareOp::kGt);
    AddComparison<Eq, T>(table, CompareOp::kEq);
    AddComparison<Le, T>(table, CompareOp::kLe);
    AddComparison<Ge, T>(table, CompareOp::kGe);
    AddComparison<Ne, T>(table, CompareOp::kNe);
}

template <class To, class From>
constexpr void AddCast(Lanes& table)
{
    table.cast[At(kDtypeOf<To>)][At(kDtypeOf<From>)] = CastAs<To, From>;
}

template <class To, class From>
constexpr void AddExactCast(Lanes& table)
{
    table.cast[At(kDtypeOf<To>)][At(kDtypeOf<From>)] = CastExact<To, From>;
}

constexpr void AddCasts(Lanes& table)
{
    AddExactCast<float, F16>(table);
    AddExactCast<float, BF16>(table);
    AddExactCast<float, int16_t>(table);
    AddExactCast<F16, int8_t>(table);
    AddExactCast<F16, uint8_t>(table);
    AddExactCast<int64_t, int32_t>(table);
    AddExactCast<int16_t, int32_t>(table);  // saturates
    AddExactCast<int32_t, int64_t>(table);  // saturates
    AddCast<float, float>(table);
    AddCast<float, int32_t>(table);
    AddCast<float, int64_t>(table);
    AddCast<F16, float>(table);
    AddCast<F16, int16_t>(table);
    AddCast<BF16, float>(table);
    AddCast<int8_t, F16>(table);
    AddCast<uint8_t, F16>(table);
    AddCast<int16_t, F16>(table);
    AddCast<int32_t, F16>(table);
    AddCast<int32_t, BF16>(table);
    AddCast<int16_t, float>(table);
    AddCast<int32_t, float>(table);
    AddCast<int64_t, float>(table);
}

#define ASCEND_SIM_TEXT(name) ASCEND_SIM_TEXT_OF(name)
#define ASCEND_SIM_TEXT_OF(name) #name

constexpr Lanes Build()
{
    Lanes table{};
    table.isa = ASCEND_SIM_TEXT(ASCEND_SIM_ISA);
    AddFloating<float>(table);
    AddFloating<F16>(table);
    AddMathematics<float>(table);
    AddMathematics<F16>(table);
    table.binary[At(BinaryOp::kPower)][At(Dtype::kInt32)] = Rowwise<BinaryLoop<Power, int32_t>>();
    table.binary[At(BinaryOp::kXor)][At(Dtype::kInt16)] = Rowwise<BinaryLoop<Xor, int16_t>>();
    table.binary[At(BinaryOp::kXor)][At(Dtype::kUint16)] = Rowwise<BinaryLoop<Xor, uint16_t>>();
    AddArithmetic<float>(table);
    AddArithmetic<F16>(table);
    AddArithmetic<int16_t>(table);
    AddArithmetic<int32_t>(table);
    table.unary[At(UnaryOp::kRelu)][At(Dtype::kInt32)] = Rowwise<UnaryLoop<Relu, int32_t>>();
    AddReluForms<float>(table);
    AddReluForms<F16>(table);
    AddReluForms<int16_t>(table);
    AddBitwise<int16_t>(table);
    AddBitwise<uint16_t>(table);
    AddBitwise<int32_t>(table);
    AddBitwise<uint32_t>(table);
    table.mul_add_dst_widening = Rowwise<UpdateLoop<MulAddDst, float, F16>>();
    table.axpy_widening = Rowwise<AxpyLoop<float, F16>>();
    AddCasts(table);
    table.dequantise = Rowwise<DequantiseLoop>();
    AddComparisons<float>(table);
    AddComparisons<F16>(table);
    AddComparison<Eq, int32_t>(table, CompareOp::kEq);
    table.select16 = SelectLoop<uint16_t, false>;
    table.select32 = SelectLoop<uint32_t, false>;
    table.select_scalar16 = SelectLoop<uint16_t, true>;
    table.select_scalar32 = SelectLoop<uint32_t, true>;
    table.fill16 = FillLoop<uint16_t>;
    table.fill32 = FillLoop<uint32_t>;
    table.copy_through = CopyThrough;
    return table;
}

constexpr Lanes kTable = Build();

}  // namespace

const Lanes& ASCEND_SIM_LANES(ASCEND_SIM_ISA)()
{
    return kTable;
}

}  // namespace ascend_sim
