// SPDX-License-Identifier: Apache-2.0
// The one path that every vector instruction takes.
//
// A call in count form is one call into the lanes table over contiguous data. A call with a mask works repeat
// by repeat: 256 bytes of its widest operand, of which the mask chooses lanes; each operand has a stride
// between the 32-byte blocks of a repeat and one between repeats. The same lane functions run on each repeat,
// in place where the repeat is contiguous and its lanes are the first ones, and otherwise through a buffer:
// gather, run, scatter.
#pragma once

#include <array>
#include <cstring>
#include <string>

#include "../../lanes/lanes.h"
#include "bfloat16.h"
#include "half.h"
#include "tensor.h"
#include "vector_params.h"

namespace AscendC {
namespace detail {

using ascend_sim::Access;
using ascend_sim::Dtype;
using ascend_sim::Lanes;
using ascend_sim::Operand;
using ascend_sim::Pipe;
using ascend_sim::Rows;

inline constexpr uint32_t kMaxLanes = ONE_REPEAT_BYTE_SIZE / 2;  // of a repeat of 2-byte elements

inline const Lanes& kLanes = ascend_sim::GetLanes();

template <class T, class... Choices>
inline constexpr bool kIsOneOf = (std::is_same<T, Choices>::value || ...);

template <class T>
constexpr Dtype DtypeOf()
{
    if constexpr (std::is_same<T, float>::value) {
        return Dtype::kFloat32;
    } else if constexpr (std::is_same<T, half>::value) {
        return Dtype::kFloat16;
    } else if constexpr (std::is_same<T, bfloat16_t>::value) {
        return Dtype::kBFloat16;
    } else if constexpr (std::is_same<T, int8_t>::value) {
        return Dtype::kInt8;
    } else if constexpr (std::is_same<T, uint8_t>::value) {
        return Dtype::kUint8;
    } else if constexpr (std::is_same<T, int16_t>::value) {
        return Dtype::kInt16;
    } else if constexpr (std::is_same<T, uint16_t>::value) {
        return Dtype::kUint16;
    } else if constexpr (std::is_same<T, int32_t>::value) {
        return Dtype::kInt32;
    } else if constexpr (std::is_same<T, uint32_t>::value) {
        return Dtype::kUint32;
    } else {
        static_assert(std::is_same<T, int64_t>::value, "no vector instruction has operands of this type");
        return Dtype::kInt64;
    }
}

template <class T>
inline constexpr size_t kIndex = static_cast<size_t>(DtypeOf<T>());

template <class Enum>
constexpr size_t At(Enum value)
{
    return static_cast<size_t>(value);
}

// Stops the launch if a call breaks a rule of its instruction. `message` is a callable, for it is rarely
// needed.
template <class Message>
inline void Require(bool holds, const char* code, [[maybe_unused]] Where where, Message&& message)
{
    if (__builtin_expect(!holds, 0)) {
#ifdef ASCEND_SIM_CHECKED
        ascend_sim::RaiseFinding(code, message(), where.file, where.line);
#else
        ascend_sim::RaiseFinding(code, message());
#endif
    }
}

// The same for an address that an instruction finds in memory when it runs: what it was when the instruction
// was issued, the checks have seen.
template <class View>
inline void RequireInside([[maybe_unused]] const View& view, [[maybe_unused]] const uint8_t* address,
                          [[maybe_unused]] size_t bytes, [[maybe_unused]] const char* name,
                          [[maybe_unused]] Where where)
{
    if constexpr (ascend_sim::kChecked) {
        const auto begin = reinterpret_cast<uintptr_t>(address);
        Require(begin >= view.extent.begin && begin + bytes <= view.extent.begin + view.extent.bytes,
                "ub-out-of-bounds", where, [&] {
                    return std::string(name) + " reaches byte " +
                           std::to_string(static_cast<ptrdiff_t>(begin - view.extent.begin)) +
                           " of a UB tensor of " + std::to_string(view.extent.bytes) +
                           " bytes; the offsets it runs with are not those it was issued with";
                });
    }
}

// The repeat count of a call. The device takes 8 bits and drops the rest in silence; so does the fast build.
class RepeatTimes {
public:
    template <class Integer,
              std::enable_if_t<std::is_integral<Integer>::value || std::is_enum<Integer>::value, bool> = true>
    RepeatTimes(Integer value) : value_(static_cast<int64_t>(value))
    {
    }

