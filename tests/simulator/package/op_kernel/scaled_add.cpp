// SPDX-License-Identifier: Apache-2.0
// z = alpha x + y; without y (tiling key 1) z = alpha x.
#include "kernel_operator.h"
#include "scaled_add_tiling.h"

class ScaledAdd {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR x, GM_ADDR y, GM_ADDR z,
                                const ScaledAddTiling& tiling)
    {
        tiling_ = tiling;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ DTYPE_X*>(x), tiling.elements);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ DTYPE_X*>(y), tiling.elements);
        z_.SetGlobalBuffer(reinterpret_cast<__gm__ DTYPE_X*>(z), tiling.elements);
        pipe.InitBuffer(in_, 2, tiling.tileLength * sizeof(DTYPE_X));
        pipe.InitBuffer(out_, 2, tiling.tileLength * sizeof(DTYPE_X));
    }

    template <bool ADD>
    __aicore__ inline void Process()
    {
        const uint64_t step = static_cast<uint64_t>(tiling_.tileLength) * AscendC::GetBlockNum();
        for (uint64_t begin = AscendC::GetBlockIdx() * tiling_.tileLength; begin < tiling_.elements;
             begin += step) {
            const uint64_t left = tiling_.elements - begin;
            const uint32_t length =
                left < tiling_.tileLength ? static_cast<uint32_t>(left) : tiling_.tileLength;
            AscendC::LocalTensor<DTYPE_X> z = out_.AllocTensor<DTYPE_X>();
            AscendC::LocalTensor<DTYPE_X> x = CopyIn(x_[begin], length);
            AscendC::Muls(z, x, static_cast<DTYPE_X>(tiling_.alpha), length);
            in_.FreeTensor(x);
            if constexpr (ADD) {
                AscendC::LocalTensor<DTYPE_X> y = CopyIn(y_[begin], length);
                AscendC::Add(z, z, y, length);
                in_.FreeTensor(y);
            }
            out_.EnQue(z);
            z = out_.DeQue<DTYPE_X>();
            AscendC::DataCopyPad(z_[begin], z, Extent(length));
            out_.FreeTensor(z);
        }
    }

private:
    __aicore__ inline AscendC::DataCopyExtParams Extent(uint32_t length) const
    {
        return {1, static_cast<uint32_t>(length * sizeof(DTYPE_X)), 0, 0, 0};
    }

    __aicore__ inline AscendC::LocalTensor<DTYPE_X> CopyIn(const AscendC::GlobalTensor<DTYPE_X>& from,
                                                           uint32_t length)
    {
        AscendC::LocalTensor<DTYPE_X> local = in_.AllocTensor<DTYPE_X>();
        AscendC::DataCopyPad(local, from, Extent(length),
                             AscendC::DataCopyPadExtParams<DTYPE_X>{false, 0, 0, 0});
        in_.EnQue(local);
        return in_.DeQue<DTYPE_X>();
    }

    ScaledAddTiling tiling_;
    AscendC::GlobalTensor<DTYPE_X> x_;
    AscendC::GlobalTensor<DTYPE_X> y_;
    AscendC::GlobalTensor<DTYPE_X> z_;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> in_;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> out_;
};

extern "C" __global__ __aicore__ void scaled_add(GM_ADDR x, GM_ADDR y, GM_ADDR z, GM_ADDR workspace,
                                                 GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(ScaledAddTiling);
    GET_TILING_DATA(data, tiling);
    AscendC::TPipe pipe;
    ScaledAdd op;
    op.Init(pipe, x, y, z, data);
    if (TILING_KEY_IS(1)) {
        op.Process<false>();
    } else {
        op.Process<true>();
    }
}
