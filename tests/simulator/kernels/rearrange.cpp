// SPDX-License-Identifier: Apache-2.0
// Instructions that collect, transpose, spread and sort, chosen by number. Two tensors enter, one leaves, and
// counts leave in another.
#include "kernel_operator.h"

struct RearrangeTiling {
    uint32_t op;
    uint32_t count;
    uint32_t repeats;
    uint32_t a, b, c, d;  // whatever else the instruction takes
    uint64_t mask[2];
    uint32_t elements;  // of each tensor
    uint32_t words;     // of the second one
};

using namespace AscendC;
using T = ELEMENT;
using Bits = std::conditional_t<sizeof(T) == 2, uint16_t, uint32_t>;

extern "C" __global__ __aicore__ void rearrange(GM_ADDR first, GM_ADDR second, GM_ADDR result, GM_ADDR counts,
                                                GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(RearrangeTiling);
    GET_TILING_DATA(t, tiling);
    TPipe pipe;
    TBuf<> buffers[4];
    const uint32_t bytes = t.elements * sizeof(T);
    pipe.InitBuffer(buffers[0], bytes);
    pipe.InitBuffer(buffers[1], t.words * 4);
    pipe.InitBuffer(buffers[2], bytes);
    pipe.InitBuffer(buffers[3], bytes);
    LocalTensor<T> a = buffers[0].Get<T>(), c = buffers[2].Get<T>(), work = buffers[3].Get<T>();
    LocalTensor<uint32_t> b = buffers[1].Get<uint32_t>();
    GlobalTensor<T> x, z;
    GlobalTensor<uint32_t> y;
    GlobalTensor<uint64_t> n;
    x.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(first));
    y.SetGlobalBuffer(reinterpret_cast<__gm__ uint32_t*>(second));
    z.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(result));
    n.SetGlobalBuffer(reinterpret_cast<__gm__ uint64_t*>(counts));
    DataCopy(a, x, t.elements);
    DataCopy(b, y, t.words);
    DataCopy(c, z, t.elements);
    DataCopy(work, z, t.elements);
    PipeBarrier<PIPE_ALL>();
    uint64_t mask[2] = {t.mask[0], t.mask[1]};
    uint64_t kept = 0;
    constexpr uint32_t kBlock = 32 / sizeof(T);
    [[maybe_unused]] const GatherMaskParams params(t.a, t.repeats, t.b, t.c);
    switch (t.op) {
#if MOVABLE
        case 0:
            GatherMask(c, a, static_cast<uint8_t>(t.d), t.count != 0, t.count, params, kept);
            break;
        case 1:
            GatherMask(c, a, b.ReinterpretCast<Bits>(), t.count != 0, t.count, params, kept);
            break;
        case 2:
            Gather(c, a, b, t.a, static_cast<uint64_t>(t.count), t.repeats, t.b);
            break;
        case 3:
            Gather(c, a, b, t.a, mask, t.repeats, t.b);
            break;
        case 4:
            Gatherb(c.template ReinterpretCast<Bits>(), a.template ReinterpretCast<Bits>(), b, t.repeats,
                    GatherRepeatParams(t.a, t.b));
            break;
#endif
        case 5: {
            LocalTensor<T> from[16], to[16];
            for (uint32_t i = 0; i < 16; ++i) {
                from[i] = a[i * t.a * kBlock];
                to[i] = c[i * t.b * kBlock];
            }
            TransDataTo5HD<T>(to, from, TransDataTo5HDParams(t.mask[0], t.mask[1], t.repeats, t.c, t.d));
            break;
        }
        case 6: {
            uint64_t from[16], to[16];
            for (uint32_t i = 0; i < 16; ++i) {
                from[i] = reinterpret_cast<uint64_t>(a[i * t.a * kBlock].GetPhyAddr());
                to[i] = reinterpret_cast<uint64_t>(c[i * t.b * kBlock].GetPhyAddr());
            }
            TransDataTo5HD<T>(to, from, TransDataTo5HDParams(t.mask[0], t.mask[1], t.repeats, t.c, t.d));
            break;
        }
        case 7: {
            const uint32_t from[2] = {t.a, t.b}, to[2] = {t.c, t.d};
            if (t.count == 0) {
                Broadcast<T, 2, 0>(c, a, to, from);
            } else if (t.count == 1) {
                Broadcast<T, 2, 1>(c, a, to, from);
            } else {
                BroadCast<T, 1, 0>(c, a, to, from, work.template ReinterpretCast<uint8_t>());
            }
            break;
        }
#if HALFWORD
        case 8:
            Transpose(c, a);
            break;
#endif
#if TRANSPOSE
        case 9: {
            const auto type =
                t.count == 0 ? TransposeType::TRANSPOSE_NCHW2NHWC : TransposeType::TRANSPOSE_NHWC2NCHW;
            Transpose(c, a, work.template ReinterpretCast<uint8_t>(),
                      TransposeParamsExt(t.a, t.b, t.c, t.d, type));
            break;
        }
#endif
#if FLOATING
        case 10:
            Sort32(c, a, b, t.repeats);
            break;
        case 11: {
            LocalTensor<T> scores;
            Concat(scores, a, work, t.repeats);
            Sort<T, true>(c, scores, b, work, t.repeats);
            break;
        }
        case 12: {
            // The queues of the first tensor, one behind the other.
            const uint16_t lengths[4] = {static_cast<uint16_t>(t.a), static_cast<uint16_t>(t.b),
                                         static_cast<uint16_t>(t.c), static_cast<uint16_t>(t.d)};
            LocalTensor<T> queues[4];
            uint32_t offset = 0;
            for (uint32_t i = 0; i < 4; ++i) {
                queues[i] = a[GetSortOffset<T>(offset)];
                offset += lengths[i];
            }
            const MrgSortSrcList<T> list(queues[0], queues[1], queues[2], queues[3]);
            uint32_t used[4];
            if (t.count == 0) {
                MrgSort<T>(c, list, lengths, used, t.mask[0], t.repeats);
            } else {
                MrgSort<T, true>(c, list, lengths, used, t.mask[0], t.repeats);
            }
            kept = used[0] | uint64_t{used[1]} << 16 | uint64_t{used[2]} << 32 | uint64_t{used[3]} << 48;
            break;
        }
        case 13:
            Extract(c, b, a, t.repeats);
            break;
        case 14: {
            SumParams rows;
            rows.outter = t.a;
            rows.inner = t.b;
            rows.n = t.c;
            if (t.count == 0) {
                Sum(c, a, rows);
            } else {
                Sum(c, a, work.template ReinterpretCast<uint8_t>(), rows);
            }
            break;
        }
        case 16:
            ReduceSum(c, a, work, static_cast<int32_t>(t.count));
            kept = static_cast<uint64_t>(static_cast<float>(GetAccVal<T>()));
            break;
        case 15: {
            MeanParams rows;
            rows.outter = t.a;
            rows.inner = t.b;
            rows.n = t.c;
            Mean(c, a, rows);
            break;
        }
#endif
    }
    PipeBarrier<PIPE_ALL>();
    DataCopy(z, c, t.elements);
    DataCopy(y, b, t.words);
    n.SetValue(0, kept);
}