    uint32_t Get(const char* name, Where where) const
    {
        if constexpr (ascend_sim::kChecked) {
            Require(value_ >= 0 && value_ <= 255, "repeat-overflow", where, [&] {
                return std::string(name) + " is asked for " + std::to_string(value_) +
                       " repeats, but an instruction holds 0 to 255 and keeps the lowest 8 bits. Split the "
                       "call, or "
                       "use its count form.";
            });
        }
        return static_cast<uint8_t>(value_);
    }

private:
    int64_t value_;
};

// The lanes of one repeat that take part, lowest first.
struct LaneMask {
    uint64_t low = ~0ull;
    uint64_t high = ~0ull;

    static LaneMask First(uint64_t count)
    {
        return {count >= 64 ? ~0ull : (1ull << count) - 1, count >= 128 ? ~0ull
                                                           : count > 64 ? (1ull << (count - 64)) - 1
                                                                        : 0};
    }
    bool Has(uint32_t lane) const { return ((lane < 64 ? low >> lane : high >> (lane - 64)) & 1u) != 0; }
    // The `count` lanes of a block that begins with lane `first`, as the lowest bits of a number.
    uint64_t Part(uint32_t first, uint32_t count) const
    {
        return (first < 64 ? low >> first : high >> (first - 64)) & First(count).low;
    }
    LaneMask Of(uint32_t lanes) const
    {
        const LaneMask limit = First(lanes);
        return {low & limit.low, high & limit.high};
    }
    bool operator==(const LaneMask& other) const { return low == other.low && high == other.high; }

    // How many lanes, if they are the first ones; 0 if there are gaps, or none.
    uint32_t Prefix() const
    {
        const uint32_t count = low != ~0ull    ? static_cast<uint32_t>(__builtin_ctzll(~low))
                               : high != ~0ull ? 64 + static_cast<uint32_t>(__builtin_ctzll(~high))
                                               : 128;
        return *this == First(count) ? count : 0;
    }
};

// What a masked call iterates over: `count` repeats of `lanes` elements, of which `mask` takes part; the last
// one differs in counter mode.
struct Repeats {
    uint32_t lanes = 0;
    uint32_t count = 0;
    LaneMask mask;
    LaneMask last;

    const LaneMask& MaskOf(uint32_t repeat) const { return repeat + 1 == count ? last : mask; }
};

// One operand of a call. Strides are in bytes.
struct View {
    Access access = Access::kRead;
    uint32_t element_bytes = 1;
    uint8_t* address = nullptr;
    uint32_t block_stride = ONE_BLK_SIZE;
    uint32_t repeat_stride = ONE_REPEAT_BYTE_SIZE;
    ascend_sim::Extent extent;
    uint32_t alignment = ONE_BLK_SIZE;  // required of `address`

