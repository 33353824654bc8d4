// SPDX-License-Identifier: Apache-2.0
// The last reduction alone, of sums of chunks that are given: as many as hundreds of millions of elements
// have.
#include "kernel_operator.h"
#include "tree_reduction.h"

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
