// SPDX-License-Identifier: Apache-2.0
// The SoC that TilingContext::GetPlatformInfo() points to, by the keys of CANN's platform_config files.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "../../core/export.h"

namespace fe {

enum class LocalMemType { L0_A = 0, L0_B = 1, L0_C = 2, L1 = 3, L2 = 4, UB = 5, HBM = 6, RESERVED };

// Asked anew each time, because the SoC profile can change.
class ASCEND_SIM_EXPORT PlatFormInfos {
public:
    // False if the profile has no such section or key.
    bool GetPlatformRes(const std::string& label, const std::string& key, std::string& val) const;
    bool GetPlatformRes(const std::string& label, std::map<std::string, std::string>& res) const;
    bool GetPlatformResWithLock(const std::string& label, const std::string& key, std::string& val) const;
    bool GetPlatformResWithLock(const std::string& label, std::map<std::string, std::string>& res) const;
    uint32_t GetCoreNum() const;
    uint32_t GetCoreNumWithLock() const;
    uint32_t GetCoreNumByType(const std::string& core_type) const;  // "AiCore", "VectorCore"
    void GetLocalMemSize(const LocalMemType& mem_type, uint64_t& size) const;
    void GetLocalMemBw(const LocalMemType& mem_type, uint64_t& bw_size) const;
};

}  // namespace fe
