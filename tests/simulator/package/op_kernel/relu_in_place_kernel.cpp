// SPDX-License-Identifier: Apache-2.0
// x = max(x, floor), in place, by one core; its tiling data is declared with macros on the host.
#include "kernel_operator.h"

static_assert(TEST_OPTION == 1, "npu_op_kernel_options did not arrive");

extern "C" __global__ __aicore__ void relu_in_place(GM_ADDR x, GM_ADDR xOut, GM_ADDR workspace,
                                                    GM_ADDR tiling)
{
    GET_TILING_DATA(data, tiling);
    AscendC::TPipe pipe;
    AscendC::TQueBind<AscendC::TPosition::VECIN, AscendC::TPosition::VECOUT, 1> queue;
    pipe.InitBuffer(queue, 1, data.tileLength * sizeof(DTYPE_X));
    AscendC::GlobalTensor<DTYPE_X> from;
    AscendC::GlobalTensor<DTYPE_X_REF> to;
    from.SetGlobalBuffer(reinterpret_cast<__gm__ DTYPE_X*>(x), data.elements);
    to.SetGlobalBuffer(reinterpret_cast<__gm__ DTYPE_X_REF*>(xOut), data.elements);
    for (uint64_t begin = 0; begin < data.elements; begin += data.tileLength) {
        const uint64_t left = data.elements - begin;
        const uint32_t length = left < data.tileLength ? static_cast<uint32_t>(left) : data.tileLength;
        const AscendC::DataCopyExtParams extent{1, static_cast<uint32_t>(length * sizeof(DTYPE_X)), 0, 0, 0};
        AscendC::LocalTensor<DTYPE_X> local = queue.AllocTensor<DTYPE_X>();
        AscendC::DataCopyPad(local, from[begin], extent,
                             AscendC::DataCopyPadExtParams<DTYPE_X>{false, 0, 0, 0});
        queue.EnQue(local);
        local = queue.DeQue<DTYPE_X>();
        AscendC::Maxs(local, local, static_cast<DTYPE_X>(data.floors[1]), length);
        queue.EnQue(local);
        local = queue.DeQue<DTYPE_X>();
        // Without a floor the last element is written once more behind the end: a fault for the checks to
        // find.
        AscendC::DataCopyPad(to[begin + (data.faulty != 0 ? 1 : 0)], local, extent);
        queue.FreeTensor(local);
    }
}
