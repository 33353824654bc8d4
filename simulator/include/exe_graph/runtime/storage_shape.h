// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>

#include "exe_graph/runtime/shape.h"

namespace gert {

// A tensor's shape as the user sees it and as it lies in memory. They differ for private formats only.
struct StorageShape {
    StorageShape() = default;
    StorageShape(std::initializer_list<int64_t> origin, std::initializer_list<int64_t> storage)
        : origin_shape_(origin), storage_shape_(storage)
    {
    }

    const Shape& GetOriginShape() const { return origin_shape_; }
    const Shape& GetStorageShape() const { return storage_shape_; }
    Shape& MutableOriginShape() { return origin_shape_; }
    Shape& MutableStorageShape() { return storage_shape_; }
    bool operator==(const StorageShape& other) const
    {
        return origin_shape_ == other.origin_shape_ && storage_shape_ == other.storage_shape_;
    }
    bool operator!=(const StorageShape& other) const { return !(*this == other); }

private:
    Shape origin_shape_;
    Shape storage_shape_;
};

}  // namespace gert
