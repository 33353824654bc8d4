// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/types.h"

namespace gert {

// A tensor's format as the user sees it and as it lies in memory.
struct StorageFormat {
    StorageFormat() = default;
    StorageFormat(ge::Format origin, ge::Format storage) : origin_format_(origin), storage_format_(storage) {}

    ge::Format GetOriginFormat() const { return origin_format_; }
    ge::Format GetStorageFormat() const { return storage_format_; }
    void SetOriginFormat(ge::Format format) { origin_format_ = format; }
    void SetStorageFormat(ge::Format format) { storage_format_ = format; }
    bool operator==(const StorageFormat& other) const
    {
        return origin_format_ == other.origin_format_ && storage_format_ == other.storage_format_;
    }
    bool operator!=(const StorageFormat& other) const { return !(*this == other); }

private:
    ge::Format origin_format_ = ge::FORMAT_ND;
    ge::Format storage_format_ = ge::FORMAT_ND;
};

}  // namespace gert
