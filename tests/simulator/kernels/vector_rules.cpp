// SPDX-License-Identifier: Apache-2.0
// Calls that break a rule of their instruction, chosen by number: `case N` is on the line that the finding
// names.
#include "kernel_operator.h"

using namespace AscendC;

struct RuleTiling {
    uint32_t rule;
    uint32_t value;
};

extern "C" __global__ __aicore__ void vector_rules(GM_ADDR y, GM_ADDR workspace, GM_ADDR tiling)
{
    REGISTER_TILING_DEFAULT(RuleTiling);
    GET_TILING_DATA(t, tiling);
    TPipe pipe;
    TBuf<> buffer;
    pipe.InitBuffer(buffer, 64 * 1024);
    const LocalTensor<float> x = buffer.Get<float>();
    const LocalTensor<half> h = buffer.Get<half>();
    const LocalTensor<bfloat16_t> b = buffer.Get<bfloat16_t>();
    const LocalTensor<int32_t> i = buffer.Get<int32_t>();
    const LocalTensor<uint8_t> bits = buffer.Get<uint8_t>();
    const int32_t v = static_cast<int32_t>(t.value);
    const RoundMode round = static_cast<RoundMode>(t.value);
    const uint64_t mask = t.value;
    Duplicate(x, 0.0f, 16 * 1024);  // so that no rule but the one asked for is broken
    switch (t.rule) {
        case 0:
            Add(x, x, x, 64, v, {1, 1, 1, 8, 8, 8});  // rule 0
            break;
        case 1:
            Exp(x, x, mask, 1, {1, 1, 8, 8});  // rule 1
            break;
        case 2:
            Abs(x[v], x[64], 8);  // rule 2
            break;
        case 3:
            Abs(x, x[v], mask, 1, {1, 1, 8, 8});  // rule 3
            break;
        case 4:
            Compare(bits, x, x, CMPMODE::LT, t.value);  // rule 4
            break;
        case 5:
            Compare(bits, i, i, static_cast<CMPMODE>(t.value), 64);  // rule 5
            break;
        case 6:
            Cast(b, x, round, 64);  // rule 6
            break;
        case 7:
            Cast(x, h, round, 64);  // rule 7
            break;
        case 8:
            Select(x, bits, x, 0.0f, static_cast<SELMODE>(t.value), 64);  // rule 8
            break;
        case 9:
            WholeReduceSum(x[v], x, 64, 1, 1, 1, 8);  // rule 9
            break;
        case 10:
            BlockReduceSum(x[v], x, 1, 64, 1, 1, 8);  // rule 10
            break;
        case 11:
            Muls(x, x, 2.0f, mask, 1, {1, static_cast<uint16_t>(1000), 8, 8});  // rule 11
            break;
        case 12:
            Duplicate(x, 1.0f, v);  // rule 12
            break;
    }
}
