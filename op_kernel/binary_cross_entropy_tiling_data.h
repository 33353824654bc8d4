// SPDX-License-Identifier: Apache-2.0
// What the tiling on the host tells the kernels. Plain structs, shared by op_host/ and op_kernel/.
#pragma once

#include <cstdint>

constexpr uint32_t BCE_MAX_DIMS = 8;

// The order of every sum is fixed by these two numbers and by nothing else (tree_reduction.h).
constexpr uint32_t BCE_LANES = 1024;           // float32 partial sums kept side by side
constexpr uint32_t BCE_CHUNK = 8 * BCE_LANES;  // elements that share one partial result

// What the kernels take of UB, so that the tiling can tell how large a tile may be.
constexpr uint32_t BCE_BUFFERS = 2;           // of a queue: one is copied while the other is computed on
constexpr uint32_t BCE_SCRATCH_TILES = 5;     // for intermediate results
constexpr uint32_t BCE_REDUCTION_LEVELS = 3;  // rows of BCE_LANES that wait to be added
constexpr uint32_t BCE_SUMS_PER_WRITE = 512;  // sums of chunks that go to the workspace at once

// How an operand of any shape that broadcasts to the input is found from a flat index into the input.
// Adjacent dimensions of the same kind are merged and leading broadcast dimensions dropped, so an operand of
// the input's own shape has one dimension, and a scalar one of extent 1 and stride 0.
struct BceOperand {
    uint64_t period;                // elements of the input after which the operand repeats
    uint64_t extent[BCE_MAX_DIMS];  // outermost first; their product is the period
    uint64_t stride[BCE_MAX_DIMS];  // in elements of the compact operand; 0 where it broadcasts
    uint32_t rank;                  // 0: the operand is absent
    uint32_t broadcasts;            // 0: it has the input's shape
};

// Of the operators that compute a loss, reduced or not.
struct BceLossTilingData {
    uint64_t elements;
    uint32_t tileLength;  // elements of one tile, a multiple of 8
    float divisor;        // of the sum: 1, or the number of elements for the mean
    BceOperand weight;
    BceOperand posWeight;  // always absent for the loss on probabilities
};

// Of the operators that compute a gradient of it.
struct BceGradientTilingData {
    uint64_t elements;
    uint32_t tileLength;
    float divisor;
    BceOperand gradOutput;
    BceOperand weight;
    BceOperand posWeight;
};

// Tiling keys. A reduction ends with SyncAll and so needs a kernel type of its own.
#define BCE_TILING_KEY_ELEMENTWISE 1
#define BCE_TILING_KEY_REDUCE 2
