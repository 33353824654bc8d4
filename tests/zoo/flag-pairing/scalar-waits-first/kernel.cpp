// SPDX-License-Identifier: Apache-2.0
// The scalar unit waits for a flag that it would itself have to set afterwards.
#include "kernel_operator.h"

struct ReluTiling {
    uint32_t length;  // elements of each array
    uint32_t tile;    // elements that a core takes at once
};

class Relu {
public:
    __aicore__ inline void Init(GM_ADDR x, GM_ADDR y, const ReluTiling& tiling)
    {
        length_ = tiling.length;
        tile_ = tiling.tile;
        x_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x), length_);
        y_.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(y), length_);
        pipe_.InitBuffer(buffer_, tile_ * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        AscendC::LocalTensor<float> tile = buffer_.Get<float>();
        AscendC::SetFlag<AscendC::HardEvent::MTE3_MTE2>(0);
        for (uint32_t start = 0; start < length_; start += tile_) {
            AscendC::WaitFlag<AscendC::HardEvent::MTE3_MTE2>(0);
            AscendC::DataCopy(tile, x_[start], tile_);
            AscendC::SetFlag<AscendC::HardEvent::MTE2_V>(0);
            AscendC::WaitFlag<AscendC::HardEvent::MTE2_V>(0);
            AscendC::WaitFlag<AscendC::HardEvent::MTE2_S>(1);  // finding: flag-pairing
            AscendC::SetFlag<AscendC::HardEvent::MTE2_S>(1);
            AscendC::Maxs(tile, tile, tile.GetValue(0), tile_);
            AscendC::SetFlag<AscendC::HardEvent::V_MTE3>(0);
            AscendC::WaitFlag<AscendC::HardEvent::V_MTE3>(0);
            AscendC::DataCopy(y_[start], tile, tile_);
            AscendC::SetFlag<AscendC::HardEvent::MTE3_MTE2>(0);
        }
        AscendC::WaitFlag<AscendC::HardEvent::MTE3_MTE2>(0);
    }

private:
    AscendC::TPipe pipe_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer_;
    AscendC::GlobalTensor<float> x_;
    AscendC::GlobalTensor<float> y_;
    uint32_t length_ = 0;
    uint32_t tile_ = 0;
};

extern "C" __global__ __aicore__ void relu(GM_ADDR x, GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(ReluTiling);
    GET_TILING_DATA(data, tiling);
    Relu op;
    op.Init(x, y, data);
    op.Process();
}
