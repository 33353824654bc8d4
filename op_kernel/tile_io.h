// SPDX-License-Identifier: Apache-2.0
// Tiles between GM and UB: operands of any dtype and any shape that broadcasts come in as float32, results go
// out in their own dtype. Copies are exact to the byte.
#pragma once

#include "binary_cross_entropy_tiling_data.h"
#include "kernel_operator.h"

namespace bce {

using Tile = AscendC::LocalTensor<float>;

constexpr uint32_t FLOATS_PER_BLOCK = 32 / sizeof(float);  // UB addresses are multiples of 32 bytes
constexpr uint32_t MAX_REPEATS = 255;                      // of one vector instruction

__aicore__ inline float ToFloat32(float value)
{
    return value;
}
__aicore__ inline float ToFloat32(half value)
{
    return static_cast<float>(value);
}
__aicore__ inline float ToFloat32(bfloat16_t value)
{
    return AscendC::ToFloat(value);
}

// The elements [begin, end) of which this block computes its part: whole chunks, which start 512-byte-aligned
// in every dtype.
struct Share {
    uint64_t begin;
    uint64_t end;
};

__aicore__ inline Share ShareOfBlock(uint64_t elements)
{
    const uint64_t chunks = (elements + BCE_CHUNK - 1) / BCE_CHUNK;
    const uint64_t begin = chunks * AscendC::GetBlockIdx() / AscendC::GetBlockNum() * BCE_CHUNK;
    const uint64_t end = chunks * (AscendC::GetBlockIdx() + 1) / AscendC::GetBlockNum() * BCE_CHUNK;
    return {begin, end < elements ? end : elements};
}

// The length of the tile that starts at `start`.
__aicore__ inline uint32_t LengthOfTile(uint64_t start, uint64_t end, uint32_t tileLength)
{
    return end - start < tileLength ? static_cast<uint32_t>(end - start) : tileLength;
}

// An operand of the input's own shape.
__aicore__ inline BceOperand WholeOperand(uint64_t elements)
{
    BceOperand operand{};
    operand.period = elements;
    operand.extent[0] = elements;
    operand.stride[0] = 1;
    operand.rank = 1;
    return operand;
}

// The value of an operand that has one for all elements, which is then no longer present; 1 for any other.
template <typename T>
__aicore__ inline float TakeScalar(GM_ADDR address, BceOperand& operand)
{
    if (operand.rank == 0 || operand.period != 1) {
        return 1.0f;
    }
    operand.rank = 0;
    AscendC::GlobalTensor<T> value;
    value.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(address), 1);
    return ToFloat32(value.GetValue(0));
}

