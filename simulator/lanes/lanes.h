// SPDX-License-Identifier: Apache-2.0
// The element loops behind every vector instruction.
//
// One source (isa.cpp) is compiled once per instruction set; GetLanes() picks the best one that the processor
// has. All of them give the same bits (of a NaN only that it is one), because every loop is a sequence of
// IEEE operations that no compiler may contract or reorder.
//
// Numerics, the same for every caller:
//   float32    round to nearest even; multiply-add instructions round twice, the product and then the sum
//   float16    computed in float32, every result rounded once to float16
//   integers   wrap around in arithmetic, saturate in casts
//   Max, Min   propagate NaN; of two zeros the second operand is taken
//   Exp, Ln    within 0.55 ULP of the exact value on every float32, see exp_ln.h
//   others     rounded from a double that is exact to 40 bits at least, see transcendental.h
//
// A lane may read and write the same address (in place), but operands must not overlap otherwise.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../core/export.h"

namespace ascend_sim {

enum class Dtype : uint8_t {
    kFloat32,
    kFloat16,
    kBFloat16,
    kInt8,
    kUint8,
    kInt16,
    kUint16,
    kInt32,
    kUint32,
    kInt64,
    kCount
};

enum class UnaryOp : uint8_t {
    kAbs,
    kRelu,
    kExp,
    kLn,
    kSqrt,
    kRsqrt,
    kReciprocal,
    kNot,
    // What the device's high-level functions compute, see transcendental.h
    kTanh,
    kSigmoid,
    kSilu,
    kGelu,
    kFasterGelu,
    kErf,
    kErfc,
    kSin,
    kCos,
    kTan,
    kAsin,
    kAcos,
    kAtan,
    kSinh,
    kCosh,
    kAsinh,
    kAcosh,
    kAtanh,
    kLog2,
    kLog10,
    kLgamma,
    kDigamma,
    kSign,
    kFloor,
    kCeil,
    kTrunc,
    kRound,
    kFrac,
    kCount
};

enum class BinaryOp : uint8_t {
    kAdd,
    kSub,
    kMul,
    kDiv,
    kMax,
    kMin,
    kAnd,
    kOr,
    kAddRelu,
    kSubRelu,
    kXor,
    kPower,
    kFmod,
    kCount
};

// Operations with one scalar operand.
enum class ScalarOp : uint8_t {
    kAdds,
    kMuls,
    kMaxs,
    kMins,
    kLeakyRelu,
    kShiftLeft,
    kShiftRight,
    kShiftRightRound,  // rounds half up instead of dropping the bits
    kCount
};

// Operations that also read their destination.
enum class UpdateOp : uint8_t {
    kMulAddDst,        // dst = a * b + dst
    kFusedMulAdd,      // dst = a * dst + b
    kFusedMulAddRelu,  // dst = max(a * dst + b, 0)
    kCount
};

// In the order of AscendC::CMPMODE.
enum class CompareOp : uint8_t { kLt, kGt, kEq, kLe, kGe, kNe, kCount };

// In the order of AscendC::RoundMode. kNone is kRint where a conversion loses precision.
enum class Rounding : uint8_t { kNone, kRint, kFloor, kCeil, kRound, kTrunc, kOdd };

// Which end of the order a reduction looks for.
enum class Extreme : uint8_t { kMax, kMin, kCount };

template <class Enum>
constexpr size_t CountOf()
{
    return static_cast<size_t>(Enum::kCount);
}

// How many rows of `n` elements a loop runs over, one after the other, and by how many bytes those of each
// operand lie apart: the repeats of a masked instruction.
struct Rows {
    size_t count;
    size_t dst;
    size_t a;
    size_t b;
};

// A loop over one row, and over several.
template <class... Operands>
struct RowLoop {
    void (*one)(Operands..., size_t n) = nullptr;
    void (*several)(Operands..., size_t n, const Rows& rows) = nullptr;

    void operator()(Operands... operands, size_t n) const { one(operands..., n); }
    void operator()(Operands... operands, size_t n, const Rows& rows) const { several(operands..., n, rows); }
    explicit operator bool() const { return one != nullptr; }
};

// The table. An entry is null where the device has no such instruction. Bits of comparisons and selections
// are least significant first.
struct Lanes {
    using Unary = RowLoop<void*, const void*>;                // dst, src
    using Binary = RowLoop<void*, const void*, const void*>;  // dst, a, b
    using WithScalar = Binary;                                // dst, a, scalar
    using Cast = void (*)(void* dst, const void* src, Rounding rounding, size_t n);
    using Compare = void (*)(uint8_t* bits, const void* a, const void* b, size_t n);  // n a multiple of 8
    using Select = void (*)(void* dst, const uint8_t* bits, const void* a, const void* b, size_t n);
    using Fill = void (*)(void* dst, const void* scalar, size_t n);
    using Groups = void (*)(void* dst, const void* src, size_t groups, size_t width);
    using Find = void (*)(void* value, uint32_t* index, const void* src, size_t n);

    const char* isa;
    Unary unary[CountOf<UnaryOp>()][CountOf<Dtype>()];
    Binary binary[CountOf<BinaryOp>()][CountOf<Dtype>()];
    WithScalar with_scalar[CountOf<ScalarOp>()][CountOf<Dtype>()];
    Binary update[CountOf<UpdateOp>()][CountOf<Dtype>()];
    Binary mul_add_dst_widening;                    // float32 dst = float16 a * float16 b + dst
    WithScalar axpy[CountOf<Dtype>()];              // dst = scalar * src + dst
    WithScalar axpy_widening;                       // float32 dst = float16 scalar * float16 src + dst
    Cast cast[CountOf<Dtype>()][CountOf<Dtype>()];  // [dst][src]
    WithScalar dequantise;                          // float16 dst = int32 src * float16 scalar
    Compare compare[CountOf<CompareOp>()][CountOf<Dtype>()];
    Compare compare_scalar[CountOf<CompareOp>()][CountOf<Dtype>()];  // b points at one scalar
    Select select16, select32;                                       // by width: selection moves bits
    Select select_scalar16, select_scalar32;                         // b points at one scalar
    Fill fill16, fill32;
    // dst[g] = the reduction of the `width` elements at src[g * width]; width is a power of two up to 128,
    // and sums are formed as a tree that adds neighbours first.
    Groups sum_groups[CountOf<Dtype>()];
    Groups extreme_groups[CountOf<Extreme>()][CountOf<Dtype>()];
    Find find_extreme[CountOf<Extreme>()][CountOf<Dtype>()];  // the first of equals; a NaN beats every number
    // memcpy to memory that will not be read soon: past the caches, where the processor can.
    void (*copy_through)(void* dst, const void* src, size_t bytes);
};

// The table of the best instruction set here, or of the one that ASCEND_SIM_ISA names.
ASCEND_SIM_EXPORT const Lanes& GetLanes();

// The table of the named instruction set ("baseline", "avx2", "avx512"); null if this processor lacks it.
ASCEND_SIM_EXPORT const Lanes* FindLanes(const char* isa);

}  // namespace ascend_sim
