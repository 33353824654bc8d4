// SPDX-License-Identifier: Apache-2.0
// What the loops behind AscendC's calls cost, in nanoseconds for an element, on float32 tiles in the L1 cache
// and in one thread: a column for each instruction set that the processor has. Built and run by loops.py.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

#include "lanes/lanes.h"

namespace {

using namespace ascend_sim;

constexpr size_t kElements = 1536;
constexpr size_t kStride = kElements + 64;  // not a multiple of 4 KB, at which loads wait for stores
constexpr int kCalls = 2000;
constexpr int kRepetitions = 15;
constexpr size_t kFloat32 = static_cast<size_t>(Dtype::kFloat32);

template <class Enum>
constexpr size_t At(Enum value)
{
    return static_cast<size_t>(value);
}

// Of the fastest repetition: the others were disturbed.
double NanosecondsPerElement(const std::function<void()>& call)
{
    using Clock = std::chrono::steady_clock;
    double fastest = 1e30;
    for (int i = 0; i < kRepetitions; ++i) {
        const auto start = Clock::now();
        for (int k = 0; k < kCalls; ++k) {
            call();
        }
        const std::chrono::duration<double, std::nano> time = Clock::now() - start;
        fastest = std::min(fastest, time.count() / kCalls / kElements);
    }
    return fastest;
}

struct Loop {
    const char* name;
    std::function<void(const Lanes&, float* dst, const float* a, const float* b)> call;
};

const float kOne = 1.0f;
const Loop kLoops[] = {
    {"Adds", [](const Lanes& l, float* d, const float* a,
                const float*) { l.with_scalar[At(ScalarOp::kAdds)][kFloat32](d, a, &kOne, kElements); }},
    {"Add", [](const Lanes& l, float* d, const float* a,
               const float* b) { l.binary[At(BinaryOp::kAdd)][kFloat32](d, a, b, kElements); }},
    {"Max", [](const Lanes& l, float* d, const float* a,
               const float* b) { l.binary[At(BinaryOp::kMax)][kFloat32](d, a, b, kElements); }},
    {"FusedMulAdd",
     [](const Lanes& l, float* d, const float* a, const float* b) {
         l.update[At(UpdateOp::kFusedMulAdd)][kFloat32](d, a, b, kElements);
     }},
    {"Div", [](const Lanes& l, float* d, const float* a,
               const float* b) { l.binary[At(BinaryOp::kDiv)][kFloat32](d, a, b, kElements); }},
    {"Exp", [](const Lanes& l, float* d, const float* a,
               const float*) { l.unary[At(UnaryOp::kExp)][kFloat32](d, a, kElements); }},
    {"Ln", [](const Lanes& l, float* d, const float* a,
              const float*) { l.unary[At(UnaryOp::kLn)][kFloat32](d, a, kElements); }},
    {"BlockReduceSum", [](const Lanes& l, float* d, const float* a,
                          const float*) { l.sum_groups[kFloat32](d, a, kElements / 8, 8); }},
};

}  // namespace

int main()
{
    alignas(4096) static float memory[3 * kStride];  // as UB is
    float* const dst = memory;
    float* const a = dst + kStride;
    float* const b = a + kStride;
    for (size_t i = 0; i < kElements; ++i) {
        a[i] = 0.1f + 0.003f * static_cast<float>(i % 311);
        b[i] = -0.5f;
    }
    std::vector<const Lanes*> columns;
    std::printf("%-15s", "");
    for (const char* isa : {"baseline", "avx2", "avx512"}) {
        if (const Lanes* lanes = FindLanes(isa)) {
            columns.push_back(lanes);
            std::printf("%10s", isa);
        }
    }
    std::printf("\n");
    for (const Loop& loop : kLoops) {
        std::printf("%-15s", loop.name);
        for (const Lanes* lanes : columns) {
            std::printf("%10.3f", NanosecondsPerElement([&] { loop.call(*lanes, dst, a, b); }));
        }
        std::printf("\n");
    }
    return 0;
}
