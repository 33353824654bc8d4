// SPDX-License-Identifier: Apache-2.0
// Which bits of some memory are defined: a byte of shadow for every byte of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace ascend_sim {

inline constexpr uint8_t kDefined = 0xFF;

// The shadow of bytes that lie side by side; null where there is none. What blocks share is accessed
// atomically, because those of a faulty kernel use the same bytes at the same time.
class ShadowBytes {
public:
    ShadowBytes() = default;
    ShadowBytes(uint8_t* bits, bool shared) : bits_(bits), shared_(shared) {}

    explicit operator bool() const { return bits_ != nullptr; }
    ShadowBytes operator+(size_t offset) const { return {bits_ + offset, shared_}; }
    uint8_t operator[](size_t i) const { return __atomic_load_n(bits_ + i, __ATOMIC_RELAXED); }

    // Whether each of the first `bytes` is `bits`.
    bool Are(uint8_t bits, size_t bytes) const
    {
        if (!shared_) {
            return bytes == 0 || (bits_[0] == bits && std::memcmp(bits_, bits_ + 1, bytes - 1) == 0);
        }
        bool all = true;
        ForEachPiece(bytes, [&](auto* piece, size_t) {
            all = all && __atomic_load_n(piece, __ATOMIC_RELAXED) == Repeat(bits, piece);
        });
        return all;
    }
    bool AreDefined(size_t bytes) const { return Are(kDefined, bytes); }

    void Fill(uint8_t bits, size_t bytes) const
    {
        if (!shared_) {
            std::memset(bits_, bits, bytes);
            return;
        }
        ForEachPiece(bytes, [&](auto* piece, size_t) {
            __atomic_store_n(piece, Repeat(bits, piece), __ATOMIC_RELAXED);
        });
    }

    void Read(uint8_t* values, size_t bytes) const
    {
        if (!shared_) {
            std::memcpy(values, bits_, bytes);
            return;
        }
        ForEachPiece(bytes, [&](auto* piece, size_t offset) {
            const auto value = __atomic_load_n(piece, __ATOMIC_RELAXED);
            std::memcpy(values + offset, &value, sizeof(value));
        });
    }

    void Write(const uint8_t* values, size_t bytes) const
    {
        if (!shared_) {
            std::memcpy(bits_, values, bytes);
            return;
        }
        ForEachPiece(bytes, [&](auto* piece, size_t offset) {
            auto value = Repeat(0, piece);
            std::memcpy(&value, values + offset, sizeof(value));
            __atomic_store_n(piece, value, __ATOMIC_RELAXED);
        });
    }

private:
    template <class T>
    static T Repeat(uint8_t bits, const T*)
    {
        return static_cast<T>(0x0101010101010101u * bits);
    }

    // Calls visit(pointer, offset) for every word of the first `bytes`, and for every byte that is in none.
    template <class Visit>
    void ForEachPiece(size_t bytes, Visit&& visit) const
    {
        for (size_t i = 0; i < bytes;) {
            const bool aligned = reinterpret_cast<uintptr_t>(bits_ + i) % sizeof(uint64_t) == 0;
            if (aligned && bytes - i >= sizeof(uint64_t)) {
                visit(reinterpret_cast<uint64_t*>(bits_ + i), i);
                i += sizeof(uint64_t);
            } else {
                visit(bits_ + i, i);
                ++i;
            }
        }
    }

    uint8_t* bits_ = nullptr;
    bool shared_ = false;
};

// The shadow of some memory: zeroed, which is undefined.
class Shadow {
public:
    void Cover(uintptr_t begin, size_t bytes, bool shared)
    {
        begin_ = begin;
        bytes_ = bytes;
        shared_ = shared;
        // From calloc, for a large workspace is mostly left alone.
        bits_.reset(static_cast<uint8_t*>(std::calloc(std::max<size_t>(bytes, 1), 1)));
        if (bits_ == nullptr) {
            throw std::bad_alloc();
        }
    }

    // Null unless it covers all of these bytes.
    ShadowBytes Of(uintptr_t address, size_t bytes) const
    {
        const bool covers =
            address >= begin_ && address - begin_ <= bytes_ && bytes <= bytes_ - (address - begin_);
        return covers && bits_ != nullptr ? ShadowBytes(bits_.get() + (address - begin_), shared_)
                                          : ShadowBytes();
    }

private:
    struct Free {
        void operator()(uint8_t* memory) const { std::free(memory); }
    };
    uintptr_t begin_ = 0;
    size_t bytes_ = 0;
    bool shared_ = false;
    std::unique_ptr<uint8_t, Free> bits_;
};

}  // namespace ascend_sim
