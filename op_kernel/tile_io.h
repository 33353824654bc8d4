// SPDX-License-Identifier: Apache-2.0
// Tiles between GM and UB: operands of any dtype and any shape that broadcasts come in as float32, results go
// out in their own dtype. Copies are exact to the byte.
#pragma once

#include "binary_cross_entropy_tiling_data.h"
#include "kernel_operator.h"

namespace bce {

using Tile = AscendC::LocalTensor<float>;

constexpr uint32_t FLOATS_PER_BLOCK = 32 / sizeof(float);  // UB addresses are multiples of 32 bytes

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

// Reads one operand tile by tile: CopyIn starts the copy, Take gives the tile as float32, Release gives it
// back.
//
// Where the flat index of a tile runs through several rows of a broadcast operand, the tile is put together
// row by row from the back to the front: each row is written from the 32-byte boundary at or before its first
// element, and the elements of the row before it that this spoils are written next. A tile that repeats the
// last one (a small operand under tiles that hold whole periods of it) is not read again.
template <typename T>
class TileReader {
public:
    // The readers of a kernel may have 8 buffers together: that is how many events there are to free them
    // with.
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR address, const BceOperand& operand,
                                uint32_t tileLength, uint32_t buffers = BCE_BUFFERS)
    {
        operand_ = operand;
        if (!Present()) {
            return;
        }
        global_.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(address));
        pipe.InitBuffer(queue_, buffers, tileLength * sizeof(T));
        if (sizeof(T) != sizeof(float) || operand_.broadcasts) {
            pipe.InitBuffer(expanded_, tileLength * sizeof(float));
        }
    }

    __aicore__ inline bool Present() const { return operand_.rank != 0; }

    __aicore__ inline void CopyIn(uint64_t start, uint32_t length)
    {
        if (!Present()) {
            return;
        }
        const uint64_t phase = start % operand_.period;
        cached_ = operand_.broadcasts && phase == cachedPhase_ && length <= cachedLength_;
        inOneRow_ = operand_.stride[Innermost()] != 0 && phase % RowLength() + length <= RowLength();
        if (!cached_ && inOneRow_) {
            CopyRow(Locate(phase / RowLength()) + phase % RowLength(), length, 0);
        }
    }

    // Valid until Release. Operands of the input's own shape may be overwritten.
    __aicore__ inline Tile Take(uint64_t start, uint32_t length)
    {
        if (inOneRow_ && !cached_) {
            taken_ = queue_.template DeQue<T>();
            if constexpr (sizeof(T) == sizeof(float)) {
                return taken_;
            } else {
                Tile tile = expanded_.template Get<float>();
                AscendC::Cast(tile, taken_, AscendC::RoundMode::CAST_NONE, length);
                queue_.FreeTensor(taken_);
                cachedLength_ = 0;
                return tile;
            }
        }
        if (!cached_) {
            Expand(start % operand_.period, length);
        }
        return expanded_.template Get<float>();
    }

    __aicore__ inline void Release()
    {
        if (Present() && sizeof(T) == sizeof(float) && inOneRow_ && !cached_) {
            queue_.FreeTensor(taken_);
        }
    }

private:
    __aicore__ inline uint32_t Innermost() const { return operand_.rank - 1; }
    __aicore__ inline uint64_t RowLength() const { return operand_.extent[Innermost()]; }

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
        cachedPhase_ = phase;
        cachedLength_ = length;
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
    AscendC::LocalTensor<T> taken_;
    uint64_t row_[BCE_MAX_DIMS] = {};
    uint64_t cachedPhase_ = 0;
    uint32_t cachedLength_ = 0;
    bool cached_ = false;
    bool inOneRow_ = false;
};

// Writes one result tile by tile: Reserve gives the float32 tile to compute into, CopyOut rounds it once and
// writes.
template <typename T>
class TileWriter {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, GM_ADDR address, uint32_t tileLength)
    {
        global_.SetGlobalBuffer(reinterpret_cast<__gm__ T*>(address));
        pipe.InitBuffer(queue_, BCE_BUFFERS, tileLength * sizeof(T));
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

// Tiles of intermediate results, side by side in one buffer.
class Scratch {
public:
    __aicore__ inline void Init(AscendC::TPipe& pipe, uint32_t tileLength)
    {
        tileLength_ = tileLength;
        pipe.InitBuffer(buffer_, BCE_SCRATCH_TILES * tileLength * sizeof(float));
    }
    __aicore__ inline Tile operator[](uint32_t i) { return buffer_.Get<float>()[i * tileLength_]; }

private:
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer_;
    uint32_t tileLength_ = 0;
};

}  // namespace bce
