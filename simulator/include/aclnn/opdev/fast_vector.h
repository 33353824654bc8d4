// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

namespace op {

// A vector whose first N elements need no allocation. For trivially copyable elements only.
template <class T, size_t N = 8>
class FVector {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    using value_type = T;
    using iterator = T*;
    using const_iterator = const T*;

    FVector() = default;
    explicit FVector(size_t size, const T& value = T()) { resize(size, value); }
    FVector(std::initializer_list<T> values) : FVector(values.begin(), values.end()) {}
    template <class Iterator, class = typename std::iterator_traits<Iterator>::iterator_category>
    FVector(Iterator first, Iterator last)
    {
        for (; first != last; ++first) {
            push_back(*first);
        }
    }
    FVector(const FVector& other) : FVector(other.begin(), other.end()) {}
    FVector& operator=(const FVector& other)
    {
        if (this != &other) {
            clear();
            for (const T& value : other) {
                push_back(value);
            }
        }
        return *this;
    }

    size_t size() const { return size_; }
    size_t capacity() const { return capacity_; }
    bool empty() const { return size_ == 0; }
    T* data() { return heap_ ? heap_.get() : local_; }
    const T* data() const { return heap_ ? heap_.get() : local_; }
    T& operator[](size_t index) { return data()[index]; }
    const T& operator[](size_t index) const { return data()[index]; }
    T& front() { return data()[0]; }
    const T& front() const { return data()[0]; }
    T& back() { return data()[size_ - 1]; }
    const T& back() const { return data()[size_ - 1]; }
    iterator begin() { return data(); }
    iterator end() { return data() + size_; }
    const_iterator begin() const { return data(); }
    const_iterator end() const { return data() + size_; }

    void clear() { size_ = 0; }
    void pop_back() { --size_; }
    void push_back(const T& value)
    {
        const T copy = value;  // `value` may lie in the memory that reserve() releases
        if (size_ == capacity_) {
            reserve(2 * capacity_);
        }
        data()[size_++] = copy;
    }
    template <class... Args>
    T& emplace_back(Args&&... args)
    {
        push_back(T(std::forward<Args>(args)...));
        return back();
    }
    void resize(size_t size, const T& value = T())
    {
        reserve(size);
        for (size_t i = size_; i < size; ++i) {
            data()[i] = value;
        }
        size_ = size;
    }
    void reserve(size_t capacity)
    {
        if (capacity <= capacity_) {
            return;
        }
        std::unique_ptr<T[]> grown(new T[capacity]);
        for (size_t i = 0; i < size_; ++i) {
            grown[i] = data()[i];
        }
        heap_ = std::move(grown);
        capacity_ = capacity;
    }

    bool operator==(const FVector& other) const
    {
        if (size_ != other.size_) {
            return false;
        }
        for (size_t i = 0; i < size_; ++i) {
            if (!(data()[i] == other.data()[i])) {
                return false;
            }
        }
        return true;
    }
    bool operator!=(const FVector& other) const { return !(*this == other); }

private:
    size_t size_ = 0;
    size_t capacity_ = N;
    std::unique_ptr<T[]> heap_;
    T local_[N];
};

}  // namespace op
