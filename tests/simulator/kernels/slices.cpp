// SPDX-License-Identifier: Apache-2.0
// DataCopy with slices, and between ND and NZ, in and out: what the tiling says, through the whole buffer.
#include "kernel_operator.h"

using namespace AscendC;

#define SLICES_IN 1
#define SLICES_OUT 2
#define ND_TO_NZ 3
#define NZ_TO_ND 4

constexpr uint32_t kBufferBytes = 32768;

struct Slices {
    uint32_t dims;
    uint32_t shape_in_tensor;
    uint32_t far[3][5];
    uint32_t near[3][5];
};

struct Matrices {
    uint32_t values[8];
};

// `near` comes in, takes part in the copy under test, and goes out again.
extern "C" __global__ __aicore__ void slices(GM_ADDR far, GM_ADDR near, GM_ADDR workspace, GM_ADDR tiling)
{
    TPipe pipe;
    TBuf<TPosition::VECCALC> buffer;
    pipe.InitBuffer(buffer, kBufferBytes);
    GlobalTensor<ELEMENT> farGm;
    GlobalTensor<ELEMENT> nearGm;
    farGm.SetGlobalBuffer(reinterpret_cast<__gm__ ELEMENT*>(far));
    nearGm.SetGlobalBuffer(reinterpret_cast<__gm__ ELEMENT*>(near));
    LocalTensor<ELEMENT> local = buffer.Get<ELEMENT>();
    const uint32_t count = kBufferBytes / sizeof(ELEMENT);
    DataCopy(local, nearGm, count);
    PipeBarrier<PIPE_ALL>();
#if MODE == SLICES_IN || MODE == SLICES_OUT
    GET_TILING_DATA_WITH_STRUCT(Slices, data, tiling);
    SliceInfo farSlices[3];
    SliceInfo nearSlices[3];
    uint32_t farShape[3];
    uint32_t nearShape[3];
    for (uint32_t d = 0; d < data.dims; ++d) {
        farShape[d] = data.far[d][4];
        nearShape[d] = data.near[d][4];
        farSlices[d] = {data.far[d][0], data.far[d][1], data.far[d][2], data.far[d][3],
                        data.shape_in_tensor ? 0 : farShape[d]};
        nearSlices[d] = {data.near[d][0], data.near[d][1], data.near[d][2], data.near[d][3],
                         data.shape_in_tensor ? 0 : nearShape[d]};
    }
    if (data.shape_in_tensor) {
        farGm.SetShapeInfo(ShapeInfo(static_cast<uint8_t>(data.dims), farShape, DataFormat::ND));
        local.SetShapeInfo(ShapeInfo(static_cast<uint8_t>(data.dims), nearShape, DataFormat::ND));
    }
#if MODE == SLICES_IN
    DataCopy(local, farGm, nearSlices, farSlices, data.dims);
#else
    DataCopy(farGm, local, farSlices, nearSlices, data.dims);
#endif
#else
    GET_TILING_DATA_WITH_STRUCT(Matrices, data, tiling);
    const uint32_t* v = data.values;
#if MODE == ND_TO_NZ
    DataCopy(local, farGm,
             Nd2NzParams{static_cast<uint16_t>(v[0]), static_cast<uint16_t>(v[1]), v[2], v[3], v[4],
                         static_cast<uint16_t>(v[5]), static_cast<uint16_t>(v[6]), v[7]});
#else
    DataCopy(
        farGm, local,
        Nz2NdParamsFull{static_cast<uint16_t>(v[0]), static_cast<uint16_t>(v[1]), static_cast<uint16_t>(v[2]),
                        static_cast<uint16_t>(v[3]), static_cast<uint16_t>(v[4]), static_cast<uint16_t>(v[5]),
                        static_cast<uint16_t>(v[6])});
#endif
#endif
    PipeBarrier<PIPE_ALL>();
    DataCopy(nearGm, local, count);
}
