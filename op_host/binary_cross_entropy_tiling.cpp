// SPDX-License-Identifier: Apache-2.0
#include "binary_cross_entropy_tiling.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "../op_kernel/binary_cross_entropy_tiling_data.h"
#include "tiling/platform/platform_ascendc.h"

namespace optiling {
namespace {

// CANN keeps the last 256 bytes of UB for itself and 8 KB below them for high-level calls.
constexpr uint64_t RESERVED_UB = 8 * 1024 + 256;
constexpr uint64_t UB_BLOCK = 8;  // floats in a 32-byte block: tiles start at multiples of it
// The shortest tile that leaves a whole unit when scratch tiles are halved.
constexpr uint64_t LEAST_TILE = 3 * BCE_TILE_UNIT;
// An operand that broadcasts stays in UB if it takes no more than this part.
constexpr uint64_t RESIDENT_PART = 8;
// One more core delays a launch by 0.28 us, in which a core gets through this much: 8 KB of half types, 14 of
// float32.
constexpr double BYTES_PER_CORE_START = 8 * 1024;

// UB that a reduction takes besides tiles: the sums that wait, a batch of chunk sums, and the one result.
constexpr uint64_t REDUCTION_BYTES = (BCE_PARTIAL_SUMS + BCE_SUMS_PER_WRITE) * sizeof(float) + 4 * 32;

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
    std::reverse_copy(extent.begin(), extent.end(), operand.extent);
    std::reverse_copy(stride.begin(), stride.end(), operand.stride);
    const bool rows = operand.rank == 2 && operand.stride[0] == 1 && operand.stride[1] == 0 &&
                      operand.extent[1] % UB_BLOCK == 0 && operand.extent[1] <= BCE_MAX_ROW;
    const bool whole = period == inner && operand.rank == 1 && operand.stride[0] == 1;
    operand.layout = whole ? BCE_WHOLE : rows ? BCE_ROWS : BCE_BROADCAST;
    return ge::GRAPH_SUCCESS;
}

// An operand of the input's own shape.
BceOperand WholeOperand(uint64_t elements)
{
    BceOperand operand{};
    operand.period = elements;
    operand.rank = 1;
    return operand;
}

uint64_t SizeOf(ge::DataType dtype)
{
    return dtype == ge::DT_FLOAT ? sizeof(float) : sizeof(uint16_t);
}

uint64_t BuffersOf(ge::DataType dtype)
{
    return dtype == ge::DT_FLOAT ? BCE_BUFFERS : BCE_BUFFERS_HALF;
}

uint64_t UnifiedBuffer(const gert::TilingContext* context)
{
    uint64_t bytes = 0;
    platform_ascendc::PlatformAscendC(context->GetPlatformInfo())
        .GetCoreMemSize(platform_ascendc::CoreMemType::UB, bytes);
    return bytes > RESERVED_UB ? bytes - RESERVED_UB : 0;
}

// What the buffers of a kernel take of UB, as bytes and as bytes for each element of a tile.
class Buffers {
public:
    void AddFixed(uint64_t bytes) { fixed_ += bytes; }
    void AddTiles(uint64_t bytesPerElement) { perElement_ += bytesPerElement; }

    void AddScratch(uint32_t tiles)
    {
        perElement_ += tiles * sizeof(float);
        fixed_ += tiles * BCE_BANK_SLACK * sizeof(float);
    }

    void AddReader(ge::DataType dtype, const BceOperand& operand)
    {
        if (operand.rank == 0) {
            return;
        }
        const bool expands = dtype != ge::DT_FLOAT || operand.layout != BCE_WHOLE;
        perElement_ +=
            (operand.resident != 0 ? 1 : BuffersOf(dtype)) * SizeOf(dtype) + (expands ? sizeof(float) : 0);
        fixed_ += operand.resident * sizeof(float);
        if (operand.layout == BCE_ROWS) {
            perElement_ += sizeof(float) / 2;
            fixed_ += 2 * (operand.extent[1] + BCE_ROWS_SLACK) * sizeof(float);
        }
    }

    void AddWriter(ge::DataType dtype)
    {
        perElement_ += BuffersOf(dtype) * SizeOf(dtype) + (dtype != ge::DT_FLOAT ? sizeof(float) : 0);
    }

