// SPDX-License-Identifier: Apache-2.0
// One copy by whatever parameters the test chooses, in the direction that MODE names.
#include "kernel_operator.h"

struct CopyTiling {
    uint32_t blockCount;
    uint32_t blockLen;
    uint32_t srcStride;
    uint32_t dstStride;
    uint32_t isPad;
    uint32_t leftPadding;
    uint32_t rightPadding;
    int32_t paddingValue;
    uint32_t offset;  // elements into the GM side
    uint32_t ubBytes;
};

#define PAD_IN 0
#define PAD_OUT 1
#define PAD_IN_SHORT 2
#define PAD_OUT_SHORT 3
#define BLOCKS_IN 4
#define BLOCKS_OUT 5
#define BLOCKS_LOCAL 6

// The unified buffer enters as `local` and, where the copy writes to it, leaves as such.
extern "C" __global__ __aicore__ void data_copy(GM_ADDR global, GM_ADDR local, GM_ADDR workspace,
                                                GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(CopyTiling);
    GET_TILING_DATA(t, tiling);
    AscendC::GlobalTensor<ELEMENT> remote;
    AscendC::GlobalTensor<ELEMENT> image;
    remote.SetGlobalBuffer(reinterpret_cast<__gm__ ELEMENT*>(global) + t.offset);
    image.SetGlobalBuffer(reinterpret_cast<__gm__ ELEMENT*>(local));
    AscendC::TPipe pipe;
    AscendC::TBuf<> buffer;
    AscendC::TBuf<> other;
    pipe.InitBuffer(buffer, t.ubBytes);
    pipe.InitBuffer(other, t.ubBytes);
    AscendC::LocalTensor<ELEMENT> tile = buffer.Get<ELEMENT>();
    AscendC::DataCopy(tile, image, t.ubBytes / sizeof(ELEMENT));
    AscendC::PipeBarrier<PIPE_ALL>();

    const AscendC::DataCopyExtParams extended{static_cast<uint16_t>(t.blockCount), t.blockLen, t.srcStride,
                                              t.dstStride, 0};
    const AscendC::DataCopyParams params{
        static_cast<uint16_t>(t.blockCount), static_cast<uint16_t>(t.blockLen),
        static_cast<uint16_t>(t.srcStride), static_cast<uint16_t>(t.dstStride)};
    const bool isPad = t.isPad != 0;
    const uint8_t left = t.leftPadding;
    const uint8_t right = t.rightPadding;
#if MODE == PAD_IN
    AscendC::DataCopyPad(
        tile, remote, extended,
        AscendC::DataCopyPadExtParams<ELEMENT>{isPad, left, right, static_cast<ELEMENT>(t.paddingValue)});
#elif MODE == PAD_IN_SHORT
    AscendC::DataCopyPad(
        tile, remote, params,
        AscendC::DataCopyPadParams{isPad, left, right, static_cast<uint64_t>(t.paddingValue)});
#elif MODE == PAD_OUT
    AscendC::DataCopyPad(remote, tile, extended);
#elif MODE == PAD_OUT_SHORT
    AscendC::DataCopyPad(remote, tile, params);
#elif MODE == BLOCKS_IN
    AscendC::DataCopy(tile, remote, params);
#elif MODE == BLOCKS_OUT
    AscendC::DataCopy(remote, tile, params);
#elif MODE == BLOCKS_LOCAL
    AscendC::LocalTensor<ELEMENT> copy = other.Get<ELEMENT>();
    AscendC::DataCopy(copy, image, t.ubBytes / sizeof(ELEMENT));
    AscendC::PipeBarrier<PIPE_ALL>();
    AscendC::DataCopy(copy, tile, params);
    tile = copy;
#endif
    AscendC::PipeBarrier<PIPE_ALL>();
    AscendC::DataCopy(image, tile, t.ubBytes / sizeof(ELEMENT));
}
