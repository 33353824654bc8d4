// SPDX-License-Identifier: Apache-2.0
// Every way to read tiling data and keys; the answers go to y.
#include "kernel_operator.h"

struct Shape {
    uint32_t rows;
    uint16_t columns[3];
};

struct OtherTiling {
    uint64_t length;
    Shape shape;
};

REGISTER_TILING_DEFAULT(Shape);

template <typename T, int SCALE>
__global__ __aicore__ void scaled(GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    GET_TILING_DATA_MEMBER(OtherTiling, length, length, tiling);
    reinterpret_cast<__gm__ T*>(y)[0] = static_cast<T>(length) * SCALE;
}

extern "C" __global__ __aicore__ void read(GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    AscendC::GlobalTensor<uint32_t> answers;
    answers.SetGlobalBuffer(reinterpret_cast<__gm__ uint32_t*>(y));
    if (TILING_KEY_IS(1)) {
        GET_TILING_DATA(shape, tiling);
        answers.SetValue(0, shape.rows);
        answers.SetValue(1, shape.columns[2]);
    } else if (TILING_KEY_IS(10000000000UL)) {
        GET_TILING_DATA_WITH_STRUCT(OtherTiling, other, tiling);
        const OtherTiling* pointer = &other;
        answers.SetValue(0, pointer->length);
        answers.SetValue(1, pointer->shape.rows);
    } else if (TILING_KEY_LIST(2, 3)) {
        GET_TILING_DATA_PTR_WITH_STRUCT(OtherTiling, other, tiling);
        COPY_TILING_WITH_STRUCT(Shape, other->shape, shape);
        answers.SetValue(0, shape->rows);
        answers.SetValue(1, shape->columns[1]);
    }
}