    uint8_t* Lane(uint32_t repeat, uint32_t lane) const
    {
        const uint32_t offset = lane * element_bytes;
        return address + size_t{repeat} * repeat_stride + size_t{offset / ONE_BLK_SIZE} * block_stride +
               offset % ONE_BLK_SIZE;
    }
    // Whether the first `lanes` of a repeat lie side by side.
    bool Contiguous(uint32_t lanes) const
    {
        return block_stride == ONE_BLK_SIZE || lanes * element_bytes <= ONE_BLK_SIZE;
    }
};

template <class T>
inline View MakeView(Access access, const LocalTensor<T>& tensor, uint32_t block_stride = 1,
                     uint32_t repeat_stride = 8)
{
    return {access,
            sizeof(T),
            reinterpret_cast<uint8_t*>(tensor.Address()),
            block_stride * ONE_BLK_SIZE,
            repeat_stride * ONE_BLK_SIZE,
            tensor.GetExtent(),
            ONE_BLK_SIZE};
}

// The bytes that the given repeats touch through an operand, exactly.
inline void Describe(const View& view, uint32_t first_repeat, uint32_t repeats, const LaneMask& mask,
                     uint32_t lanes, std::vector<Operand>& operands)
{
    if (repeats == 0) {
        return;
    }
    const uint32_t per_block = ONE_BLK_SIZE / view.element_bytes;
    size_t last_full = SIZE_MAX;  // index of the operand of whole blocks that the previous block belongs to
    for (uint32_t block = 0; block * per_block < lanes; ++block) {
        bool whole = false;
        for (uint32_t lane = block * per_block; lane < (block + 1) * per_block && lane < lanes;) {
            if (!mask.Has(lane)) {
                ++lane;
                continue;
            }
            const uint32_t first = lane;
            while (lane < (block + 1) * per_block && lane < lanes && mask.Has(lane)) {
                ++lane;
            }
            whole = lane - first == per_block;
            if (whole && last_full != SIZE_MAX) {
                ++operands[last_full].blocks;
                continue;
            }
            Operand operand;
            operand.access = view.access;
            operand.element_bytes = view.element_bytes;
            operand.address = reinterpret_cast<uintptr_t>(view.Lane(first_repeat, first));
            operand.block_bytes = size_t{lane - first} * view.element_bytes;
            operand.block_stride = view.block_stride;
            operand.repeats = repeats;
            operand.repeat_stride = view.repeat_stride;
            operand.first_repeat = first_repeat;
            operand.extent = view.extent;
            operand.alignment = first % per_block == 0 ? view.alignment : 1;
            if (whole) {
                last_full = operands.size();
            }
            operands.push_back(operand);
        }
        if (!whole) {
            last_full = SIZE_MAX;
        }
    }
}

template <size_t count>
inline std::vector<Operand> Describe(const Repeats& repeats, const std::array<View, count>& views)
{
    std::vector<Operand> operands;
    for (const View& view : views) {
        Describe(view, 0, repeats.count - 1, repeats.mask, repeats.lanes, operands);
        Describe(view, repeats.count - 1, 1, repeats.last, repeats.lanes, operands);
    }
    return operands;
}

// `bytes` at one address.
inline Operand DescribeBytes(const View& view, size_t bytes)
{
    Operand operand;
    operand.access = view.access;
    operand.element_bytes = view.element_bytes;
    operand.address = reinterpret_cast<uintptr_t>(view.address);
    operand.block_bytes = bytes;
    operand.extent = view.extent;
    operand.alignment = view.alignment;
    return operand;
}

// A register of the block as an operand, so that who reads it waits for who writes it.
template <class T>
inline Operand DescribeRegister(Access access, const T& value)
{
    Operand operand;
    operand.access = access;
    operand.space = ascend_sim::Space::kRegister;
    operand.element_bytes = sizeof(T);
    operand.address = reinterpret_cast<uintptr_t>(&value);
    operand.block_bytes = sizeof(T);
    operand.extent.begin = operand.address;
    operand.extent.bytes = sizeof(T);
    operand.alignment = 1;
    return operand;
}

// Reads a register that a vector instruction has written.
template <class T>
inline T ReadRegister(const char* name, const T& source, Where where)
{
    T value{};
    ascend_sim::Issue(
        Pipe::kScalar, name, where,
        [&] { return std::vector<Operand>{DescribeRegister(Access::kRead, source)}; },
        [&value, &source] { value = source; });
    return value;
}

struct alignas(64) RepeatBuffer {
    uint8_t bytes[ONE_REPEAT_BYTE_SIZE];
};

// The lanes of one repeat side by side: where they are, or gathered into `buffer` by whole blocks. Blocks of
// which the mask leaves out every lane are not read; in the buffer they keep what it held.
inline uint8_t* Gather(const View& view, uint32_t repeat, const LaneMask& mask, uint32_t lanes,
                       RepeatBuffer& buffer)
{
    const uint32_t prefix = mask.Prefix();
    if (prefix != 0 && view.Contiguous(prefix)) {
        return view.Lane(repeat, 0);
    }
    const uint32_t per_block = ONE_BLK_SIZE / view.element_bytes;
    for (uint32_t first = 0; first < lanes; first += per_block) {
        if (mask.Part(first, per_block) != 0) {
            std::memcpy(buffer.bytes + first * view.element_bytes, view.Lane(repeat, first), ONE_BLK_SIZE);
        }
    }
    return buffer.bytes;
}

// Where the compiler knows the size, a copy is one move.
inline void CopyElement(uint8_t* to, const uint8_t* from, uint32_t bytes)
{
    switch (bytes) {
        case 1:
            return void(std::memcpy(to, from, 1));
        case 2:
            return void(std::memcpy(to, from, 2));
        case 4:
            return void(std::memcpy(to, from, 4));
        default:
            return void(std::memcpy(to, from, 8));
    }
}

inline void Scatter(const View& view, uint32_t repeat, const LaneMask& mask, uint32_t lanes,
                    const uint8_t* source)
{
    if (source == view.Lane(repeat, 0)) {
        return;
    }
    const uint32_t per_block = ONE_BLK_SIZE / view.element_bytes;
    for (uint32_t first = 0; first < lanes; first += per_block) {
        uint8_t* to = view.Lane(repeat, first);
        const uint8_t* from = source + first * view.element_bytes;
        uint64_t chosen = mask.Part(first, per_block);
        if (chosen == LaneMask::First(per_block).low) {
            std::memcpy(to, from, ONE_BLK_SIZE);
            continue;
        }
        for (; chosen != 0; chosen &= chosen - 1) {
            const uint32_t offset = static_cast<uint32_t>(__builtin_ctzll(chosen)) * view.element_bytes;
            CopyElement(to + offset, from + offset, view.element_bytes);
        }
    }
}

// Whether repeat after repeat of an operand lies side by side, so that several of them are one run.
inline bool Seamless(const View& view, uint32_t lanes)
{
    return view.block_stride == ONE_BLK_SIZE && view.repeat_stride == lanes * view.element_bytes;
}

// Whether two operands of `bytes` are the same or apart: then all repeats at once give what one after the
// other does.
inline bool SameOrApart(const View& a, const View& b, size_t bytes)
{
    return a.address == b.address || a.address + bytes <= b.address || b.address + bytes <= a.address;
}

template <size_t count>
inline bool CanMerge(const Repeats& repeats, const std::array<View, count>& views)
{
    if (repeats.mask.Prefix() != repeats.lanes || !(repeats.mask == repeats.last)) {
        return false;
    }
    for (const View& view : views) {
        const size_t bytes = size_t{repeats.count} * repeats.lanes * view.element_bytes;
        if (!Seamless(view, repeats.lanes) || !SameOrApart(views[0], view, bytes)) {
            return false;
        }
    }
    return true;
}

// How many lanes of each repeat take part, if they are the first ones and lie side by side in every operand,
// so that they can be computed where they are; 0 otherwise.
template <size_t count>
inline uint32_t SideBySide(const Repeats& repeats, const std::array<View, count>& views)
{
    const uint32_t lanes = repeats.mask == repeats.last ? repeats.mask.Prefix() : 0;
    for (const View& view : views) {
        if (!view.Contiguous(lanes)) {
            return 0;
        }
    }
    return lanes;
}

// How many lanes of each repeat take part, if they are the first ones and lie side by side in the
// destination, and the source of each repeat is one block over and over again; 0 otherwise.
inline uint32_t OfOneBlock(const Repeats& repeats, const std::array<View, 2>& views)
{
    const uint32_t lanes = repeats.mask == repeats.last ? repeats.mask.Prefix() : 0;
    return views[0].Contiguous(lanes) && views[1].block_stride == 0 && !views[1].Contiguous(lanes) ? lanes
                                                                                                   : 0;
}

template <size_t count>
inline Rows RowsOf(const Repeats& repeats, const std::array<View, count>& views)
{
    static_assert(count == 2 || count == 3);
    return {repeats.count, views[0].repeat_stride, views[1].repeat_stride,
            count == 3 ? views[count - 1].repeat_stride : 0};
}

template <size_t count>
using Addresses = std::array<uint8_t*, count>;

template <size_t count>
inline Addresses<count> AddressesOf(const std::array<View, count>& views)
{
    Addresses<count> addresses;
    for (size_t i = 0; i < count; ++i) {
        addresses[i] = views[i].address;
    }
    return addresses;
}

// Runs `lane(addresses, n, repeat)` on one repeat after the other. views[0] is the destination.
template <size_t count, class Lane>
inline void EachRepeat(const Repeats& repeats, const std::array<View, count>& views, const Lane& lane)
{
    RepeatBuffer buffers[count] = {};
    Addresses<count> addresses;
    for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
        const LaneMask& mask = repeats.MaskOf(repeat);
        for (size_t i = 0; i < count; ++i) {
            addresses[i] = Gather(views[i], repeat, mask, repeats.lanes, buffers[i]);
        }
        const uint32_t prefix = mask.Prefix();
        lane(addresses, prefix != 0 ? prefix : repeats.lanes, repeat);
        Scatter(views[0], repeat, mask, repeats.lanes, addresses[0]);
    }
}

// Runs `lane(addresses, n)` over all repeats, or `lane(addresses, n, rows)`, where there is one, over those
// that only lie apart. views[0] is the destination.
template <size_t count, class Lane>
inline void RunRepeats(const Repeats& repeats, const std::array<View, count>& views, const Lane& lane)
{
    if (CanMerge(repeats, views)) {
        lane(AddressesOf(views), size_t{repeats.count} * repeats.lanes);
        return;
    }
    const uint32_t side_by_side = SideBySide(repeats, views);
    if (side_by_side != 0) {
        Addresses<count> addresses = AddressesOf(views);
        if constexpr (std::is_invocable<Lane, Addresses<count>, size_t, Rows>::value) {
            lane(addresses, side_by_side, RowsOf(repeats, views));
        } else {
            for (uint32_t repeat = 0; repeat < repeats.count; ++repeat) {
                lane(addresses, side_by_side);
                for (size_t i = 0; i < count; ++i) {
                    addresses[i] += views[i].repeat_stride;
                }
            }
        }
        return;
    }
    EachRepeat(repeats, views, [&lane](const Addresses<count>& p, size_t n, uint32_t) { lane(p, n); });
}

// ---- Masks ----

// After a call in count form the mask chooses every lane, and counter mode is off.
inline void ResetMaskRegister(ascend_sim::Block& block = ascend_sim::CurrentBlock())
{
    block.vector_mask[0] = ~0ull;
    block.vector_mask[1] = ~0ull;
    block.counter_mask = false;
}

// The repeats of a masked call under the mask register.
inline Repeats RepeatsOfRegister(uint32_t lanes, uint32_t repeat_times,
                                 const ascend_sim::Block& block = ascend_sim::CurrentBlock())
{
    Repeats repeats;
    repeats.lanes = lanes;
    if (block.counter_mask) {
        const uint64_t total = block.vector_mask[0];
        repeats.count = static_cast<uint32_t>((total + lanes - 1) / lanes);
        repeats.mask = LaneMask::First(lanes);
        repeats.last = LaneMask::First(repeats.count == 0 ? 0 : total - uint64_t{repeats.count - 1} * lanes);
        return repeats;
    }
    repeats.mask = LaneMask{block.vector_mask[0], block.vector_mask[1]}.Of(lanes);
    repeats.last = repeats.mask;
    repeats.count = repeats.mask == LaneMask{0, 0} ? 0 : repeat_times;
    return repeats;
}

// Sets the mask register from a number of lanes, or of elements in counter mode.
inline void SetMaskRegister(const char* name, uint32_t lanes, uint64_t count, Where where,
                            ascend_sim::Block& block = ascend_sim::CurrentBlock())
{
    if (block.counter_mask) {
        block.vector_mask[0] = count;
        block.vector_mask[1] = 0;
        return;
    }
    if constexpr (ascend_sim::kChecked) {
        Require(count <= lanes, "mask-out-of-range", where, [&] {
            return std::string(name) + " is given a mask of " + std::to_string(count) +
                   " lanes, but a repeat has " + std::to_string(lanes) +
                   ". Use more repeats, or the count form.";
        });
    }
    const LaneMask mask = LaneMask::First(count);
    block.vector_mask[0] = mask.low;
    block.vector_mask[1] = mask.high;
}

inline void SetMaskRegister([[maybe_unused]] const char* name, [[maybe_unused]] uint32_t lanes,
                            const uint64_t* bits, [[maybe_unused]] Where where,
                            ascend_sim::Block& block = ascend_sim::CurrentBlock())
{
    if constexpr (ascend_sim::kChecked) {
        // The pattern of the first half over again means no lanes.
        const bool beyond = lanes <= 64 && bits[1] != 0 && bits[1] != bits[0];
        Require(block.counter_mask || !beyond, "mask-out-of-range", where, [&] {
            return std::string(name) + " is given a mask with bits for lanes from 64 on, but a repeat has " +
                   std::to_string(lanes) + ". Leave the second word 0, and use more repeats.";
        });
    }
    block.vector_mask[0] = bits[0];
    block.vector_mask[1] = bits[1];
}

// The repeats of a call with a mask argument, which is a number of lanes or an array of bits.
template <bool isSetMask, class Mask>
inline Repeats MakeRepeats(const char* name, uint32_t lanes, Mask mask, const RepeatTimes& repeat_times,
                           Where where)
{
    ascend_sim::Block& block = ascend_sim::CurrentBlock();
    if constexpr (isSetMask) {
        SetMaskRegister(name, lanes, mask, where, block);
    }
    return RepeatsOfRegister(lanes, repeat_times.Get(name, where), block);
}

// ---- Waiting ----

// An entry of the lanes table with the scalar that goes with it: what a call does to the addresses of its
// operands. Those on floats may wait for others in the fast build (pending_calls.h).
template <ascend_sim::CallKind kind, class Loop, class T>
struct TableLane {
    static constexpr ascend_sim::CallKind kKind = kind;
    static constexpr bool kMayWait = std::is_same<T, float>::value;

