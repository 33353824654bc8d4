// SPDX-License-Identifier: Apache-2.0
#include "binary_cross_entropy_tiling.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "../op_kernel/binary_cross_entropy_tiling_data.h"
#include "tiling/platform/platform_ascendc.h"

namespace optiling {
namespace {

// CANN keeps the last 256 bytes of UB for itself and 8 KB below them for high-level calls.
constexpr uint64_t RESERVED_UB = 8 * 1024 + 256;
constexpr uint64_t REPEAT = 64;     // floats that one repeat of a vector instruction takes
constexpr uint64_t BLOCK_UNIT = 8;  // floats in a 32-byte block: tiles start at multiples of it

// UB that a reduction takes besides tiles: the waiting rows, a row and a batch of chunk sums, and the one
// result.
constexpr uint64_t REDUCTION_BYTES =
    (BCE_REDUCTION_LEVELS * BCE_LANES + BCE_LANES + BCE_SUMS_PER_WRITE) * sizeof(float) + 4 * 32;

// Fills `operand` for one of shape `shape` (null: absent) under an input of shape `input`. Fails if the shape
// does not broadcast to the input's, or has more than BCE_MAX_DIMS dimensions.
ge::graphStatus MakeOperand(const gert::StorageShape* shape, const gert::Shape& input, BceOperand& operand)
{
    operand = BceOperand{};
    if (shape == nullptr) {
        return ge::GRAPH_SUCCESS;
    }
    const gert::Shape& own = shape->GetStorageShape();
    const size_t rank = input.GetDimNum();
    if (rank > BCE_MAX_DIMS || own.GetDimNum() > rank) {
        return ge::GRAPH_FAILED;
    }

    // From the innermost dimension outwards, merging neighbours of the same kind.
    std::vector<uint64_t> extent;
    std::vector<uint64_t> stride;
    uint64_t elements = 1;  // of the compact operand so far
    uint64_t period =
        1;  // of the operand: elements of the input up to its outermost dimension that is not broadcast
    uint64_t inner = 1;  // elements of the input so far
    for (size_t d = 0; d < rank; ++d) {
        const uint64_t size = input.GetDim(rank - 1 - d);
        const uint64_t ownSize = d < own.GetDimNum() ? own.GetDim(own.GetDimNum() - 1 - d) : 1;
        if (ownSize != size && ownSize != 1) {
            return ge::GRAPH_FAILED;
        }
        if (size == 1) {
            continue;
        }
        const bool broadcast = ownSize == 1;
        if (!extent.empty() && (stride.back() == 0) == broadcast) {
            extent.back() *= size;
        } else {
            extent.push_back(size);
            stride.push_back(broadcast ? 0 : elements);
        }
        inner *= size;
        if (!broadcast) {
            elements *= size;
            period = inner;
        }
    }
    if (inner == 0) {  // nothing will be read, so it counts as absent
        return ge::GRAPH_SUCCESS;
    }
    if (!extent.empty() && stride.back() == 0) {
        extent.pop_back();
        stride.pop_back();
    }
    if (extent.empty()) {
        extent.push_back(1);
        stride.push_back(0);
    }

    operand.period = period;
    operand.rank = static_cast<uint32_t>(extent.size());
    operand.broadcasts = period == inner && extent.size() == 1 && stride[0] == 1 ? 0 : 1;
    std::reverse_copy(extent.begin(), extent.end(), operand.extent);
    std::reverse_copy(stride.begin(), stride.end(), operand.stride);
    return ge::GRAPH_SUCCESS;
}

uint64_t SizeOf(ge::DataType dtype)
{
    return dtype == ge::DT_FLOAT ? sizeof(float) : sizeof(uint16_t);
}

// Bytes of UB for each element of a tile: of a TileReader, of a TileWriter, and of the scratch tiles.
uint64_t ReaderBytes(ge::DataType dtype, const BceOperand& operand)
{
    if (operand.rank == 0) {
        return 0;
    }
    const uint64_t expanded = dtype != ge::DT_FLOAT || operand.broadcasts != 0 ? sizeof(float) : 0;
    return BCE_BUFFERS * SizeOf(dtype) + expanded;
}

uint64_t WriterBytes(ge::DataType dtype)
{
    return BCE_BUFFERS * SizeOf(dtype) + (dtype != ge::DT_FLOAT ? sizeof(float) : 0);
}

uint64_t ScratchBytes()
{
    return BCE_SCRATCH_TILES * sizeof(float);
}

// The largest tile, in elements, for which fixedBytes + length * bytesPerElement fits the core's UB, rounded
// down so that it holds whole periods of the operands that are small enough.
ge::graphStatus TileLength(gert::TilingContext* context, uint64_t fixedBytes, uint64_t bytesPerElement,
                           const std::vector<const BceOperand*>& operands, uint32_t& length)
{
    uint64_t ub = 0;
    platform_ascendc::PlatformAscendC(context->GetPlatformInfo())
        .GetCoreMemSize(platform_ascendc::CoreMemType::UB, ub);
    if (ub < RESERVED_UB + fixedBytes + REPEAT * bytesPerElement) {
        return ge::GRAPH_FAILED;
    }
    const uint64_t largest = (ub - RESERVED_UB - fixedBytes) / bytesPerElement / REPEAT * REPEAT;
    uint64_t unit = BLOCK_UNIT;
    for (const BceOperand* operand : operands) {
        if (operand->rank != 0 && operand->broadcasts != 0 && operand->period <= largest &&
            std::lcm(unit, operand->period) <= largest) {
            unit = std::lcm(unit, operand->period);
        }
    }
    length = static_cast<uint32_t>(largest / unit * unit);
    return ge::GRAPH_SUCCESS;
}

// Starts one core for every chunk until there are no more cores: a chunk of float32 is 32 KB, above which
// copies run at full bandwidth.
ge::graphStatus SetBlocks(gert::TilingContext* context, uint64_t elements)
{
    const uint64_t cores = platform_ascendc::PlatformAscendC(context->GetPlatformInfo()).GetCoreNumAiv();
    const uint64_t chunks = std::max<uint64_t>((elements + BCE_CHUNK - 1) / BCE_CHUNK, 1);
    if (cores == 0) {
        return ge::GRAPH_FAILED;
    }
    return context->SetBlockDim(static_cast<uint32_t>(std::min(cores, chunks)));
}

size_t LibraryWorkspace(const gert::TilingContext* context)
{
    return platform_ascendc::PlatformAscendC(context->GetPlatformInfo()).GetLibApiWorkSpaceSize();
}

float Divisor(int64_t reduction, uint64_t elements)
{
    return reduction == REDUCTION_MEAN ? static_cast<float>(elements) : 1.0f;
}

// Floats in the workspace: the sum of every chunk, of every chunk of these, and so on to the last one.
uint64_t ChunkSums(uint64_t elements)
{
    uint64_t sums = 0;
    uint64_t level = elements;
    do {
        level = (level + BCE_CHUNK - 1) / BCE_CHUNK;
        sums += level;
    } while (level > 1);
    return sums;
}

ge::graphStatus TilingOfLoss(gert::TilingContext* context, bool hasPosWeight)
{
    enum : size_t { SELF, TARGET, WEIGHT, POS_WEIGHT };
    const gert::Shape& shape = context->GetInputShape(SELF)->GetStorageShape();
    const ge::DataType target = context->GetInputDesc(TARGET)->GetDataType();
    const int64_t reduction = *context->GetAttrs()->GetInt(0);
    auto* tiling = context->GetTilingData<BceLossTilingData>();
    size_t* workspace = context->GetWorkspaceSizes(1);
    if (tiling == nullptr || workspace == nullptr) {
        return ge::GRAPH_FAILED;
    }

    tiling->elements = static_cast<uint64_t>(shape.GetShapeSize());
    tiling->divisor = Divisor(reduction, tiling->elements);
    const auto* posWeight = hasPosWeight ? context->GetOptionalInputShape(POS_WEIGHT) : nullptr;
    if (MakeOperand(context->GetOptionalInputShape(WEIGHT), shape, tiling->weight) != ge::GRAPH_SUCCESS ||
        MakeOperand(posWeight, shape, tiling->posWeight) != ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }

    const BceOperand whole{tiling->elements, {}, {}, 1, 0};
    uint64_t bytes = ReaderBytes(context->GetInputDesc(SELF)->GetDataType(), whole) +
                     ReaderBytes(target, whole) + ReaderBytes(ge::DT_FLOAT, tiling->weight) +
                     ReaderBytes(ge::DT_FLOAT, tiling->posWeight) + ScratchBytes();
    uint64_t fixedBytes = 0;
    workspace[0] = LibraryWorkspace(context);
    if (reduction == REDUCTION_NONE) {
        bytes += WriterBytes(target) + sizeof(float);  // and the tile that watches for NaN
        context->SetTilingKey(BCE_TILING_KEY_ELEMENTWISE);
    } else {
        fixedBytes = REDUCTION_BYTES;
        workspace[0] += ChunkSums(tiling->elements) * sizeof(float);
        context->SetTilingKey(BCE_TILING_KEY_REDUCE);
        context->SetScheduleMode(1);  // all blocks start together, or SyncAll waits for ever
    }
    if (TileLength(context, fixedBytes, bytes, {&tiling->weight, &tiling->posWeight}, tiling->tileLength) !=
        ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }
    return SetBlocks(context, tiling->elements);
}

ge::graphStatus TilingOfGradient(gert::TilingContext* context, bool hasPosWeight)
{
    enum : size_t { GRAD_OUTPUT, SELF, TARGET, WEIGHT, POS_WEIGHT };
    const gert::Shape& shape = context->GetInputShape(SELF)->GetStorageShape();
    const ge::DataType input = context->GetInputDesc(SELF)->GetDataType();
    const ge::DataType target = context->GetInputDesc(TARGET)->GetDataType();
    auto* tiling = context->GetTilingData<BceGradientTilingData>();
    size_t* workspace = context->GetWorkspaceSizes(1);
    if (tiling == nullptr || workspace == nullptr) {
        return ge::GRAPH_FAILED;
    }
    workspace[0] = LibraryWorkspace(context);

    tiling->elements = static_cast<uint64_t>(shape.GetShapeSize());
    tiling->divisor = Divisor(*context->GetAttrs()->GetInt(0), tiling->elements);
    const auto* posWeight = hasPosWeight ? context->GetOptionalInputShape(POS_WEIGHT) : nullptr;
    if (MakeOperand(context->GetInputShape(GRAD_OUTPUT), shape, tiling->gradOutput) != ge::GRAPH_SUCCESS ||
        MakeOperand(context->GetOptionalInputShape(WEIGHT), shape, tiling->weight) != ge::GRAPH_SUCCESS ||
        MakeOperand(posWeight, shape, tiling->posWeight) != ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }

    const BceOperand whole{tiling->elements, {}, {}, 1, 0};
    const ge::DataType gradient = context->GetOutputDesc(0)->GetDataType();
    const uint64_t bytes = ReaderBytes(target, tiling->gradOutput) + ReaderBytes(input, whole) +
                           ReaderBytes(target, whole) + ReaderBytes(ge::DT_FLOAT, tiling->weight) +
                           ReaderBytes(ge::DT_FLOAT, tiling->posWeight) + WriterBytes(gradient) +
                           ScratchBytes();
    if (TileLength(context, 0, bytes, {&tiling->gradOutput, &tiling->weight, &tiling->posWeight},
                   tiling->tileLength) != ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }
    context->SetTilingKey(BCE_TILING_KEY_ELEMENTWISE);
    return SetBlocks(context, tiling->elements);
}

}  // namespace

ge::graphStatus TilingLoss(gert::TilingContext* context)
{
    return TilingOfLoss(context, false);
}

ge::graphStatus TilingLossWithLogits(gert::TilingContext* context)
{
    return TilingOfLoss(context, true);
}

ge::graphStatus TilingGradient(gert::TilingContext* context)
{
    return TilingOfGradient(context, false);
}

ge::graphStatus TilingGradientWithLogits(gert::TilingContext* context)
{
    return TilingOfGradient(context, true);
}

ge::graphStatus InferLossShape(gert::InferShapeContext* context)
{
    const gert::Shape* self = context->GetInputShape(0);
    gert::Shape* out = context->GetOutputShape(0);
    if (self == nullptr || out == nullptr || context->GetAttrs() == nullptr) {
        return ge::GRAPH_FAILED;
    }
    if (*context->GetAttrs()->GetInt(0) == REDUCTION_NONE) {
        *out = *self;
    } else {
        out->SetDimNum(0);
    }
    return ge::GRAPH_SUCCESS;
}

ge::graphStatus InferGradientShape(gert::InferShapeContext* context)
{
    const gert::Shape* self = context->GetInputShape(1);
    gert::Shape* out = context->GetOutputShape(0);
    if (self == nullptr || out == nullptr) {
        return ge::GRAPH_FAILED;
    }
    *out = *self;
    return ge::GRAPH_SUCCESS;
}

}  // namespace optiling
