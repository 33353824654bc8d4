// SPDX-License-Identifier: Apache-2.0
// One vector instruction, chosen by number, in the form and with the parameters that the test chooses.
//
// Three images of unified buffer enter; the instruction works on them at offset 0; the first leaves again.
#include "kernel_operator.h"

struct VectorTiling {
    uint32_t op;
    uint32_t form;  // 0 count, 1 mask as a number, 2 mask as bits, 3 mask of SetVectorMask, 4 counter mode
    uint32_t count;
    uint32_t repeats;
    uint64_t mask[2];
    uint32_t blockStride[3];
    uint32_t repeatStride[3];
    uint32_t mode;     // CMPMODE, SELMODE, RoundMode, ReduceOrder or calIndex
    uint32_t scalar;   // bits of T
    uint32_t ubBytes;  // of each image
};

using namespace AscendC;
using T = ELEMENT;

// The forms that all instructions share. `f(tag, ...)` passes on what follows the operands.
template <class CountForm, class MaskForm, class Register>
__aicore__ inline void CallForm(const VectorTiling& t, CountForm countForm, MaskForm maskForm,
                                Register registerForm)
{
    uint64_t bits[2] = {t.mask[0], t.mask[1]};
    if (t.form == 0) {
        countForm(static_cast<int32_t>(t.count));
    } else if (t.form == 1) {
        maskForm(static_cast<uint64_t>(t.count));
    } else if (t.form == 2) {
        maskForm(&bits[0]);
    } else if (t.form == 3) {
        set_vector_mask(bits[1], bits[0]);
        registerForm();
        ResetMask();
    } else {
        SetMaskCount();
        SetVectorMask<T, MaskMode::COUNTER>(static_cast<int32_t>(t.count));
        registerForm();
        SetMaskNorm();
        ResetMask();
    }
}

#define FORMS(Name, Register, params, ...)                                    \
    CallForm(                                                                 \
        t, [&](int32_t n) { Name(__VA_ARGS__, n); },                          \
        [&](auto m) { Name(__VA_ARGS__, m, t.repeats, params); },             \
        [&] { Register(__VA_ARGS__, MASK_PLACEHOLDER, t.repeats, params); }); \
    break;