    // The longest tile, in elements, for which everything fits; 0 if none does.
    uint64_t LongestTile(uint64_t bytes) const
    {
        const uint64_t tile =
            bytes > fixed_ ? (bytes - fixed_) / perElement_ / BCE_TILE_UNIT * BCE_TILE_UNIT : 0;
        return tile < LEAST_TILE ? 0 : std::min(tile, uint64_t{BCE_MAX_TILE});
    }

private:
    uint64_t fixed_ = 0;
    uint64_t perElement_ = 0;
};

// Completes the layout of UB, `buffers`, with the operands that may broadcast, whose dtype is that beside
// them: those that are small enough become resident.
struct BroadcastOperand {
    BceOperand* operand;
    ge::DataType dtype;
    bool scales;  // one value for all elements is a factor, which takes no UB
};

ge::graphStatus LayOut(const gert::TilingContext* context, const Buffers& buffers,
                       const std::vector<BroadcastOperand>& operands, uint32_t& tileLength)
{
    const uint64_t ub = UnifiedBuffer(context);
    for (uint64_t most = ub / RESIDENT_PART / sizeof(float);; most = tileLength) {
        Buffers all = buffers;
        uint64_t longest = 0;
        for (const BroadcastOperand& each : operands) {
            BceOperand& operand = *each.operand;
            if (each.scales && operand.period == 1) {
                continue;
            }
            const uint64_t repeated = operand.layout != BCE_WHOLE ? std::lcm(operand.period, UB_BLOCK) : 0;
            operand.resident = repeated <= most ? repeated : 0;
            if (operand.layout == BCE_ROWS && (operand.resident != 0 || each.dtype != ge::DT_FLOAT)) {
                operand.layout = BCE_BROADCAST;
            }
            longest = std::max(longest, operand.resident);
            all.AddReader(each.dtype, operand);
        }
        tileLength = static_cast<uint32_t>(all.LongestTile(ub));
        if (tileLength == 0) {
            return ge::GRAPH_FAILED;
        }
        if (longest <= tileLength) {  // it is copied through a buffer of a tile
            return ge::GRAPH_SUCCESS;
        }
    }
}

// As many cores as pay: each has a whole chunk at least, and takes more bytes off the others than could have
// been copied while it started.
ge::graphStatus SetBlocks(gert::TilingContext* context, uint64_t elements, uint64_t bytesPerElement)
{
    const uint64_t cores = platform_ascendc::PlatformAscendC(context->GetPlatformInfo()).GetCoreNumAiv();
    if (cores == 0) {
        return ge::GRAPH_FAILED;
    }
    const uint64_t chunks = (elements + BCE_CHUNK - 1) / BCE_CHUNK;
    const auto paying = static_cast<uint64_t>(std::sqrt(
        static_cast<double>(elements) * static_cast<double>(bytesPerElement) / BYTES_PER_CORE_START));
    return context->SetBlockDim(
        static_cast<uint32_t>(std::max<uint64_t>(std::min({cores, chunks, paying}), 1)));
}

// Whether so many bytes exceed the L2 cache.
uint32_t ExceedsL2(const gert::TilingContext* context, uint64_t bytes)
{
    uint64_t l2 = 0;
    platform_ascendc::PlatformAscendC(context->GetPlatformInfo())
        .GetCoreMemSize(platform_ascendc::CoreMemType::L2, l2);
    return bytes > l2 ? 1 : 0;
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

ge::graphStatus TilingOfLoss(gert::TilingContext* context, bool hasPosWeight, bool withGradient)
{
    enum : size_t { SELF, TARGET, WEIGHT, POS_WEIGHT };
    const gert::Shape& shape = context->GetInputShape(SELF)->GetStorageShape();
    const ge::DataType self = context->GetInputDesc(SELF)->GetDataType();
    const ge::DataType target = context->GetInputDesc(TARGET)->GetDataType();
    const int64_t reduction = *context->GetAttrs()->GetInt(0);
    auto* tiling = context->GetTilingData<BceLossTilingData>();
    size_t* workspace = context->GetWorkspaceSizes(1);
    if (tiling == nullptr || workspace == nullptr || (withGradient && reduction == REDUCTION_NONE)) {
        return ge::GRAPH_FAILED;
    }

    tiling->elements = static_cast<uint64_t>(shape.GetShapeSize());
    tiling->divisor = Divisor(reduction, tiling->elements);
    const auto* posWeight = hasPosWeight ? context->GetOptionalInputShape(POS_WEIGHT) : nullptr;
    if (MakeOperand(context->GetOptionalInputShape(WEIGHT), shape, tiling->weight) != ge::GRAPH_SUCCESS ||
        MakeOperand(posWeight, shape, tiling->posWeight) != ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }

    const bool half = SizeOf(self) == 2 && SizeOf(target) == 2;
    tiling->scratchTiles = tiling->posWeight.rank != 0 ? BCE_SCRATCH_POS_WEIGHT
                           : withGradient && half      ? BCE_SCRATCH_FUSED_HALF
                           : withGradient              ? BCE_SCRATCH_GRADIENT
                                                       : BCE_SCRATCH_LOSS;
    const BceOperand whole = WholeOperand(tiling->elements);
    Buffers buffers;
    buffers.AddReader(self, whole);
    buffers.AddReader(target, whole);
    buffers.AddScratch(tiling->scratchTiles);
    workspace[0] = LibraryWorkspace(context);
    if (reduction == REDUCTION_NONE) {
        buffers.AddWriter(target);
        buffers.AddTiles(sizeof(float));  // the tile that watches for NaN
        context->SetTilingKey(BCE_TILING_KEY_ELEMENTWISE);
    } else {
        buffers.AddFixed(REDUCTION_BYTES);
        workspace[0] += ChunkSums(tiling->elements) * sizeof(float);
        context->SetTilingKey(BCE_TILING_KEY_REDUCE);
        context->SetScheduleMode(1);  // all blocks start together, or SyncAll waits for ever
    }
    if (withGradient) {
        buffers.AddWriter(self);
    }
    if (LayOut(context, buffers,
               {{&tiling->weight, ge::DT_FLOAT, true}, {&tiling->posWeight, ge::DT_FLOAT, false}},
               tiling->tileLength) != ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }
    const uint64_t bytesPerElement = SizeOf(self) + SizeOf(target);
    tiling->bypassL2 = ExceedsL2(context, tiling->elements * bytesPerElement);
    return SetBlocks(context, tiling->elements, bytesPerElement);
}

ge::graphStatus TilingOfGradient(gert::TilingContext* context, bool hasPosWeight)
{
    enum : size_t { GRAD_OUTPUT, SELF, TARGET, WEIGHT, POS_WEIGHT };
    const gert::Shape& shape = context->GetInputShape(SELF)->GetStorageShape();
    const ge::DataType self = context->GetInputDesc(SELF)->GetDataType();
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

    tiling->scratchTiles = tiling->posWeight.rank != 0 ? BCE_SCRATCH_POS_WEIGHT : BCE_SCRATCH_GRADIENT;
    const BceOperand whole = WholeOperand(tiling->elements);
    Buffers buffers;
    buffers.AddReader(self, whole);
    buffers.AddReader(target, whole);
    buffers.AddScratch(tiling->scratchTiles);
    buffers.AddWriter(context->GetOutputDesc(0)->GetDataType());
    if (LayOut(context, buffers,
               {{&tiling->gradOutput, target, true},
                {&tiling->weight, ge::DT_FLOAT, true},
                {&tiling->posWeight, ge::DT_FLOAT, false}},
               tiling->tileLength) != ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }
    context->SetTilingKey(BCE_TILING_KEY_ELEMENTWISE);
    const uint64_t bytesPerElement = SizeOf(self) + SizeOf(target);
    tiling->bypassL2 = ExceedsL2(context, tiling->elements * bytesPerElement);
    return SetBlocks(context, tiling->elements, bytesPerElement);
}

}  // namespace

ge::graphStatus TilingLoss(gert::TilingContext* context)
{
    return TilingOfLoss(context, false, false);
}

ge::graphStatus TilingLossWithLogits(gert::TilingContext* context)
{
    return TilingOfLoss(context, true, false);
}

ge::graphStatus TilingLossAndGradientWithLogits(gert::TilingContext* context)
{
    return TilingOfLoss(context, true, true);
}

ge::graphStatus TilingGradient(gert::TilingContext* context)
{
    return TilingOfGradient(context, false);
}

ge::graphStatus TilingGradientWithLogits(gert::TilingContext* context)
{
    return TilingOfGradient(context, true);
}

ge::graphStatus TilingScale(gert::TilingContext* context)
{
    const ge::DataType gradient = context->GetInputDesc(0)->GetDataType();
    auto* tiling = context->GetTilingData<BceScaleTilingData>();
    size_t* workspace = context->GetWorkspaceSizes(1);
    if (tiling == nullptr || workspace == nullptr) {
        return ge::GRAPH_FAILED;
    }
    workspace[0] = LibraryWorkspace(context);
    tiling->elements = static_cast<uint64_t>(context->GetInputShape(0)->GetStorageShape().GetShapeSize());
    Buffers buffers;
    buffers.AddReader(gradient, WholeOperand(tiling->elements));
    buffers.AddWriter(gradient);
    if (LayOut(context, buffers, {}, tiling->tileLength) != ge::GRAPH_SUCCESS) {
        return ge::GRAPH_FAILED;
    }
    context->SetTilingKey(BCE_TILING_KEY_ELEMENTWISE);
    return SetBlocks(context, tiling->elements, 2 * SizeOf(gradient));
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

ge::graphStatus InferLossAndGradientShape(gert::InferShapeContext* context)
{
    const gert::Shape* self = context->GetInputShape(0);
    gert::Shape* out = context->GetOutputShape(0);
    gert::Shape* gradient = context->GetOutputShape(1);
    if (self == nullptr || out == nullptr || gradient == nullptr) {
        return ge::GRAPH_FAILED;
    }
    out->SetDimNum(0);
    *gradient = *self;
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

ge::graphStatus InferScaledShape(gert::InferShapeContext* context)
{
    const gert::Shape* gradient = context->GetInputShape(0);
    gert::Shape* out = context->GetOutputShape(0);
    if (gradient == nullptr || out == nullptr) {
        return ge::GRAPH_FAILED;
    }
    *out = *gradient;
    return ge::GRAPH_SUCCESS;
}

}  // namespace optiling
