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
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out;
    pipe.InitBuffer(in, 1, data.elements * sizeof(T));
    pipe.InitBuffer(out, 1, data.elements * sizeof(T));
    AscendC::GlobalTensor<T> from;
    AscendC::GlobalTensor<T> to;
    from.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(x), data.elements);
    to.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(y), data.elements);
    AscendC::LocalTensor<T> local = in.AllocTensor<T>();
    AscendC::DataCopy(local, from, data.elements);
    in.EnQue(local);
    local = in.DeQue<T>();
    AscendC::LocalTensor<T> scaled = out.AllocTensor<T>();
    AscendC::Muls(scaled, local, static_cast<T>(NEGATE ? -FACTOR : FACTOR), data.elements);
    in.FreeTensor(local);
    out.EnQue(scaled);
    scaled = out.DeQue<T>();
    AscendC::DataCopy(to, scaled, data.elements);
    out.FreeTensor(scaled);
}
