// SPDX-License-Identifier: Apache-2.0
// What scripts/mutate.py weaves into kernels: every place that it can alter asks here whether it is the one.
// One build so holds all mutants; a table that is mapped into memory says which one runs.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <type_traits>
#include <utility>

#include "kernel_operator.h"

namespace mutation {

// As ALTERATIONS and Kind in scripts/mutate.py.
enum Alteration : int32_t { kDrop, kPlusOne, kMinusOne, kPlusBlock, kZero, kNegate, kHandOver };
enum Kind : uint8_t { kNotReached, kStatement, kInteger, kNotZero, kBoolean, kOther, kQueue };

struct Table {
    volatile int32_t place;       // the one that is altered; -1: none
    volatile int32_t alteration;  // how
    volatile uint8_t changed;     // whether that has made a difference
    volatile uint8_t kinds[];     // of all places
};

inline Table& GetTable()
{
    static Table* table = [] {
        const int file = open(std::getenv("ASCEND_MUTATION_TABLE"), O_RDWR);
        void* memory = mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        close(file);
        return static_cast<Table*>(memory);
    }();
    return *table;
}

inline bool Selected(int place, Kind kind)
{
    Table& table = GetTable();
    if (table.kinds[place] < kind) {  // an integer may be 0 first
        table.kinds[place] = kind;
    }
    return table.place == place;
}

// Before a statement: whether it stays.
inline bool Keeps(int place)
{
    const bool drops = Selected(place, kStatement) && GetTable().alteration == kDrop;
    if (drops) {
        GetTable().changed = 1;
    }
    return !drops;
}

// Around an expression.
template <class T>
decltype(auto) At(int place, T&& value)
{
    using Value = std::decay_t<T>;
    if constexpr (std::is_same<Value, bool>::value) {
        const bool negates = Selected(place, kBoolean) && GetTable().alteration == kNegate;
        if (negates) {
            GetTable().changed = 1;
        }
        return negates ? !value : bool(value);
    } else if constexpr (std::is_integral<Value>::value) {
        Value result = value;
        if (Selected(place, value != 0 ? kNotZero : kInteger)) {
            switch (GetTable().alteration) {
                case kPlusOne:
                    result = static_cast<Value>(value + 1);
                    break;
                case kMinusOne:
                    result = static_cast<Value>(value - 1);
                    break;
                case kPlusBlock:
                    result = static_cast<Value>(value + 8);
                    break;
                case kZero:
                    result = 0;
                    break;
                default:
                    break;
            }
            if (result != value) {
                GetTable().changed = 1;
            }
        }
        return result;
    } else {
        Selected(place, kOther);
        return std::forward<T>(value);
    }
}

// A queue that hands its tensors over without making one pipe wait for the other.
template <class Tensor>
std::deque<Tensor>& HandedOver(const void* queue)
{
    thread_local std::map<const void*, std::deque<Tensor>> tensors;
    return tensors[queue];
}

template <class Queue, class Tensor>
void EnQue(int place, Queue& queue, const Tensor& tensor, ascend_sim::Where where = ascend_sim::Where::Here())
{
    if (Selected(place, kQueue) && GetTable().alteration == kHandOver) {
        GetTable().changed = 1;
        HandedOver<Tensor>(&queue).push_back(tensor);
    } else {
        queue.EnQue(tensor, where);
    }
}

template <class T, class Queue>
AscendC::LocalTensor<T> DeQue(int place, Queue& queue, ascend_sim::Where where = ascend_sim::Where::Here())
{
    if (Selected(place, kQueue) && GetTable().alteration == kHandOver) {
        auto& tensors = HandedOver<AscendC::LocalTensor<T>>(&queue);
        const AscendC::LocalTensor<T> tensor = tensors.front();
        tensors.pop_front();
        return tensor;
    }
    return queue.template DeQue<T>(where);
}

}  // namespace mutation
