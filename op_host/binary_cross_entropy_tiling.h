// SPDX-License-Identifier: Apache-2.0
// What the tilings of the binary cross-entropy operators share: how an operand broadcasts, how large a tile
// may be, how many cores are worth starting.
#pragma once

#include <cstdint>
#include <vector>

#include "../op_kernel/binary_cross_entropy_tiling_data.h"
#include "exe_graph/runtime/tiling_context.h"

namespace optiling {

// Fills `operand` for one of shape `shape` (null: absent) under an input of shape `input`.
// Fails if the shape does not broadcast to the input's or has more than BCE_MAX_DIMS dimensions.
ge::graphStatus MakeOperand(const gert::StorageShape* shape, const gert::Shape& input, BceOperand& operand);

// Bytes of UB that a kernel spends on each element of a tile: mirrors TileReader, TileWriter and Scratch.
uint64_t ReaderBytes(ge::DataType dtype, const BceOperand& operand);
uint64_t WriterBytes(ge::DataType dtype);
uint64_t ScratchBytes();

// The largest tile, in elements, for which fixedBytes + length * bytesPerElement fits the core's UB, rounded
// down so that it holds whole periods of the operands that are small enough.
ge::graphStatus TileLength(gert::TilingContext* context, uint64_t fixedBytes, uint64_t bytesPerElement,
                           const std::vector<const BceOperand*>& operands, uint32_t& length);

// Starts one core for every chunk until there are no more cores: a chunk of float32 is 32 KB, above which
// copies run at full bandwidth.
ge::graphStatus SetBlocks(gert::TilingContext* context, uint64_t elements);

}  // namespace optiling