    const Loop* loop;
    T scalar{};

    template <size_t count, class... RowsIfAny>
    void operator()(const Addresses<count>& p, size_t n, const RowsIfAny&... rows) const
    {
        if constexpr (kind == ascend_sim::CallKind::kWithScalar) {
            (*loop)(p[0], p[1], &scalar, n, rows...);
        } else if constexpr (count == 2) {
            (*loop)(p[0], p[1], n, rows...);
        } else {
            (*loop)(p[0], p[1], p[2], n, rows...);
        }
    }
    uint32_t Detail() const { return 0; }
    float Scalar() const
    {
        if constexpr (kMayWait) {
            return scalar;
        } else {
            return 0.0f;
        }
    }
};

// The same of a call whose source is one block over and over again: what waits.
struct BlockLane {
    static constexpr ascend_sim::CallKind kKind = ascend_sim::CallKind::kBlockWithScalar;

    const ascend_sim::Lanes::WithScalar* loop;
    float scalar;

    uint32_t Detail() const { return 0; }
    float Scalar() const { return scalar; }
};

template <class Lane, class = void>
inline constexpr bool kMayWait = false;
template <class Lane>
inline constexpr bool kMayWait<Lane, std::void_t<decltype(Lane::kMayWait)>> = Lane::kMayWait;

// Lets a call wait; false if one of its operands is not in the unified buffer.
template <size_t count, class Lane>
__attribute__((always_inline)) inline bool Wait(ascend_sim::Block& block, const Addresses<count>& addresses,
                                                size_t n, const Rows& rows, const Lane& lane)
{
    size_t places[3] = {};
    for (size_t i = 0; i < count; ++i) {
        places[i] = PlaceInBuffer(block, addresses[i]);
        if (places[i] >= block.unified_buffer_bytes) {
            return false;
        }
    }
    if (block.pending.EndsAt(Lane::kKind)) {
        block.pending.EndList(block);
    }
    constexpr bool kMoves = Lane::kKind == ascend_sim::CallKind::kGroups;  // each tile's sums behind the last
    const auto dst = static_cast<uint32_t>(places[0]);
    ascend_sim::Call& call = block.pending.Append({nullptr, lane.Scalar(), kMoves ? dst : 0});
    call.instruction = lane.loop;
    call.kind = Lane::kKind;
    call.detail = lane.Detail();
    call.dst = kMoves ? 0 : dst;
    call.a = static_cast<uint32_t>(places[1]);
    call.b = static_cast<uint32_t>(places[2]);
    call.n = static_cast<uint32_t>(n);
    call.rows = static_cast<uint32_t>(rows.count);
    call.dst_stride = static_cast<uint32_t>(rows.dst);
    call.a_stride = static_cast<uint32_t>(rows.a);
    call.b_stride = static_cast<uint32_t>(rows.b);
    return true;
}

// ---- Issuing ----

// A call on the first `elements` of its operands. Inlined, so that views need not be in memory.
template <size_t count, class Lane>
__attribute__((always_inline)) inline void IssueCount(const char* name, const std::array<View, count>& views,
                                                      int64_t elements, Lane lane, Where where)
{
    ascend_sim::Block& block = ascend_sim::CurrentBlock();
    ResetMaskRegister(block);
    if (elements <= 0) {
        return;
    }
    if constexpr (!ascend_sim::kChecked) {
        if constexpr (kMayWait<Lane>) {
            if (Wait(block, AddressesOf(views), static_cast<size_t>(elements), Rows{1, 0, 0, 0}, lane)) {
                return;
            }
        }
        block.read_ahead.Fetch(static_cast<size_t>(elements));
    }
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            std::vector<Operand> operands;
            for (const View& view : views) {
                operands.push_back(DescribeBytes(view, static_cast<size_t>(elements) * view.element_bytes));
            }
            return operands;
        },
        [views, elements, lane] { lane(AddressesOf(views), static_cast<size_t>(elements)); });
}

