// SPDX-License-Identifier: Apache-2.0
// Copies bytes of one argument to another, by the copy pipes or by the scalar unit.
#include "kernel_operator.h"

struct CopyTiling {
    uint32_t from;  // index of the first byte that is read
    uint32_t to;    // and of the first that is written
    uint32_t bytes;
    uint32_t scalar;  // 1: by the scalar unit
};

extern "C" __global__ __aicore__ void copy(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(CopyTiling);
    GET_TILING_DATA(data, tiling);
    AscendC::GlobalTensor<uint8_t> input;
    AscendC::GlobalTensor<uint8_t> output;
    input.SetGlobalBuffer(x);
    output.SetGlobalBuffer(y);
    if (data.scalar != 0) {
        for (uint32_t i = 0; i < data.bytes; ++i) {
            const uint8_t value = input.GetValue(data.from + i);  // scalar read
            output.SetValue(data.to + i, value);                  // scalar write
        }
        return;
    }
    AscendC::TPipe pipe;
    AscendC::TQueBind<AscendC::TPosition::VECIN, AscendC::TPosition::VECOUT, 1> queue;
    pipe.InitBuffer(queue, 1, 64);
    AscendC::LocalTensor<uint8_t> tile = queue.AllocTensor<uint8_t>();
    const AscendC::DataCopyExtParams exact{1, data.bytes, 0, 0, 0};
    AscendC::DataCopyPad(tile, input[data.from], exact, {true, 0, 0, 7});  // copy in
    queue.EnQue(tile);
    tile = queue.DeQue<uint8_t>();
    AscendC::DataCopyPad(output[data.to], tile, exact);  // copy out
    queue.FreeTensor(tile);
}
