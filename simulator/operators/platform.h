// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace fe {
class PlatFormInfos;
}

namespace ascend_sim {

// What TilingContext::GetPlatformInfo() gives: a handle of the current SoC profile.
fe::PlatFormInfos* CurrentPlatformInfos();

}  // namespace ascend_sim