extern "C" __global__ __aicore__ void vector(GM_ADDR first, GM_ADDR second, GM_ADDR third, GM_ADDR workspace,
                                             GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(VectorTiling);
    GET_TILING_DATA(t, tiling);
    TPipe pipe;
    TBuf<> buffers[3];
    LocalTensor<T> a, b, c;
    LocalTensor<T>* images[3] = {&c, &a, &b};
    GM_ADDR sources[3] = {first, second, third};
    for (uint32_t i = 0; i < 3; ++i) {
        pipe.InitBuffer(buffers[i], t.ubBytes);
        *images[i] = buffers[i].Get<T>();
        GlobalTensor<T> image;
        image.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(sources[i]));
        DataCopy(*images[i], image, t.ubBytes / sizeof(T));
    }
    PipeBarrier<PIPE_ALL>();

    const UnaryRepeatParams unary(t.blockStride[0], t.blockStride[1], t.repeatStride[0], t.repeatStride[1]);
    const BinaryRepeatParams binary(t.blockStride[0], t.blockStride[1], t.blockStride[2], t.repeatStride[0],
                                    t.repeatStride[1], t.repeatStride[2]);
    T scalar;
    for (uint32_t i = 0; i < sizeof(T); ++i) {
        reinterpret_cast<uint8_t*>(&scalar)[i] = static_cast<uint8_t>(t.scalar >> (8 * i));
    }
    const LocalTensor<uint8_t> bits = b.template ReinterpretCast<uint8_t>();
    [[maybe_unused]] uint64_t mask[2] = {t.mask[0], t.mask[1]};

    switch (t.op) {
#if ARITHMETIC
        case 0:
            FORMS(Add, (Add<T, false>), binary, c, a, b)
        case 1:
            FORMS(Sub, (Sub<T, false>), binary, c, a, b)
        case 2:
            FORMS(Mul, (Mul<T, false>), binary, c, a, b)
        case 3:
            FORMS(Max, (Max<T, false>), binary, c, a, b)
        case 4:
            FORMS(Min, (Min<T, false>), binary, c, a, b)
        case 5:
            FORMS(Adds, (Adds<T, false>), unary, c, a, scalar)
        case 6:
            FORMS(Muls, (Muls<T, false>), unary, c, a, scalar)
        case 7:
            FORMS(Maxs, (Maxs<T, false>), unary, c, a, scalar)
        case 8:
            FORMS(Mins, (Mins<T, false>), unary, c, a, scalar)
#endif
#if FLOATING
        case 9:
            FORMS(Div, (Div<T, false>), binary, c, a, b)
        case 10:
            FORMS(Relu, (Relu<T, false>), unary, c, a)
        case 11:
            FORMS(Exp, (Exp<T, false>), unary, c, a)
        case 12:
            FORMS(Ln, (Ln<T, false>), unary, c, a)
        case 13:
            FORMS(Abs, (Abs<T, false>), unary, c, a)
        case 14:
            FORMS(Reciprocal, (Reciprocal<T, false>), unary, c, a)
        case 15:
            FORMS(Sqrt, (Sqrt<T, false>), unary, c, a)
        case 16:
            FORMS(Rsqrt, (Rsqrt<T, false>), unary, c, a)
        case 17:
            FORMS(LeakyRelu, (LeakyRelu<T, false>), unary, c, a, scalar)
        case 18:
            FORMS(MulAddDst, (MulAddDst<T, T, false>), binary, c, a, b)
        case 19:
            FORMS(FusedMulAdd, (FusedMulAdd<T, false>), binary, c, a, b)
        case 20:
            FORMS(FusedMulAddRelu, (FusedMulAddRelu<T, false>), binary, c, a, b)
        case 21:
            FORMS(Axpy, (Axpy<T, T, false>), unary, c, a, scalar)
        case 22:
            FORMS(AddRelu, (AddRelu<T, false>), binary, c, a, b)
        case 23:
            FORMS(SubRelu, (SubRelu<T, false>), binary, c, a, b)
#endif
#if BITWISE
        case 30:
            FORMS(And, (And<T, false>), binary, c, a, b)
        case 31:
            FORMS(Or, (Or<T, false>), binary, c, a, b)
        case 32:
            FORMS(Not, (Not<T, false>), unary, c, a)
#endif
#if SHIFTS
        case 33:
            FORMS(ShiftLeft, (ShiftLeft<T, false>), unary, c, a, scalar)
        case 34:
            FORMS(ShiftRight, (ShiftRight<T, false>), unary, c, a, scalar)
#endif
        case 40:
            CallForm(
                t, [&](int32_t n) { Duplicate(c, scalar, n); },
                [&](auto m) { Duplicate(c, scalar, m, t.repeats, t.blockStride[0], t.repeatStride[0]); },
                [&] {
                    Duplicate<T, false>(c, scalar, MASK_PLACEHOLDER, t.repeats, t.blockStride[0],
                                        t.repeatStride[0]);
                });
            break;
        case 41: {
            const CopyRepeatParams params(t.blockStride[0], t.blockStride[1], t.repeatStride[0],
                                          t.repeatStride[1]);
            CallForm(
                t, [&](int32_t) {}, [&](auto m) { Copy(c, a, m, t.repeats, params); },
                [&] { Copy<T, false>(c, a, MASK_PLACEHOLDER, t.repeats, params); });
            break;
        }
        case 42:
            Brcb(c, a, t.repeats,
                 {static_cast<uint16_t>(t.blockStride[0]), static_cast<uint16_t>(t.repeatStride[0])});
            break;
        case 43:
            Gather(c, a, b.template ReinterpretCast<uint32_t>(), static_cast<uint32_t>(t.mask[0]), t.count);
            break;
#if FLOATING
        case 44:
            CallForm(
                t, [&](int32_t n) { CreateVecIndex(c, scalar, static_cast<uint32_t>(n)); },
                [&](auto m) { CreateVecIndex(c, scalar, m, t.repeats, t.blockStride[0], t.repeatStride[0]); },
                [&] {});
            break;
        case 50: {
            const LocalTensor<uint8_t> result = c.template ReinterpretCast<uint8_t>();
            const CMPMODE mode = static_cast<CMPMODE>(t.mode);
            CallForm(
                t, [&](int32_t n) { Compare(result, a, b, mode, static_cast<uint32_t>(n)); },
                [&](auto m) { Compare(result, a, b, mode, m, t.repeats, binary); }, [&] {});
            break;
        }
        case 51: {
            const LocalTensor<uint8_t> result = c.template ReinterpretCast<uint8_t>();
            const CMPMODE mode = static_cast<CMPMODE>(t.mode);
            CallForm(
                t, [&](int32_t n) { CompareScalar(result, a, scalar, mode, static_cast<uint32_t>(n)); },
                [&](auto m) { CompareScalar(result, a, scalar, mode, m, t.repeats, unary); }, [&] {});
            break;
        }
        // Select reads the destination's image as its first source, so that three images are enough.
        case 52: {
            const SELMODE mode = static_cast<SELMODE>(t.mode);
            CallForm(
                t, [&](int32_t n) { Select(c, bits, c, a, mode, static_cast<uint32_t>(n)); },
                [&](auto m) { Select(c, bits, c, a, mode, m, t.repeats, binary); },
                [&] {
                    SetCmpMask(bits);
                    Select<T, SELMODE::VSEL_CMPMASK_SPR>(c, c, a, t.repeats, binary);
                });
            break;
        }
        case 53: {
            const SELMODE mode = SELMODE::VSEL_TENSOR_SCALAR_MODE;
            CallForm(
                t, [&](int32_t n) { Select(c, bits, a, scalar, mode, static_cast<uint32_t>(n)); },
                [&](auto m) { Select(c, bits, a, scalar, mode, m, t.repeats, binary); }, [&] {});
            break;
        }
        case 54:
            Compare(a, b, static_cast<CMPMODE>(t.mode), MASK_PLACEHOLDER, binary);
            GetCmpMask(c);
            break;

#define REDUCE(call)                                     \
    if (t.form == 1) {                                   \
        const int32_t m = static_cast<int32_t>(t.count); \
        call;                                            \
    } else {                                             \
        const uint64_t* m = mask;                        \
        call;                                            \
    }                                                    \
    break;
        case 60:
            REDUCE(WholeReduceSum(c, a, m, t.repeats, t.repeatStride[0], t.blockStride[1], t.repeatStride[1]))
        case 61:
            REDUCE(WholeReduceMax(c, a, m, t.repeats, t.repeatStride[0], t.blockStride[1], t.repeatStride[1],
                                  static_cast<ReduceOrder>(t.mode)))
        case 62:
            REDUCE(WholeReduceMin(c, a, m, t.repeats, t.repeatStride[0], t.blockStride[1], t.repeatStride[1],
                                  static_cast<ReduceOrder>(t.mode)))
        case 63:
            REDUCE(BlockReduceSum(c, a, t.repeats, m, t.repeatStride[0], t.blockStride[1], t.repeatStride[1]))
        case 64:
            REDUCE(BlockReduceMax(c, a, t.repeats, m, t.repeatStride[0], t.blockStride[1], t.repeatStride[1]))
        case 65:
            REDUCE(BlockReduceMin(c, a, t.repeats, m, t.repeatStride[0], t.blockStride[1], t.repeatStride[1]))
        case 66:
            REDUCE(PairReduceSum(c, a, t.repeats, m, t.repeatStride[0], t.blockStride[1], t.repeatStride[1]))
        case 67:
            RepeatReduceSum(c, a, t.repeats, static_cast<int32_t>(t.count), 1, t.blockStride[1],
                            t.repeatStride[0], t.repeatStride[1]);
            break;
        // The same under the names of later releases.
        case 160:
            REDUCE((ReduceRepeat<ReduceType::SUM, T, T>(c, a, m, t.repeats, t.repeatStride[0],
                                                        t.blockStride[1], t.repeatStride[1])))
        case 161:
            REDUCE(
                (ReduceRepeat<ReduceType::MAX, T, T>(c, a, m, t.repeats, t.repeatStride[0], t.blockStride[1],
                                                     t.repeatStride[1], static_cast<ReduceOrder>(t.mode))))
        case 162:
            REDUCE(
                (ReduceRepeat<ReduceType::MIN, T, T>(c, a, m, t.repeats, t.repeatStride[0], t.blockStride[1],
                                                     t.repeatStride[1], static_cast<ReduceOrder>(t.mode))))
        case 163:
            REDUCE((ReduceDataBlock<ReduceType::SUM, T, T>(c, a, m, t.repeats, t.repeatStride[0],
                                                           t.blockStride[1], t.repeatStride[1])))
        case 164:
            REDUCE((ReduceDataBlock<ReduceType::MAX, T, T>(c, a, m, t.repeats, t.repeatStride[0],
                                                           t.blockStride[1], t.repeatStride[1])))
        case 165:
            REDUCE((ReduceDataBlock<ReduceType::MIN, T, T>(c, a, m, t.repeats, t.repeatStride[0],
                                                           t.blockStride[1], t.repeatStride[1])))
        case 166:
            REDUCE((ReducePairElem<ReduceType::SUM, T, T>(c, a, m, t.repeats, t.repeatStride[0],
                                                          t.blockStride[1], t.repeatStride[1])))
        case 70:
            if (t.form == 0) {
                ReduceSum(c, a, b, static_cast<int32_t>(t.count));
                break;
            }
            REDUCE(ReduceSum(c, a, b, m, static_cast<int32_t>(t.repeats), t.repeatStride[1]))
        case 71:
            if (t.form == 0) {
                ReduceMax(c, a, b, static_cast<int32_t>(t.count), t.mode != 0);
                break;
            }
            REDUCE(ReduceMax(c, a, b, m, static_cast<int32_t>(t.repeats), t.repeatStride[1], t.mode != 0))
        case 72:
            if (t.form == 0) {
                ReduceMin(c, a, b, static_cast<int32_t>(t.count), t.mode != 0);
                break;
            }
            REDUCE(ReduceMin(c, a, b, m, static_cast<int32_t>(t.repeats), t.repeatStride[1], t.mode != 0))
#endif
        default:
            break;  // no such instruction: the image comes back as it was
    }

    PipeBarrier<PIPE_ALL>();
    GlobalTensor<T> image;
    image.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(first));
    DataCopy(image, c, t.ubBytes / sizeof(T));
}
