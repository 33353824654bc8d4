// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "../../../core/export.h"
#include "graph/ascend_string.h"

namespace op {

enum class SocVersion {
    ASCEND910 = 0,
    ASCEND910B,
    ASCEND910_93,
    ASCEND910_95,
    ASCEND910E,
    ASCEND310,
    ASCEND310P,
    ASCEND310B,
    ASCEND310C,
    ASCEND610LITE,
    RESERVED_VERSION = 99999
};

class ASCEND_SIM_EXPORT PlatformInfo {
public:
    // ASCEND910B for the Host profile, whose cores are modelled on it.
    SocVersion GetSocVersion() const;
    const std::string& GetSocLongVersion() const;
    uint32_t GetCubeCoreNum() const;
    uint32_t GetVectorCoreNum() const;
    int64_t GetBlockSize() const { return 32; }
    bool Valid() const { return true; }
};

ASCEND_SIM_EXPORT const PlatformInfo& GetCurrentPlatformInfo();
ASCEND_SIM_EXPORT ge::AscendString ToString(SocVersion version);

}  // namespace op