// A call on masked repeats.
template <size_t count, class Lane>
inline void IssueRepeats(const char* name, const std::array<View, count>& views, const Repeats& repeats,
                         Lane lane, Where where)
{
    if (repeats.count == 0) {
        return;
    }
    if constexpr (!ascend_sim::kChecked) {
        ascend_sim::Block& block = ascend_sim::CurrentBlock();
        if constexpr (kMayWait<Lane>) {
            if (CanMerge(repeats, views)) {
                if (Wait(block, AddressesOf(views), size_t{repeats.count} * repeats.lanes, Rows{1, 0, 0, 0},
                         lane)) {
                    return;
                }
            } else if constexpr (std::is_invocable<Lane, Addresses<count>, size_t, Rows>::value) {
                const uint32_t lanes = SideBySide(repeats, views);
                if (lanes != 0 && Wait(block, AddressesOf(views), lanes, RowsOf(repeats, views), lane)) {
                    return;
                }
                if constexpr (Lane::kKind == ascend_sim::CallKind::kWithScalar) {
                    const uint32_t of_block = OfOneBlock(repeats, views);
                    if (of_block != 0 && Wait(block, AddressesOf(views), of_block, RowsOf(repeats, views),
                                              BlockLane{lane.loop, lane.scalar})) {
                        return;
                    }
                }
            }
        }
        RunPending(block);
        block.read_ahead.Fetch(size_t{repeats.count} * repeats.lanes);
        RunRepeats(repeats, views, lane);  // not by way of Issue, which would copy them
    } else {
        ascend_sim::Issue(
            Pipe::kVector, name, where, [&] { return Describe(repeats, views); },
            [repeats, views, lane] { RunRepeats(repeats, views, lane); });
    }
}

// Whether a function has the parameters of CANN's: tensors by reference first. No call deduces references.
template <class First, class... Rest>
inline constexpr bool kIsCannsOwn = std::is_reference<First>::value;

}  // namespace detail

// Lets kernels take the address of a call: the functions above have a parameter more than CANN's, the place
// of the call, which is unknown to whoever calls by address.
#define ASCEND_SIM_ADDRESS(Name)                                                                            \
    template <typename... P, typename std::enable_if<detail::kIsCannsOwn<P...>, int>::type = 0>             \
    __aicore__ inline void Name(P... arguments)                                                             \
    {                                                                                                       \
        Name(arguments..., Where{});                                                                        \
    }                                                                                                       \
    template <typename T, typename... P, typename std::enable_if<detail::kIsCannsOwn<P...>, int>::type = 0> \
    __aicore__ inline void Name(P... arguments)                                                             \
    {                                                                                                       \
        Name<T>(arguments..., Where{});                                                                     \
    }

}  // namespace AscendC
