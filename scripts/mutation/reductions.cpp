// SPDX-License-Identifier: Apache-2.0
// Parts of a reduction alone, on as many values as take them hundreds of millions of elements.
#include "kernel_operator.h"
#include "tree_reduction.h"

// Sums the first `count` of `sums`, behind which there is room for what their sums take.
extern "C" __global__ __aicore__ void total(GM_ADDR sums, GM_ADDR out, uint64_t count, uint32_t tileLength)
{
    AscendC::TPipe pipe;
    bce::TreeReduction reduction;
    bce::ChunkSums chunkSums;
    bce::TileWriter<float> writer;
    AscendC::TBuf<AscendC::TPosition::VECCALC> memory;
    reduction.Init(pipe);
    chunkSums.Init(pipe, sums);
    writer.Init(pipe, out, bce::FLOATS_PER_BLOCK);
    pipe.InitBuffer(memory, bce::Scratch::Bytes(2, tileLength));
    const bce::Scratch scratch(memory.Get<float>(), 2, tileLength);
    const bce::Tile result = writer.Reserve();
    chunkSums.Total(reduction, count, result, scratch[0], scratch[1], scratch.TileLength());
    writer.CopyOut(0, 1);
}

// Whether there is a NaN in each of `rows` rows of `count` values: 1 or 0.
extern "C" __global__ __aicore__ void have_nan(GM_ADDR values, GM_ADDR out, uint32_t rows, uint32_t count)
{
    AscendC::TPipe pipe;
    bce::TileReader<float> reader;
    bce::TileWriter<float> writer;
    reader.Init(pipe, values, bce::WholeOperand(uint64_t(rows) * count), count);
    writer.Init(pipe, out, bce::FLOATS_PER_BLOCK);
    for (uint32_t row = 0; row < rows; ++row) {
        reader.CopyIn(uint64_t(row) * count, count);
        const bool found = bce::HaveNan(reader.Take(uint64_t(row) * count, count), count);
        reader.Release();
        AscendC::Duplicate(writer.Reserve(), found ? 1.0f : 0.0f, 1);
        writer.CopyOut(row, 1);
    }
}
