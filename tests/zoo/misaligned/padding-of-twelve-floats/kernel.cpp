// SPDX-License-Identifier: Apache-2.0
// A row of 20 floats is padded to 32 in one go: by 48 bytes.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void pad_row(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<float> input;
    AscendC::GlobalTensor<float> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), 20);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), 32);
    AscendC::TPipe pipe;
    AscendC::TQueBind<AscendC::TPosition::VECIN, AscendC::TPosition::VECOUT, 1> rows;
    pipe.InitBuffer(rows, 1, 128);
    AscendC::LocalTensor<float> tile = rows.AllocTensor<float>();
    const AscendC::DataCopyPadExtParams<float> zeros{true, 0, 12, 0.0f};
    AscendC::DataCopyPad(tile, input, {1, 20 * sizeof(float), 0, 0, 0}, zeros);  // finding: misaligned
    rows.EnQue(tile);
    tile = rows.DeQue<float>();
    AscendC::DataCopy(output, tile, 32);
    rows.FreeTensor(tile);
}
