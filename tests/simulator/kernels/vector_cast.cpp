// SPDX-License-Identifier: Apache-2.0
// One conversion between element types, or one multiply-add of half into float, chosen by number, in each
// form.
#include "kernel_operator.h"

struct CastTiling {
    uint32_t op;
    uint32_t form;  // 0 count, 1 mask as a number, 2 mask as bits, 3 mask of SetVectorMask
    uint32_t count;
    uint32_t repeats;
    uint64_t mask[2];
    uint32_t blockStride[2];
    uint32_t repeatStride[2];
    uint32_t roundMode;
    uint32_t ubBytes;  // of each image
};

using namespace AscendC;

template <class To, class From>
__aicore__ inline void Convert(const CastTiling& t, const LocalTensor<uint8_t>& dst,
                               const LocalTensor<uint8_t>& src)
{
    const LocalTensor<To> to = dst.ReinterpretCast<To>();
    const LocalTensor<From> from = src.ReinterpretCast<From>();
    const RoundMode mode = static_cast<RoundMode>(t.roundMode);
    const UnaryRepeatParams params(t.blockStride[0], t.blockStride[1], t.repeatStride[0], t.repeatStride[1]);
    const uint64_t mask[2] = {t.mask[0], t.mask[1]};
    if (t.form == 0) {
        Cast(to, from, mode, t.count);
    } else if (t.form == 1) {
        Cast(to, from, mode, t.count, t.repeats, params);
    } else if (t.form == 2) {
        Cast(to, from, mode, mask, t.repeats, params);
    } else {
        SetVectorMask<To>(mask[1], mask[0]);
        Cast<To, From, false>(to, from, mode, MASK_PLACEHOLDER, t.repeats, params);
        ResetMask();
    }
}

extern "C" __global__ __aicore__ void vector_cast(GM_ADDR first, GM_ADDR second, GM_ADDR workspace,
                                                  GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(CastTiling);
    GET_TILING_DATA(t, tiling);
    TPipe pipe;
    TBuf<> buffers[2];
    LocalTensor<uint8_t> images[2];
    GM_ADDR sources[2] = {first, second};
    for (uint32_t i = 0; i < 2; ++i) {
        pipe.InitBuffer(buffers[i], t.ubBytes);
        images[i] = buffers[i].Get<uint8_t>();
        GlobalTensor<uint8_t> image;
        image.SetGlobalBuffer(sources[i]);
        DataCopy(images[i], image, t.ubBytes);
    }
    PipeBarrier<PIPE_ALL>();
    const LocalTensor<uint8_t> dst = images[0];
    const LocalTensor<uint8_t> src = images[1];
    const LocalTensor<float> total = dst.ReinterpretCast<float>();
    const LocalTensor<half> factor = src.ReinterpretCast<half>();

    switch (t.op) {
        case 0:
            Convert<half, float>(t, dst, src);
            break;
        case 1:
            Convert<float, float>(t, dst, src);
            break;
        case 2:
            Convert<bfloat16_t, float>(t, dst, src);
            break;
        case 3:
            Convert<int16_t, float>(t, dst, src);
            break;
        case 4:
            Convert<int32_t, float>(t, dst, src);
            break;
        case 5:
            Convert<int64_t, float>(t, dst, src);
            break;
        case 6:
            Convert<float, half>(t, dst, src);
            break;
        case 7:
            Convert<int8_t, half>(t, dst, src);
            break;
        case 8:
            Convert<uint8_t, half>(t, dst, src);
            break;
        case 9:
            Convert<int16_t, half>(t, dst, src);
            break;
        case 10:
            Convert<int32_t, half>(t, dst, src);
            break;
        case 11:
            Convert<float, bfloat16_t>(t, dst, src);
            break;
        case 12:
            Convert<int32_t, bfloat16_t>(t, dst, src);
            break;
        case 13:
            Convert<half, int16_t>(t, dst, src);
            break;
        case 14:
            Convert<float, int16_t>(t, dst, src);
            break;
        case 15:
            Convert<float, int32_t>(t, dst, src);
            break;
        case 16:
            Convert<int16_t, int32_t>(t, dst, src);
            break;
        case 17:
            Convert<int64_t, int32_t>(t, dst, src);
            break;
        case 18:
            Convert<float, int64_t>(t, dst, src);
            break;
        case 19:
            Convert<int32_t, int64_t>(t, dst, src);
            break;
        case 20:
            Convert<half, int8_t>(t, dst, src);
            break;
        case 21:
            Convert<half, uint8_t>(t, dst, src);
            break;
        case 22:
            SetDeqScale(half(0.125f));
            Convert<half, int32_t>(t, dst, src);
            break;
        case 30:
            Axpy(total, factor, half(1.5f), static_cast<int32_t>(t.count));
            break;
        case 31:
            Axpy(total, factor, half(1.5f), uint64_t{64}, t.repeats, {1, 1, 8, 4});
            break;
        case 32:
            MulAddDst(total, factor, factor, static_cast<int32_t>(t.count));
            break;
        case 33:
            MulAddDst(total, factor, factor, uint64_t{64}, t.repeats, {1, 1, 1, 8, 4, 4});
            break;
        // Scalars: every arithmetic type to both 16-bit types.
        case 40: {
            const LocalTensor<double> doubles = src.ReinterpretCast<double>();
            for (uint32_t i = 0; i < t.count; ++i) {
                dst.ReinterpretCast<half>().SetValue(2 * i, half(doubles.GetValue(i)));
                dst.ReinterpretCast<bfloat16_t>().SetValue(2 * i + 1, bfloat16_t(doubles.GetValue(i)));
            }
            break;
        }
        case 41: {
            const LocalTensor<int64_t> integers = src.ReinterpretCast<int64_t>();
            for (uint32_t i = 0; i < t.count; ++i) {
                dst.ReinterpretCast<half>().SetValue(2 * i, half(integers.GetValue(i)));
                dst.ReinterpretCast<bfloat16_t>().SetValue(2 * i + 1, bfloat16_t(integers.GetValue(i)));
            }
            break;
        }
        case 42: {
            const LocalTensor<bfloat16_t> brains = src.ReinterpretCast<bfloat16_t>();
            for (uint32_t i = 0; i < t.count; ++i) {
                total.SetValue(2 * i, static_cast<float>(factor.GetValue(i)));
                total.SetValue(2 * i + 1, ToFloat(brains.GetValue(i)));
            }
            break;
        }
        default:
            break;
    }

    PipeBarrier<PIPE_ALL>();
    GlobalTensor<uint8_t> image;
    image.SetGlobalBuffer(first);
    DataCopy(image, dst, t.ubBytes);
}
