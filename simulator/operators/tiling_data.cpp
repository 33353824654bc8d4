// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "register/tilingdata_base.h"

namespace optiling {

namespace {

constexpr size_t RoundUp(size_t value, size_t unit)
{
    return (value + unit - 1) / unit * unit;
}

std::vector<TilingDataClass>& Classes()
{
    static std::vector<TilingDataClass> classes;
    return classes;
}

}  // namespace

size_t TilingDef::AddField(const char* type, const char* name, size_t bytes, size_t count, size_t alignment)
{
    const size_t offset = RoundUp(end_, alignment);
    end_ = offset + bytes;
    alignment_ = std::max(alignment_, alignment);
    buffer_.resize(RoundUp(end_, alignment_));
    fields_.push_back({type, name, count});
    return offset;
}

void TilingDef::SaveToBuffer(void* data, size_t capacity)
{
    if (buffer_.size() <= capacity) {
        std::memcpy(data, buffer_.data(), buffer_.size());
    }
}

int RegisterTilingDataClass(const char* op_type, const char* class_name, TilingFieldsFunction fields)
{
    Classes().push_back({op_type, class_name, fields});
    return 0;
}

const std::vector<TilingDataClass>& GetTilingDataClasses()
{
    return Classes();
}

}  // namespace optiling
