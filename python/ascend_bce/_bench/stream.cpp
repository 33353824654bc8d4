// SPDX-License-Identifier: Apache-2.0
// A kernel that streams: reads up to four tensors tile by tile, computes for as long as it is told to, writes
// one. It stands for a kernel of which no more is known than its operands and its vector instructions. Two
// buffers per operand.
#include "kernel_operator.h"

constexpr uint32_t INPUTS = 4;

struct StreamTiling {
    uint64_t elements;
    uint64_t perCore;             // elements
    uint32_t tile;                // elements
    uint32_t inputBytes[INPUTS];  // of an element
    uint32_t outputBytes;
    uint32_t casts;  // vector instructions for each tile: between half types and float32,
    uint32_t slow;   // exp and the like,
    uint32_t fast;   // and all others
};

class Stream {
public:
    __aicore__ inline void Init(const GM_ADDR* inputs, GM_ADDR output, const StreamTiling& tiling,
                                AscendC::TPipe& pipe)
    {
        tiling_ = tiling;
        for (uint32_t i = 0; i < INPUTS; ++i) {
            if (inputs[i] != nullptr) {
                inputs_[i].SetGlobalBuffer(inputs[i], tiling.elements * tiling.inputBytes[i]);
                pipe.InitBuffer(queues_[i], 2, tiling.tile * tiling.inputBytes[i]);
                present_[i] = true;
            }
        }
        if (output != nullptr) {
            output_.SetGlobalBuffer(output, tiling.elements * tiling.outputBytes);
            pipe.InitBuffer(outputQueue_, 2, tiling.tile * tiling.outputBytes);
            writes_ = true;
        }
        pipe.InitBuffer(buffer_, tiling.tile * sizeof(float));
    }

    __aicore__ inline void Process()
    {
        const uint64_t begin = AscendC::GetBlockIdx() * tiling_.perCore;
        const uint64_t end =
            begin + tiling_.perCore < tiling_.elements ? begin + tiling_.perCore : tiling_.elements;
        for (uint64_t start = begin; start < end; start += tiling_.tile) {
            ProcessTile(start,
                        static_cast<uint32_t>(end - start < tiling_.tile ? end - start : tiling_.tile));
        }
    }

private:
    using Bytes = AscendC::LocalTensor<uint8_t>;

    __aicore__ inline void ProcessTile(uint64_t start, uint32_t count)
    {
        for (uint32_t i = 0; i < INPUTS; ++i) {
            if (present_[i]) {
                const uint32_t bytes = tiling_.inputBytes[i];
                Bytes tile = queues_[i].AllocTensor<uint8_t>();
                AscendC::DataCopy(tile, inputs_[i][start * bytes], count * bytes);
                queues_[i].EnQue(tile);
            }
        }
        Bytes taken[INPUTS];
        for (uint32_t i = 0; i < INPUTS; ++i) {
            if (present_[i]) {
                taken[i] = queues_[i].DeQue<uint8_t>();
            }
        }
        Bytes result;
        if (writes_) {
            result = outputQueue_.AllocTensor<uint8_t>();
        }
        Compute(count);
        for (uint32_t i = 0; i < INPUTS; ++i) {
            if (present_[i]) {
                queues_[i].FreeTensor(taken[i]);
            }
        }
        if (writes_) {
            outputQueue_.EnQue(result);
            result = outputQueue_.DeQue<uint8_t>();
            AscendC::DataCopy(output_[start * tiling_.outputBytes], result, count * tiling_.outputBytes);
            outputQueue_.FreeTensor(result);
        }
    }

    __aicore__ inline void Compute(uint32_t count)
    {
        AscendC::LocalTensor<float> values = buffer_.Get<float>();
        for (uint32_t i = 0; i < tiling_.casts; ++i) {
            AscendC::Cast(values.ReinterpretCast<int32_t>(), values, AscendC::RoundMode::CAST_RINT, count);
        }
        for (uint32_t i = 0; i < tiling_.slow; ++i) {
            AscendC::Exp(values, values, count);
        }
        for (uint32_t i = 0; i < tiling_.fast; ++i) {
            AscendC::Adds(values, values, 0.0f, count);
        }
    }

    StreamTiling tiling_{};
    bool present_[INPUTS] = {};
    bool writes_ = false;
    AscendC::GlobalTensor<uint8_t> inputs_[INPUTS];
    AscendC::GlobalTensor<uint8_t> output_;
    AscendC::TQue<AscendC::TPosition::VECIN, 2> queues_[INPUTS];
    AscendC::TQue<AscendC::TPosition::VECOUT, 2> outputQueue_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer_;
};

extern "C" __global__ __aicore__ void stream(GM_ADDR first, GM_ADDR second, GM_ADDR third, GM_ADDR fourth,
                                             GM_ADDR output, GM_ADDR workspace, GM_ADDR tiling)
{
    GET_TILING_DATA_WITH_STRUCT(StreamTiling, data, tiling);
    AscendC::TPipe pipe;
    Stream stream;
    const GM_ADDR inputs[INPUTS] = {first, second, third, fourth};
    stream.Init(inputs, output, data, pipe);
    stream.Process();
}