// Reads one operand tile by tile: CopyIn starts the copy, Take gives the tile as float32, Release gives it
// back.
//
// A small operand that broadcasts is resident: it is expanded once, to one tile more than its period, and
// every tile is a part of that. One with a value for every row is read as it is; Brcb makes a block of every
// value, and the blocks of a column of rows are copied at once. Of any other, a tile whose flat index runs
// through several rows is put together row by row from the back to the front: each row is written from the
// 32-byte boundary at or before its first element, and the elements of the row before it that this spoils are
// written next.
template <typename T>
class TileReader {
public:
    // The readers of a kernel may have 8 buffers together: that is how many events there are to free them
    // with.
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR address, const BceOperand& operand,
                                uint32_t tileLength, uint32_t buffers = BCE_BUFFERS)
    {
        operand_ = operand;
        tileLength_ = tileLength;
        if (!Present()) {
            return;
        }
        global_.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(address));
        const uint32_t most = sizeof(T) == sizeof(float) ? buffers : BCE_BUFFERS_HALF;
        pipe.InitBuffer(queue_, IsResident() ? 1 : most, tileLength * sizeof(T));
        if (sizeof(T) != sizeof(float) || operand_.layout != BCE_WHOLE) {
            const uint64_t more =
                operand_.layout == BCE_ROWS ? 2 * RowLength() + BCE_ROWS_SLACK : operand_.resident;
            pipe.InitBuffer(expanded_, static_cast<uint32_t>((tileLength + more) * sizeof(float)));
        }
        if (operand_.layout == BCE_ROWS) {
            pipe.InitBuffer(blocks_, (tileLength / 2 + BCE_ROWS_SLACK) * sizeof(float));
        }
    }

    // Inputs that are read once, and are larger than the L2 cache, only push other data out of it.
    __aicore__ inline void BypassL2()
    {
        if (Present()) {
            global_.SetL2CacheHint(AscendC::CacheMode::CACHE_MODE_DISABLE);
        }
    }

    __aicore__ inline bool Present() const { return operand_.rank != 0; }

    __aicore__ inline void CopyIn(uint64_t start, uint32_t length)
    {
        if (!Present() || IsResident()) {
            return;
        }
        const uint64_t phase = start % operand_.period;
        inOneRow_ = operand_.stride[Innermost()] != 0 && phase % RowLength() + length <= RowLength();
        byRows_ = operand_.layout == BCE_ROWS && phase + length <= operand_.period;
        if (byRows_) {
            CopyRow(phase / RowLength(), RowsOf(phase, length), 0);
        } else if (inOneRow_) {
            CopyRow(Locate(phase / RowLength()) + phase % RowLength(), length, 0);
        }
    }

    // Valid until Release. Operands of the input's own shape may be overwritten.
    __aicore__ inline Tile Take(uint64_t start, uint32_t length)
    {
        if (IsResident()) {
            if (!loaded_) {
                Expand(0, tileLength_ + static_cast<uint32_t>(operand_.resident));
                loaded_ = true;
            }
            return expanded_.template Get<float>()[static_cast<uint32_t>(start % operand_.resident)];
        }
        if (byRows_) {
            return ExpandValues(start % operand_.period, length);
        }
        if (!inOneRow_) {
            Expand(start % operand_.period, length);
            return expanded_.template Get<float>();
        }
        taken_ = queue_.template DeQue<T>();
        if constexpr (sizeof(T) == sizeof(float)) {
            return taken_;
        } else {
            Tile tile = expanded_.template Get<float>();
            AscendC::Cast(tile, taken_, AscendC::RoundMode::CAST_NONE, length);
            queue_.FreeTensor(taken_);
            return tile;
        }
    }

    __aicore__ inline void Release()
    {
        if (Present() && sizeof(T) == sizeof(float) && !IsResident() && !byRows_ && inOneRow_) {
            queue_.FreeTensor(taken_);
        }
    }

