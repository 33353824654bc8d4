// SPDX-License-Identifier: Apache-2.0
// Vectors of floats as wide as the instruction set's registers, for the loops that compilers do not vectorise
// well by themselves: those that look numbers up in a table, and fused programs (fused.h).
//
// Arithmetic is that of GCC's and Clang's vector types; what these lack is here. Every function gives the
// same bits on every instruction set, so the baseline of x86, which has no fused multiply-add, computes its
// result from doubles.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "element.h"

namespace ascend_sim {
namespace {

#if defined(__AVX512F__)
inline constexpr size_t kVectorBytes = 64;
#elif defined(__AVX2__)
inline constexpr size_t kVectorBytes = 32;
#else
inline constexpr size_t kVectorBytes = 16;
#endif

typedef float Floats __attribute__((vector_size(kVectorBytes)));
typedef int32_t Ints __attribute__((vector_size(kVectorBytes)));
typedef uint32_t Uints __attribute__((vector_size(kVectorBytes)));
// Halves or bfloat16s as they lie in memory, as many as there are floats in a vector.
typedef uint16_t Words __attribute__((vector_size(kVectorBytes / 2)));
inline constexpr size_t kVectorLanes = kVectorBytes / sizeof(float);

inline Floats LoadFloats(const void* address)
{
    Floats vector;
    __builtin_memcpy(&vector, address, sizeof(vector));
    return vector;
}

inline void StoreFloats(void* address, Floats vector)
{
    __builtin_memcpy(address, &vector, sizeof(vector));
}

inline Words LoadWords(const void* address)
{
    Words vector;
    __builtin_memcpy(&vector, address, sizeof(vector));
    return vector;
}

inline void StoreWords(void* address, Words vector)
{
    __builtin_memcpy(address, &vector, sizeof(vector));
}

inline Uints ToUints(Words vector)
{
#if defined(__AVX512F__)
    return reinterpret_cast<Uints>(_mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(vector)));
#elif defined(__AVX2__)
    return reinterpret_cast<Uints>(_mm256_cvtepu16_epi32(reinterpret_cast<__m128i>(vector)));
#else
    return __builtin_convertvector(vector, Uints);
#endif
}

// The lower half of each lane.
inline Words ToWords(Uints vector)
{
#if defined(__AVX512F__)
    return reinterpret_cast<Words>(_mm512_cvtepi32_epi16(reinterpret_cast<__m512i>(vector)));
#else
    return __builtin_convertvector(vector, Words);
#endif
}

inline Floats FromHalf(Words halves)
{
#if defined(__AVX512F__)
    return reinterpret_cast<Floats>(_mm512_cvtph_ps(reinterpret_cast<__m256i>(halves)));
#elif defined(__F16C__)
    return reinterpret_cast<Floats>(_mm256_cvtph_ps(reinterpret_cast<__m128i>(halves)));
#else
    Floats result;
    for (size_t lane = 0; lane < kVectorLanes; ++lane) {
        result[lane] = Widen(static_cast<F16>(halves[lane]));
    }
    return result;
#endif
}

// Rounds to nearest even.
inline Words ToHalf(Floats vector)
{
#if defined(__AVX512F__)
    return reinterpret_cast<Words>(_mm512_cvtps_ph(vector, _MM_FROUND_TO_NEAREST_INT));
#elif defined(__F16C__)
    return reinterpret_cast<Words>(_mm256_cvtps_ph(vector, _MM_FROUND_TO_NEAREST_INT));
#else
    Words result;
    for (size_t lane = 0; lane < kVectorLanes; ++lane) {
        result[lane] = static_cast<uint16_t>(Narrow<F16>(vector[lane]));
    }
    return result;
#endif
}

inline Floats FromBFloat16(Words vector)
{
    return reinterpret_cast<Floats>(ToUints(vector) << 16);
}

// Rounds to nearest even.
inline Words ToBFloat16(Floats vector)
{
    return ToWords(BFloat16Bits<Uints>(vector));
}

// A sum with zero would lose the sign of -0.
inline Floats Splat(float value)
{
    return value - Floats{};
}

inline Floats ToFloats(Ints vector)
{
    return __builtin_convertvector(vector, Floats);
}

inline Floats SquareRoot(Floats vector)
{
#if defined(__AVX512F__)
    return reinterpret_cast<Floats>(_mm512_sqrt_ps(vector));
#elif defined(__AVX2__)
    return reinterpret_cast<Floats>(_mm256_sqrt_ps(vector));
#elif defined(__x86_64__)
    return reinterpret_cast<Floats>(_mm_sqrt_ps(vector));
#else
    Floats result;
    for (size_t lane = 0; lane < kVectorLanes; ++lane) {
        result[lane] = __builtin_sqrtf(vector[lane]);
    }
    return result;
#endif
}

#if defined(__x86_64__) && !defined(__FMA__)
// a * b + c for two lanes, as doubles whose conversion to float rounds it once. A product of floats is exact
// in double; of the sum's error it is enough to know that there was one: a sum that was rounded to an even
// last bit moves to the odd neighbour on the exact sum's side, and no sum that lies between two floats then
// looks as if it lay on a float, or half-way.
inline __m128d MultiplyAddToOdd(__m128d a, __m128d b, __m128d c)
{
    const __m128d product = _mm_mul_pd(a, b);
    const __m128d sum = _mm_add_pd(product, c);
    const __m128d from_c = _mm_sub_pd(sum, product);
    const __m128d error = _mm_add_pd(_mm_sub_pd(product, _mm_sub_pd(sum, from_c)), _mm_sub_pd(c, from_c));

    const __m128i bits = _mm_castpd_si128(sum);
    const __m128i one = _mm_set1_epi64x(1);
    const __m128i inexact = _mm_castpd_si128(_mm_cmpneq_pd(error, _mm_setzero_pd()));
    const __m128i moves = _mm_and_si128(_mm_andnot_si128(bits, one), inexact);
    // Towards zero, which is -1 to the bits, if sum and error have opposite signs.
    const __m128i opposite = _mm_srli_epi64(_mm_xor_si128(bits, _mm_castpd_si128(error)), 63);
    const __m128i step = _mm_sub_epi64(
        moves, _mm_and_si128(_mm_add_epi64(opposite, opposite), _mm_sub_epi64(_mm_setzero_si128(), moves)));
    return _mm_castsi128_pd(_mm_add_epi64(bits, step));
}
#endif

// a * b + c, rounded once.
inline Floats MultiplyAdd(Floats a, Floats b, Floats c)
{
#if defined(__AVX512F__)
    return reinterpret_cast<Floats>(_mm512_fmadd_ps(a, b, c));
#elif defined(__FMA__)
    return reinterpret_cast<Floats>(_mm256_fmadd_ps(a, b, c));
#elif defined(__x86_64__)
    const __m128d low = MultiplyAddToOdd(_mm_cvtps_pd(a), _mm_cvtps_pd(b), _mm_cvtps_pd(c));
    const __m128d high =
        MultiplyAddToOdd(_mm_cvtps_pd(_mm_movehl_ps(a, a)), _mm_cvtps_pd(_mm_movehl_ps(b, b)),
                         _mm_cvtps_pd(_mm_movehl_ps(c, c)));
    return reinterpret_cast<Floats>(_mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high)));
