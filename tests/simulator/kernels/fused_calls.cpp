// SPDX-License-Identifier: Apache-2.0
// Runs whatever calls the test chooses, tile after tile, on an image of unified buffer and on global memory.
#include "kernel_operator.h"

using AscendC::LocalTensor;

struct CallTiling {
    uint32_t op;
    uint32_t repeats;  // of a masked call; 0: the count form
    uint32_t count;    // elements, or lanes of a mask
    uint32_t first;    // the tiles that make the call: from the first on, before the end
    uint32_t end;
    uint32_t place[3];      // of dst, a and b: bytes in the unified buffer
    uint32_t alternate[3];  // what odd tiles add to that
    uint32_t stride[3];     // of repeats, in blocks
    uint32_t global;        // bytes, of copies
    uint32_t step;          // what every tile adds to that
    float scalar;
};

struct FusedTiling {
    uint32_t tiles;
    uint32_t calls;
    uint32_t bytes;  // of the image
    CallTiling call[200];
};

// In the order of OPERATIONS in tests/support/fused_calls.py.
enum Op : uint32_t {
    ABS,
    RELU,
    EXP,
    LN,
    SQRT,
    RECIPROCAL,
    ADD,
    SUB,
    MUL,
    DIV,
    MAX,
    MIN,
    ADDS,
    MULS,
    MAXS,
    MINS,
    MUL_ADD_DST,
    FUSED_MUL_ADD,
    HALF_TO_FLOAT,
    BFLOAT16_TO_FLOAT,
    FLOAT_TO_HALF,
    FLOAT_TO_BFLOAT16,
    COPY_IN_32,
    COPY_OUT_32,
    COPY_IN_16,
    COPY_OUT_16,
    // No program computes what follows.
    FLOOR_TO_HALF,
    LEAKY_RELU,
    AXPY,
    MULS_OF_BLOCK,
    BRCB,
    DUPLICATE,
    BLOCK_REDUCE_SUM,
    ADD_OUT,
    MOVE_VALUE,
    MOVE_BY_ADDRESS,
    MOVE_BY_OLD_ADDRESS,
};

// The fast build runs calls in their order. The checked one wants to hear that they wait for each other.
__aicore__ inline void Wait()
{
#ifdef ASCEND_SIM_CHECKED
    AscendC::PipeBarrier<PIPE_ALL>();
#endif
}

class Interpreter {
public:
    __aicore__ inline void Run(const FusedTiling& t, GM_ADDR image, GM_ADDR global)
    {
        AscendC::GlobalTensor<float> images;
        images.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(image), t.bytes / sizeof(float));
        global_ = global;
        AscendC::TPipe pipe;
        pipe.InitBuffer(buffer_, t.bytes);
        LocalTensor<float> whole = buffer_.Get<float>();
        old_ = reinterpret_cast<uint64_t>(whole.GetPhyAddr());
        AscendC::DataCopy(whole, images, t.bytes / sizeof(float));
        AscendC::PipeBarrier<PIPE_ALL>();
        for (uint32_t tile = 0; tile < t.tiles; ++tile) {
            for (uint32_t i = 0; i < t.calls; ++i) {
                if (t.call[i].first <= tile && tile < t.call[i].end) {
                    Make(t.call[i], tile);
                    Wait();
                }
            }
        }
        AscendC::PipeBarrier<PIPE_ALL>();
        AscendC::DataCopy(images, whole, t.bytes / sizeof(float));
    }

