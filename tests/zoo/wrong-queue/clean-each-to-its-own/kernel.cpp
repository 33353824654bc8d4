// SPDX-License-Identifier: Apache-2.0
// Every tensor goes back to the queue that it came from.
#include "kernel_operator.h"

struct AddTiling {
    uint32_t length;  // elements of each array
    uint32_t tile;    // elements that a core takes at once
};

class Add {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, GM_ADDR z, const AddTiling& tiling)
    {
        length_ = tiling.length;
        tile_ = tiling.tile;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x), length_);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(y), length_);
        z_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(z), length_);
        pipe_.InitBuffer(xQueue_, 2, tile_ * sizeof(half));
        pipe_.InitBuffer(yQueue_, 2, tile_ * sizeof(half));
        pipe_.InitBuffer(zQueue_, 2, tile_ * sizeof(half));
    }

    __aicore__ inline void Process()
    {
        const uint32_t share = length_ / AscendC::GetBlockNum();
        const uint32_t begin = share * AscendC::GetBlockIdx();
        for (uint32_t start = begin; start < begin + share; start += tile_) {
            CopyIn(start);
            Compute();
            CopyOut(start);
        }
    }

private:
    __aicore__ inline void CopyIn(uint32_t start)
    {
        AscendC::LocalTensor<half> x = xQueue_.AllocTensor<half>();
        AscendC::LocalTensor<half> y = yQueue_.AllocTensor<half>();
        AscendC::DataCopy(x, x_[start], tile_);
        AscendC::DataCopy(y, y_[start], tile_);
        xQueue_.EnQue(x);
        yQueue_.EnQue(y);
    }

    __aicore__ inline void Compute()
    {
        AscendC::LocalTensor<half> x = xQueue_.DeQue<half>();
        AscendC::LocalTensor<half> y = yQueue_.DeQue<half>();
        AscendC::LocalTensor<half> z = zQueue_.AllocTensor<half>();
        AscendC::Add(z, x, y, tile_);
        zQueue_.EnQue(z);
        xQueue_.FreeTensor(x);
        yQueue_.FreeTensor(y);
    }

    __aicore__ inline void CopyOut(uint32_t start)
    {
        AscendC::LocalTensor<half> z = zQueue_.DeQue<half>();
        AscendC::DataCopy(z_[start], z, tile_);
        zQueue_.FreeTensor(z);
    }

    AscendC::TPipe pipe_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> xQueue_;
    AscendC::TQue<AscendC::QuePosition::VECIN, 1> yQueue_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, 1> zQueue_;
    AscendC::GlobalTensor<half> x_;
    AscendC::GlobalTensor<half> y_;
    AscendC::GlobalTensor<half> z_;
    uint32_t length_ = 0;
    uint32_t tile_ = 0;
};

extern "C" __global__ __aicore__ void add(GM_ADDR x, GM_ADDR y, GM_ADDR z, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(AddTiling);
    GET_TILING_DATA(data, tiling);
    Add op;
    op.Init(x, y, z, data);
    op.Process();
}
