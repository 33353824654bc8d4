// SPDX-License-Identifier: Apache-2.0
#include "binary_cross_entropy_tiling.h"

#include <algorithm>
#include <numeric>

#include "tiling/platform/platform_ascendc.h"

namespace optiling {
namespace {

// CANN keeps the last 256 bytes of UB for itself and 8 KB below them for high-level calls.
constexpr uint64_t RESERVED_UB = 8 * 1024 + 256;
constexpr uint64_t REPEAT = 64;     // floats that one repeat of a vector instruction takes
constexpr uint64_t BLOCK_UNIT = 8;  // floats in a 32-byte block: tiles start at multiples of it

uint64_t SizeOf(ge::DataType dtype)
{
    return dtype == ge::DT_FLOAT ? sizeof(float) : sizeof(uint16_t);
}

}  // namespace

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

ge::graphStatus SetBlocks(gert::TilingContext* context, uint64_t elements)
{
    const uint64_t cores = platform_ascendc::PlatformAscendC(context->GetPlatformInfo()).GetCoreNumAiv();
    const uint64_t chunks = std::max<uint64_t>((elements + BCE_CHUNK - 1) / BCE_CHUNK, 1);
    if (cores == 0) {
        return ge::GRAPH_FAILED;
    }
    return context->SetBlockDim(static_cast<uint32_t>(std::min(cores, chunks)));
}

}  // namespace optiling
