// SPDX-License-Identifier: Apache-2.0
// What the tiling on the host tells the kernels. Plain structs, shared by op_host/ and op_kernel/.
#pragma once

#include <cstdint>

constexpr uint32_t BCE_MAX_DIMS = 8;

// Elements under one sum in the workspace: four levels of BlockReduceSum, which adds eight neighbours.
constexpr uint32_t BCE_CHUNK = 8 * 8 * 8 * 8;
// Tiles are multiples of this, which two levels reduce to whole blocks. It also keeps every tile on the same
// side of UB's bank groups.
constexpr uint32_t BCE_TILE_UNIT = 512;
// A vector instruction repeats at most 255 times 64 floats.
constexpr uint32_t BCE_MAX_TILE = 255 * 64 / BCE_TILE_UNIT * BCE_TILE_UNIT;

// What the kernels take of UB, so that the tiling can tell how large a tile may be.
//
// Buffers of a queue: one is copied while the other is computed on. Half types have one, for their values are
// computed on as float32 in a tile of its own: their buffer is free as soon as they are cast, or copied out.
constexpr uint32_t BCE_BUFFERS = 2;
constexpr uint32_t BCE_BUFFERS_HALF = 1;
constexpr uint32_t BCE_PARTIAL_SUMS = 2048;   // sums of 64 elements that wait for their chunk
constexpr uint32_t BCE_SUMS_PER_WRITE = 512;  // sums of chunks that go to the workspace at once
constexpr uint32_t BCE_ROWS_SLACK = 128;      // floats that blocks of the rows of a tile take beside it
constexpr uint32_t BCE_BANK_SLACK = 128;      // floats by which scratch tiles lie apart: once round the banks

// Tiles of intermediate results.
constexpr uint32_t BCE_SCRATCH_LOSS = 2;
constexpr uint32_t BCE_SCRATCH_GRADIENT = 3;    // of a gradient, also with the loss in one
constexpr uint32_t BCE_SCRATCH_POS_WEIGHT = 4;  // of either with pos_weight
constexpr uint32_t BCE_SCRATCH_FUSED_HALF = 4;  // of loss and gradient in one of half types

// Layouts of an operand: the input's shape; any that broadcasts; one value for every row of the input, where
// a row is the innermost extent, of whole UB blocks and at most BCE_MAX_ROW elements.
constexpr uint32_t BCE_WHOLE = 0;
constexpr uint32_t BCE_BROADCAST = 1;
constexpr uint32_t BCE_ROWS = 2;
constexpr uint32_t BCE_MAX_ROW = 255 * 8;  // a repeat stride is at most 255 blocks

// How an operand of any shape that broadcasts to the input is found from a flat index into the input.
// Adjacent dimensions of the same kind are merged and leading broadcast dimensions dropped, so an operand of
// the input's own shape has one dimension, and a scalar one of extent 1 and stride 0.
struct BceOperand {
    uint64_t period;                // elements of the input after which the operand repeats
    uint64_t extent[BCE_MAX_DIMS];  // outermost first; their product is the period
    uint64_t stride[BCE_MAX_DIMS];  // in elements of the compact operand; 0 where it broadcasts
    uint32_t rank;                  // 0: the operand is absent
    uint32_t layout;                // BCE_WHOLE, BCE_BROADCAST or BCE_ROWS
    uint64_t resident;              // not 0: it stays in UB, repeated to this many elements, whole UB blocks
};

// Of the operators that compute a loss, reduced or not.
struct BceLossTilingData {
    uint64_t elements;
    uint32_t tileLength;  // elements of one tile, a multiple of BCE_TILE_UNIT
    uint32_t bypassL2;    // whether the inputs would only push one another out of the L2 cache
    float divisor;        // of the sum: 1, or the number of elements for the mean
    uint32_t scratchTiles;
    BceOperand weight;
    BceOperand posWeight;  // always absent for the loss on probabilities
};

// Of the operators that compute a gradient of it.
struct BceGradientTilingData {
    uint64_t elements;
    uint32_t tileLength;
    uint32_t bypassL2;
    float divisor;
    uint32_t scratchTiles;
    BceOperand gradOutput;
    BceOperand weight;
    BceOperand posWeight;
};

// Of the operator that scales a gradient in place.
struct BceScaleTilingData {
    uint64_t elements;
    uint32_t tileLength;
    uint32_t reserved;
};

// Tiling keys. A reduction ends with SyncAll and so needs a kernel type of its own.
#define BCE_TILING_KEY_ELEMENTWISE 1
#define BCE_TILING_KEY_REDUCE 2