private:
    __aicore__ inline bool IsResident() const { return operand_.resident != 0; }
    __aicore__ inline uint32_t Innermost() const { return operand_.rank - 1; }
    __aicore__ inline uint64_t RowLength() const { return operand_.extent[Innermost()]; }

    // How many rows `length` elements from `phase` on touch.
    __aicore__ inline uint32_t RowsOf(uint64_t phase, uint32_t length) const
    {
        return static_cast<uint32_t>((phase % RowLength() + length + RowLength() - 1) / RowLength());
    }

    // Sets row_ to the coordinates of a row and returns the offset of its first element in the compact
    // operand.
    __aicore__ inline uint64_t Locate(uint64_t row)
    {
        uint64_t offset = 0;
        for (int32_t d = static_cast<int32_t>(Innermost()) - 1; d >= 0; --d) {
            row_[d] = row % operand_.extent[d];
            row /= operand_.extent[d];
            offset += row_[d] * operand_.stride[d];
        }
        return offset;
    }

    // Moves row_ one row back, round the period, and returns the offset of that row given this one's.
    __aicore__ inline uint64_t StepBack(uint64_t offset)
    {
        for (int32_t d = static_cast<int32_t>(Innermost()) - 1; d >= 0; --d) {
            if (row_[d] > 0) {
                --row_[d];
                return offset - operand_.stride[d];
            }
            row_[d] = operand_.extent[d] - 1;
            offset += row_[d] * operand_.stride[d];
        }
        return offset;
    }

    // Starts a copy of `length` elements, `lead` elements into the buffer.
    __aicore__ inline void CopyRow(uint64_t offset, uint32_t length, uint32_t lead)
    {
        AscendC::LocalTensor<T> buffer = queue_.template AllocTensor<T>();
        const AscendC::DataCopyExtParams copy{1, static_cast<uint32_t>(length * sizeof(T)), 0, 0, 0};
        const AscendC::DataCopyPadExtParams<T> pad{lead > 0, static_cast<uint8_t>(lead), 0, T()};
        AscendC::DataCopyPad(buffer, global_[offset], copy, pad);
        queue_.EnQue(buffer);
    }

    // Fills expanded_ from `phase` on. When whole periods fit, one period rounded up to whole UB blocks is
    // put together and then doubled.
    __aicore__ inline void Expand(uint64_t phase, uint32_t length)
    {
        Tile tile = expanded_.template Get<float>();
        uint32_t filled = length;
        uint64_t unit = operand_.period;
        while (unit % FLOATS_PER_BLOCK != 0) {
            unit *= 2;
        }
        if (unit < length) {
            filled = static_cast<uint32_t>(unit);
        }
        ExpandRows(tile, phase, filled);
        for (; filled < length; filled *= 2) {
            const uint32_t count = length - filled < filled ? length - filled : filled;
            AscendC::Muls(tile[filled], tile, 1.0f, count);
        }
    }

    // Repeats each of the values that CopyIn read along its row; from `phase` on, what begins in its row.
    __aicore__ inline Tile ExpandValues(uint64_t phase, uint32_t length)
    {
        const Tile tile = expanded_.template Get<float>();
        if constexpr (sizeof(T) == sizeof(float)) {
            const uint32_t rowLength = static_cast<uint32_t>(RowLength());
            const uint32_t rows = RowsOf(phase, length);
            taken_ = queue_.template DeQue<T>();
            // A row of one block is what Brcb makes.
            const Tile blocks = rowLength == FLOATS_PER_BLOCK ? tile : blocks_.template Get<float>();
            AscendC::Brcb(blocks, taken_, static_cast<uint8_t>((rows + 7) / 8), {1, 8});
            queue_.FreeTensor(taken_);
            for (uint32_t column = 0; column < rowLength && rowLength > FLOATS_PER_BLOCK; column += 64) {
                const uint64_t width = rowLength - column < 64 ? rowLength - column : 64;
                for (uint32_t row = 0; row < rows; row += MAX_REPEATS) {
                    const uint32_t count = rows - row < MAX_REPEATS ? rows - row : MAX_REPEATS;
                    AscendC::Muls(tile[row * rowLength + column], blocks[row * FLOATS_PER_BLOCK], 1.0f, width,
                                  static_cast<uint8_t>(count),
                                  {1, 0, static_cast<uint8_t>(rowLength / FLOATS_PER_BLOCK), 1});
                }
            }
            return tile[static_cast<uint32_t>(phase % rowLength)];
        }
        return tile;
    }

    __aicore__ inline void ExpandRows(const Tile& tile, uint64_t phase, uint32_t length)
    {
        const bool constantRows = operand_.stride[Innermost()] == 0;
        uint64_t inRow =
            (phase + length - 1) % RowLength() + 1;  // elements of the last row up to the tile's end
        uint64_t offset = Locate((phase + length - 1) / RowLength());
        uint32_t end = length;
        while (true) {
            const uint32_t begin = inRow < end ? end - static_cast<uint32_t>(inRow) : 0;
            const uint32_t lead = begin % FLOATS_PER_BLOCK;
            const uint32_t count = end - begin + lead;
            if (constantRows) {
                AscendC::Duplicate(tile[begin - lead], ToFloat32(global_.GetValue(offset)), count);
            } else {
                CopyRow(offset + inRow - (end - begin), end - begin, lead);
                AscendC::LocalTensor<T> row = queue_.template DeQue<T>();
                if constexpr (sizeof(T) == sizeof(float)) {
                    AscendC::Muls(tile[begin - lead], row, 1.0f, count);
                } else {
                    AscendC::Cast(tile[begin - lead], row, AscendC::RoundMode::CAST_NONE, count);
                }
                queue_.FreeTensor(row);
            }
            if (begin == 0) {
                return;
            }
            end = begin;
            inRow = RowLength();
            offset = StepBack(offset);
        }
    }

    BceOperand operand_{};
    AscendC::GlobalTensor<T> global_;
    AscendC::TQue<AscendC::TPosition::VECIN, 1> queue_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> expanded_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> blocks_;  // of BCE_ROWS
    AscendC::LocalTensor<T> taken_;
    uint64_t row_[BCE_MAX_DIMS] = {};
    uint32_t tileLength_ = 0;
    bool loaded_ = false;    // of a resident operand
    bool inOneRow_ = false;  // of the current tile
    bool byRows_ = false;    // likewise
};

