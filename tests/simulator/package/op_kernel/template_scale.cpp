// SPDX-License-Identifier: Apache-2.0
// y = FACTOR x, or -FACTOR x: a kernel template whose arguments the host's tiling chooses.
#include "kernel_operator.h"
#include "template_scale_tiling_key.h"

struct TemplateScaleTiling {
    uint32_t elements;
};

template <typename T, int FACTOR, int NEGATE>
__global__ __aicore__ void template_scale(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(TemplateScaleTiling);
    GET_TILING_DATA(data, tiling);
    AscendC::TPipe pipe;
    AscendC::TQueBind<AscendC::TPosition::VECIN, AscendC::TPosition::VECOUT, 1> queue;
    pipe.InitBuffer(queue, 1, data.elements * sizeof(T));
    AscendC::GlobalTensor<T> from;
    AscendC::GlobalTensor<T> to;
    from.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(x), data.elements);
    to.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(y), data.elements);
    AscendC::LocalTensor<T> local = queue.AllocTensor<T>();
    AscendC::DataCopy(local, from, data.elements);
    queue.EnQue(local);
    local = queue.DeQue<T>();
    AscendC::Muls(local, local, static_cast<T>(NEGATE ? -FACTOR : FACTOR), data.elements);
    queue.EnQue(local);
    local = queue.DeQue<T>();
    AscendC::DataCopy(to, local, data.elements);
    queue.FreeTensor(local);
}
