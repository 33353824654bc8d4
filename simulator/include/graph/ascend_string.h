// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "graph/types.h"

namespace ge {

// The string that crosses CANN's library boundaries.
class AscendString {
public:
    AscendString() = default;
    AscendString(const char_t* text) : text_(text == nullptr ? "" : text) {}
    AscendString(const char_t* text, size_t length)
        : text_(text == nullptr ? std::string() : std::string(text, length))
    {
    }

    const char_t* GetString() const { return text_.c_str(); }
    size_t GetLength() const { return text_.size(); }
    size_t Find(const AscendString& other) const { return text_.find(other.text_); }
    size_t Hash() const { return std::hash<std::string>()(text_); }

    bool operator<(const AscendString& other) const { return text_ < other.text_; }
    bool operator>(const AscendString& other) const { return text_ > other.text_; }
    bool operator<=(const AscendString& other) const { return text_ <= other.text_; }
    bool operator>=(const AscendString& other) const { return text_ >= other.text_; }
    bool operator==(const AscendString& other) const { return text_ == other.text_; }
    bool operator!=(const AscendString& other) const { return text_ != other.text_; }

private:
    std::string text_;
};

}  // namespace ge

template <>
struct std::hash<ge::AscendString> {
    size_t operator()(const ge::AscendString& text) const { return text.Hash(); }
};
