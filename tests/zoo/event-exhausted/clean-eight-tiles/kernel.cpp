// SPDX-License-Identifier: Apache-2.0
// Eight tiles are under way, with an event each.
#include "kernel_operator.h"

struct FanTiling {
    uint32_t tiles;
};

// Copies tiles of 8 floats, with an event of its own for each.
class Fan {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, const FanTiling& tiling)
    {
        tiles_ = tiling.tiles;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), tiles_ * 8);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), tiles_ * 8);
        pipe_.InitBuffer(buffer_, tiles_ * 32);
    }

    __aicore__ inline void Process()
    {
        AscendC::LocalTensor<float> tile = buffer_.Get<float>();
        AscendC::TEventID loaded[16];
        for (uint32_t i = 0; i < tiles_; ++i) {
            loaded[i] = pipe_.AllocEventID<AscendC::HardEvent::MTE2_MTE3>();
            AscendC::DataCopy(tile[i * 8], x_[i * 8], 8);
            AscendC::SetFlag<AscendC::HardEvent::MTE2_MTE3>(loaded[i]);
        }
        for (uint32_t i = 0; i < tiles_; ++i) {
            AscendC::WaitFlag<AscendC::HardEvent::MTE2_MTE3>(loaded[i]);
            AscendC::DataCopy(y_[i * 8], tile[i * 8], 8);
            pipe_.ReleaseEventID<AscendC::HardEvent::MTE2_MTE3>(loaded[i]);
        }
    }

private:
    AscendC::TPipe pipe_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> y_;
    uint32_t tiles_ = 0;
};

extern "C" __global__ __aicore__ void fan(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(FanTiling);
    GET_TILING_DATA(data, tiling);
    Fan op;
    op.Init(x, y, data);
    op.Process();
}