// Writes one result tile by tile: Reserve gives the float32 tile to compute into, CopyOut rounds it once and
// writes.
template <typename T>
class TileWriter {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR address, uint32_t tileLength)
    {
        global_.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(address));
        pipe.InitBuffer(queue_, sizeof(T) == sizeof(float) ? BCE_BUFFERS : BCE_BUFFERS_HALF,
                        tileLength * sizeof(T));
        if constexpr (sizeof(T) != sizeof(float)) {
            pipe.InitBuffer(unrounded_, tileLength * sizeof(float));
        }
    }

    __aicore__ inline Tile Reserve()
    {
        if constexpr (sizeof(T) == sizeof(float)) {
            reserved_ = queue_.template AllocTensor<T>();
            return reserved_;
        } else {
            return unrounded_.template Get<float>();
        }
    }

    __aicore__ inline void CopyOut(uint64_t start, uint32_t length)
    {
        if constexpr (sizeof(T) != sizeof(float)) {
            reserved_ = queue_.template AllocTensor<T>();
            AscendC::Cast(reserved_, unrounded_.template Get<float>(), AscendC::RoundMode::CAST_RINT, length);
        }
        queue_.EnQue(reserved_);
        AscendC::LocalTensor<T> tile = queue_.template DeQue<T>();
        const AscendC::DataCopyExtParams copy{1, static_cast<uint32_t>(length * sizeof(T)), 0, 0, 0};
        AscendC::DataCopyPad(global_[start], tile, copy);
        queue_.FreeTensor(tile);
    }

private:
    AscendC::GlobalTensor<T> global_;
    AscendC::TQue<AscendC::TPosition::VECOUT, 1> queue_;
    AscendC::TBuf<AscendC::TPosition::VECCALC> unrounded_;
    AscendC::LocalTensor<T> reserved_;
};

// Tiles of intermediate results. UB answers two reads at once only from different bank groups, which repeat
// every 512 bytes: so where an instruction has two sources, one should start 256 bytes off the other. Scratch
// tiles do so against the tiles of inputs and outputs, and those got by Alongside against other scratch
// tiles.
class Scratch {
public:
    static __aicore__ inline uint32_t Bytes(uint32_t tiles, uint32_t tileLength)
    {
        return tiles * (tileLength + BCE_BANK_SLACK) * sizeof(float);
    }

    __aicore__ inline Scratch() = default;
    __aicore__ inline Scratch(const Tile& memory, uint32_t tiles, uint32_t tileLength)
        : memory_(memory), tiles_(tiles), stride_(tileLength + BCE_BANK_SLACK)
    {
    }

    // The same memory as twice as many tiles of somewhat less than half the length.
    __aicore__ inline Scratch Halved() const
    {
        Scratch halved = *this;
        halved.tiles_ = 2 * tiles_;
        halved.stride_ = stride_ / 2 / BCE_BANK_SLACK * BCE_BANK_SLACK;
        return halved;
    }

    __aicore__ inline uint32_t TileLength() const
    {
        return (stride_ - BCE_BANK_SLACK) / BCE_TILE_UNIT * BCE_TILE_UNIT;
    }
    __aicore__ inline Tile operator[](uint32_t i) const { return memory_[i * stride_ + BCE_BANK_SLACK / 2]; }
    __aicore__ inline Tile Alongside(uint32_t i) const { return memory_[i * stride_]; }
    __aicore__ inline Tile Last() const { return (*this)[tiles_ - 1]; }

private:
    Tile memory_;
    uint32_t tiles_ = 0;
    uint32_t stride_ = 0;
};

}  // namespace bce
