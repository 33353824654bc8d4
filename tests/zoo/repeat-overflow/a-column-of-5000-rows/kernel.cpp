// SPDX-License-Identifier: Apache-2.0
// One column of 5000 rows is copied by one call, as 5000 blocks of a byte.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void column(GM_ADDR x, GM_ADDR y)
{
    AscendC::GlobalTensor<int8_t> input;
    AscendC::GlobalTensor<int8_t> output;
    input.SetGlobalBuffer(reinterpret_cast<__gm__ int8_t*>(x), 20000);
    output.SetGlobalBuffer(reinterpret_cast<__gm__ int8_t*>(y), 5000);
    AscendC::TPipe pipe;
    AscendC::TQueBind<AscendC::TPosition::VECIN, AscendC::TPosition::VECOUT, 1> rows;
    pipe.InitBuffer(rows, 1, 160000);
    AscendC::LocalTensor<int8_t> tile = rows.AllocTensor<int8_t>();
    const AscendC::DataCopyPadExtParams<int8_t> any{false, 0, 0, 0};
    AscendC::DataCopyPad(tile, input, {5000, 1, 3, 0, 0}, any);  // finding: repeat-overflow
    rows.EnQue(tile);
    tile = rows.DeQue<int8_t>();
    AscendC::DataCopyPad(output, tile, {5000, 1, 0, 0, 0});
    rows.FreeTensor(tile);
}
