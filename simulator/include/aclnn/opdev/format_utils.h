// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/common_types.h"

namespace op {

// Formats that only the device's own library lays out (NC1HWC0, FRACTAL_NZ, ...).
ASCEND_SIM_EXPORT bool IsPrivateFormat(Format format);
ASCEND_SIM_EXPORT ge::AscendString ToString(Format format);

inline Format ToOpFormat(aclFormat format)
{
    return format == ACL_FORMAT_UNDEFINED ? Format::FORMAT_MAX : static_cast<Format>(format);
}

}  // namespace op
