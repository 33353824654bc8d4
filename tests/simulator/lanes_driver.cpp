// SPDX-License-Identifier: Apache-2.0
// Gives Python the lanes of each instruction set, and measures Exp and Ln on ranges of floats.
#include <cmath>
#include <cstdint>
#include <cstring>

#include "lanes/lanes.h"

using ascend_sim::FindLanes;
using ascend_sim::Lanes;

namespace {

template <class To, class From>
To BitCast(From from)
{
    To to;
    std::memcpy(&to, &from, sizeof(to));
    return to;
}

// The spacing of float32 around a positive double.
double Ulp(double value)
{
    const int64_t exponent = static_cast<int64_t>(BitCast<uint64_t>(value) >> 52) - 1023;
    const int64_t clamped = exponent < -126 ? -126 : exponent;
    return BitCast<double>(static_cast<uint64_t>(clamped - 23 + 1023) << 52);
}

}  // namespace

extern "C" {

int Has(const char* isa)
{
    return FindLanes(isa) != nullptr;
}

// The worst error in ULP over the floats with the bits [first, last], and the bits it occurs at. The
// reference is the C library's double function, whose own error is below 2^-28 of a float's ULP.
double WorstUlp(const char* isa, int op, uint32_t first, uint32_t last, uint32_t* where)
{
    constexpr uint32_t kChunk = 4096;
    float x[kChunk];
    float y[kChunk];
    const auto lane = FindLanes(isa)->unary[op][0];
    const bool is_exp = op == static_cast<int>(ascend_sim::UnaryOp::kExp);
    double worst = 0.0;
    for (uint64_t start = first; start <= last; start += kChunk) {
        const uint32_t count = static_cast<uint32_t>(last - start < kChunk ? last - start + 1 : kChunk);
        for (uint32_t i = 0; i < count; ++i) {
            x[i] = BitCast<float>(static_cast<uint32_t>(start) + i);
        }
        lane(y, x, count);
        for (uint32_t i = 0; i < count; ++i) {
            const double exact =
                is_exp ? std::exp(static_cast<double>(x[i])) : std::log(static_cast<double>(x[i]));
            const double error = std::fabs(y[i] - exact) / Ulp(std::fabs(exact));
            if (!(error <= worst)) {  // NaN counts
                worst = error;
                *where = static_cast<uint32_t>(start) + i;
            }
        }
    }
    return worst;
}

// Every loop of the tables, by kind and index; 0 if the table has none there.
int Unary(const char* isa, int op, int dtype, void* dst, const void* src, size_t n)
{
    const auto lane = FindLanes(isa)->unary[op][dtype];
    return lane ? (lane(dst, src, n), 1) : 0;
}

int CopyThrough(const char* isa, void* dst, const void* src, size_t bytes)
{
    FindLanes(isa)->copy_through(dst, src, bytes);
    return 1;
}

int Binary(const char* isa, int op, int dtype, void* dst, const void* a, const void* b, size_t n)
{
    const auto lane = FindLanes(isa)->binary[op][dtype];
    return lane ? (lane(dst, a, b, n), 1) : 0;
}

int WithScalar(const char* isa, int op, int dtype, void* dst, const void* a, const void* scalar, size_t n)
{
    const auto lane = FindLanes(isa)->with_scalar[op][dtype];
    return lane ? (lane(dst, a, scalar, n), 1) : 0;
}

int Update(const char* isa, int op, int dtype, void* dst, const void* a, const void* b, size_t n)
{
    const auto lane = FindLanes(isa)->update[op][dtype];
    return lane ? (lane(dst, a, b, n), 1) : 0;
}

int Cast(const char* isa, int to, int from, int rounding, void* dst, const void* src, size_t n)
{
    const auto lane = FindLanes(isa)->cast[to][from];
    return lane != nullptr ? (lane(dst, src, static_cast<ascend_sim::Rounding>(rounding), n), 1) : 0;
}

int Compare(const char* isa, int op, int dtype, void* bits, const void* a, const void* b, size_t n)
{
    const auto lane = FindLanes(isa)->compare[op][dtype];
    return lane != nullptr ? (lane(static_cast<uint8_t*>(bits), a, b, n), 1) : 0;
}

int Sum(const char* isa, int dtype, void* dst, const void* src, size_t groups, size_t width)
{
    const auto lane = FindLanes(isa)->sum_groups[dtype];
    return lane != nullptr ? (lane(dst, src, groups, width), 1) : 0;
}

}  // extern "C"