private:
    template <class T>
    __aicore__ inline LocalTensor<T> Operand(const CallTiling& c, uint32_t tile, int i)
    {
        const uint32_t place = c.place[i] + tile % 2 * c.alternate[i];
        return buffer_.Get<T>()[place / sizeof(T)];
    }

    template <class T>
    __aicore__ inline void Copy(const CallTiling& c, uint32_t tile, bool isIn)
    {
        AscendC::GlobalTensor<T> far;
        far.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(global_ + c.global + tile * c.step), c.count);
        const AscendC::DataCopyExtParams params{1, static_cast<uint32_t>(c.count * sizeof(T)), 0, 0, 0};
        if (isIn) {
            AscendC::DataCopyPad(Operand<T>(c, tile, 0), far, params, AscendC::DataCopyPadExtParams<T>{});
        } else {
            AscendC::DataCopyPad(far, Operand<T>(c, tile, 1), params);
        }
    }

    template <class To, class From>
    __aicore__ inline void Convert(const CallTiling& c, uint32_t tile, AscendC::RoundMode mode)
    {
        const LocalTensor<To> dst = Operand<To>(c, tile, 0);
        const LocalTensor<From> a = Operand<From>(c, tile, 1);
        if (c.repeats == 0) {
            AscendC::Cast(dst, a, mode, c.count);
        } else {
            AscendC::Cast(dst, a, mode, static_cast<uint64_t>(c.count), static_cast<uint8_t>(c.repeats),
                          {1, 1, static_cast<uint8_t>(c.stride[0]), static_cast<uint8_t>(c.stride[1])});
        }
    }

    __aicore__ inline void Make(const CallTiling& c, uint32_t tile)
    {
        const LocalTensor<float> d = Operand<float>(c, tile, 0);
        const LocalTensor<float> a = Operand<float>(c, tile, 1);
        const LocalTensor<float> b = Operand<float>(c, tile, 2);
        const uint64_t mask = c.count;
        const auto repeats = static_cast<uint8_t>(c.repeats);
        const AscendC::UnaryRepeatParams one{1, 1, static_cast<uint8_t>(c.stride[0]),
                                             static_cast<uint8_t>(c.stride[1])};
        const AscendC::BinaryRepeatParams two{1,
                                              1,
                                              1,
                                              static_cast<uint8_t>(c.stride[0]),
                                              static_cast<uint8_t>(c.stride[1]),
                                              static_cast<uint8_t>(c.stride[2])};
        const int32_t count = static_cast<int32_t>(c.count);
        switch (c.op) {
#define UNARY(op, Name) \
    case op:            \
        return repeats == 0 ? AscendC::Name(d, a, count) : AscendC::Name(d, a, mask, repeats, one);
#define BINARY(op, Name) \
    case op:             \
        return repeats == 0 ? AscendC::Name(d, a, b, count) : AscendC::Name(d, a, b, mask, repeats, two);
#define SCALAR(op, Name)                                           \
    case op:                                                       \
        return repeats == 0 ? AscendC::Name(d, a, c.scalar, count) \
                            : AscendC::Name(d, a, c.scalar, mask, repeats, one);
            UNARY(ABS, Abs)
            UNARY(RELU, Relu)
            UNARY(EXP, Exp)
            UNARY(LN, Ln)
            UNARY(SQRT, Sqrt)
            UNARY(RECIPROCAL, Reciprocal)
            BINARY(ADD, Add)
            BINARY(SUB, Sub)
            BINARY(MUL, Mul)
            BINARY(DIV, Div)
            BINARY(MAX, Max)
            BINARY(MIN, Min)
            SCALAR(ADDS, Adds)
            SCALAR(MULS, Muls)
            SCALAR(MAXS, Maxs)
            SCALAR(MINS, Mins)
            BINARY(MUL_ADD_DST, MulAddDst)
            BINARY(FUSED_MUL_ADD, FusedMulAdd)
            SCALAR(LEAKY_RELU, LeakyRelu)
            SCALAR(AXPY, Axpy)
            case HALF_TO_FLOAT:
                return Convert<float, half>(c, tile, AscendC::RoundMode::CAST_NONE);
            case BFLOAT16_TO_FLOAT:
                return Convert<float, bfloat16_t>(c, tile, AscendC::RoundMode::CAST_NONE);
            case FLOAT_TO_HALF:
                return Convert<half, float>(c, tile, AscendC::RoundMode::CAST_RINT);
            case FLOAT_TO_BFLOAT16:
                return Convert<bfloat16_t, float>(c, tile, AscendC::RoundMode::CAST_RINT);
            case FLOOR_TO_HALF:
                return Convert<half, float>(c, tile, AscendC::RoundMode::CAST_FLOOR);
            case COPY_IN_32:
                return Copy<float>(c, tile, true);
            case COPY_OUT_32:
                return Copy<float>(c, tile, false);
            case COPY_IN_16:
                return Copy<half>(c, tile, true);
            case COPY_OUT_16:
                return Copy<half>(c, tile, false);
            case ADD_OUT:
                AscendC::SetAtomicAdd<float>();
                Copy<float>(c, tile, false);
                return AscendC::SetAtomicNone();
            case MULS_OF_BLOCK:
                return AscendC::Muls(
                    d, a, c.scalar, mask, repeats,
                    {1, 0, static_cast<uint8_t>(c.stride[0]), static_cast<uint8_t>(c.stride[1])});
            case BRCB:
                return AscendC::Brcb(d, a, repeats, {1, 8});
            case DUPLICATE:
                return AscendC::Duplicate(d, c.scalar, count);
            case BLOCK_REDUCE_SUM:
                return AscendC::BlockReduceSum(d, a, static_cast<int32_t>(c.repeats), count, 1, 1, 8);
            case MOVE_VALUE:
                return d.SetValue(0, a.GetValue(c.count));
            case MOVE_BY_ADDRESS:
                AscendC::PipeBarrier<PIPE_ALL>();
                *d.GetPhyAddr() = *a.GetPhyAddr(c.count);
                return AscendC::PipeBarrier<PIPE_ALL>();
            case MOVE_BY_OLD_ADDRESS: {  // known since before the calls
                AscendC::SetFlag<AscendC::HardEvent::V_S>(EVENT_ID0);
                AscendC::WaitFlag<AscendC::HardEvent::V_S>(EVENT_ID0);
                auto* const old = reinterpret_cast<__ubuf__ float*>(old_);
                old[c.place[0] / sizeof(float)] = old[c.place[1] / sizeof(float) + c.count];
                AscendC::SetFlag<AscendC::HardEvent::S_V>(EVENT_ID0);
                return AscendC::WaitFlag<AscendC::HardEvent::S_V>(EVENT_ID0);
            }
        }
    }

    AscendC::TBuf<> buffer_;
    GM_ADDR global_ = nullptr;
    uint64_t old_ = 0;
};

extern "C" __global__ __aicore__ void fused_calls(GM_ADDR image, GM_ADDR global, GM_ADDR workspace,
                                                  GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(FusedTiling);
    GET_TILING_DATA(t, tiling);
    Interpreter().Run(t, image, global);
}