#else
    Floats result;
    for (size_t lane = 0; lane < kVectorLanes; ++lane) {
        result[lane] = __builtin_fmaf(a[lane], b[lane], c[lane]);
    }
    return result;
#endif
}

#if defined(__AVX2__)
// The larger or smaller of two floats; x86 has no instruction that keeps a NaN of the first.
inline Floats Larger(Floats a, Floats b)
{
#if defined(__AVX512F__)
    const __mmask16 numbers = _mm512_cmp_ps_mask(a, a, _CMP_ORD_Q);
    return reinterpret_cast<Floats>(_mm512_mask_max_ps(a, numbers, a, b));
#else
    return reinterpret_cast<Floats>(
        _mm256_blendv_ps(_mm256_max_ps(a, b), a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q)));
#endif
}

inline Floats Smaller(Floats a, Floats b)
{
#if defined(__AVX512F__)
    const __mmask16 numbers = _mm512_cmp_ps_mask(a, a, _CMP_ORD_Q);
    return reinterpret_cast<Floats>(_mm512_mask_min_ps(a, numbers, a, b));
#else
    return reinterpret_cast<Floats>(
        _mm256_blendv_ps(_mm256_min_ps(a, b), a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q)));
#endif
}
#endif

// A table of 16 floats, looked up by the lowest four bits of each lane.
struct alignas(64) Table16 {
    float values[16];

    Floats operator[](Ints index) const
    {
#if defined(__AVX512F__)
        return reinterpret_cast<Floats>(
            _mm512_permutexvar_ps(reinterpret_cast<__m512i>(index), _mm512_load_ps(values)));
#elif defined(__AVX2__)
        const __m256i lanes = reinterpret_cast<__m256i>(index);
        const __m256 low = _mm256_permutevar8x32_ps(_mm256_load_ps(values), lanes);
        const __m256 high = _mm256_permutevar8x32_ps(_mm256_load_ps(values + 8), lanes);
        const __m256 chooses_high = _mm256_castsi256_ps(_mm256_slli_epi32(lanes, 28));
        return reinterpret_cast<Floats>(_mm256_blendv_ps(low, high, chooses_high));
#else
        Floats result;
        for (size_t lane = 0; lane < kVectorLanes; ++lane) {
            result[lane] = values[index[lane] & 15];
        }
        return result;
#endif
    }
};

// Whether every lane is a number in [low, high].
inline bool AllWithin(Floats x, float low, float high)
{
#if defined(__AVX512F__)
    const __mmask16 above = _mm512_cmp_ps_mask(x, _mm512_set1_ps(low), _CMP_GE_OQ);
    return _mm512_mask_cmp_ps_mask(above, x, _mm512_set1_ps(high), _CMP_LE_OQ) == 0xffff;
#else
    const Ints within = (x >= low) & (x <= high);
#if defined(__AVX2__)
    return _mm256_movemask_ps(reinterpret_cast<__m256>(within)) == 0xff;
#elif defined(__x86_64__)
    return _mm_movemask_ps(reinterpret_cast<__m128>(within)) == 0xf;
#else
    int32_t all = -1;
    for (size_t lane = 0; lane < kVectorLanes; ++lane) {
        all &= within[lane];
    }
    return all != 0;
#endif
#endif
}

}  // namespace
}  // namespace ascend_sim
