// SPDX-License-Identifier: Apache-2.0
// z = x + y in halves: tile after tile, one copy in per source, Add, one copy out. BUFFERS per queue. With
// BYPASS the sources are not kept in the L2 cache; with APART the second source lies in other banks than the
// first.
#include "kernel_operator.h"

#ifndef BYPASS
#define BYPASS 0
#endif
#ifndef APART
#define APART 0
#endif

struct AddTiling {
    uint64_t count;
    uint32_t tile;  // elements
};

class Adder {
public:
    __aicore__ inline void Run(GM_ADDR x, GM_ADDR y, GM_ADDR z, const AddTiling& tiling, AscendC::TPipe& pipe)
    {
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(x), tiling.count);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(y), tiling.count);
        z_.SetGlobalBuffer(reinterpret_cast<__gm__ half*>(z), tiling.count);
#if BYPASS
        x_.SetL2CacheHint(AscendC::CacheMode::CACHE_MODE_DISABLE);
        y_.SetL2CacheHint(AscendC::CacheMode::CACHE_MODE_DISABLE);
#endif
        pipe.InitBuffer(queueX_, BUFFERS, tiling.tile * sizeof(half));
#if APART
        pipe.InitBuffer(gap_, 256);
#endif
        pipe.InitBuffer(queueY_, BUFFERS, tiling.tile * sizeof(half));
        pipe.InitBuffer(queueZ_, BUFFERS, tiling.tile * sizeof(half));
        const uint64_t tiles = tiling.count / tiling.tile;
        for (uint64_t i = AscendC::GetBlockIdx(); i < tiles; i += AscendC::GetBlockNum()) {
            AddTile(i * tiling.tile, tiling.tile);
        }
    }

private:
    __aicore__ inline void AddTile(uint64_t offset, uint32_t count)
    {
        auto x = queueX_.AllocTensor<half>();
        AscendC::DataCopy(x, x_[offset], count);
        queueX_.EnQue(x);
        auto y = queueY_.AllocTensor<half>();
        AscendC::DataCopy(y, y_[offset], count);
        queueY_.EnQue(y);

        x = queueX_.DeQue<half>();
        y = queueY_.DeQue<half>();
        auto z = queueZ_.AllocTensor<half>();
        AscendC::Add(z, x, y, count);
        queueZ_.EnQue(z);
        queueX_.FreeTensor(x);
        queueY_.FreeTensor(y);

        z = queueZ_.DeQue<half>();
        AscendC::DataCopy(z_[offset], z, count);
        queueZ_.FreeTensor(z);
    }

    AscendC::GlobalTensor<half> x_;
    AscendC::GlobalTensor<half> y_;
    AscendC::GlobalTensor<half> z_;
    AscendC::TQue<AscendC::QuePosition::VECIN, BUFFERS> queueX_;
    AscendC::TQue<AscendC::QuePosition::VECIN, BUFFERS> queueY_;
    AscendC::TQue<AscendC::QuePosition::VECOUT, BUFFERS> queueZ_;
    AscendC::TBuf<AscendC::QuePosition::VECCALC> gap_;
};

extern "C" __global__ __aicore__ void add(GM_ADDR x, GM_ADDR y, GM_ADDR z, GM_ADDR workspace, GM_ADDR tiling)
{
    GET_TILING_DATA_WITH_STRUCT(AddTiling, data, tiling);
    AscendC::TPipe pipe;
    Adder adder;
    adder.Run(x, y, z, data, pipe);
}
