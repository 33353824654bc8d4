// SPDX-License-Identifier: Apache-2.0
// The current SoC profile under the names that tiling and op_api code know.
#include "../core/platform.h"

#include <algorithm>
#include <map>

#include "opdev/platform.h"
#include "platform.h"
#include "platform/platform_infos_def.h"
#include "thread_limit.h"
#include "tiling/platform/platform_ascendc.h"

namespace fe {

bool PlatFormInfos::GetPlatformRes(const std::string& label, const std::string& key, std::string& val) const
{
    const auto& values = ascend_sim::CurrentPlatform().values;
    const auto found = values.find(label + "." + key);
    if (found == values.end()) {
        return false;
    }
    val = found->second;
    return true;
}

bool PlatFormInfos::GetPlatformRes(const std::string& label, std::map<std::string, std::string>& res) const
{
    const std::string prefix = label + ".";
    res.clear();
    for (const auto& [key, value] : ascend_sim::CurrentPlatform().values) {
        if (key.compare(0, prefix.size(), prefix) == 0) {
            res[key.substr(prefix.size())] = value;
        }
    }
    return !res.empty();
}

bool PlatFormInfos::GetPlatformResWithLock(const std::string& label, const std::string& key,
                                           std::string& val) const
{
    return GetPlatformRes(label, key, val);
}

bool PlatFormInfos::GetPlatformResWithLock(const std::string& label,
                                           std::map<std::string, std::string>& res) const
{
    return GetPlatformRes(label, res);
}

uint32_t PlatFormInfos::GetCoreNum() const
{
    return ascend_sim::VectorCores(ascend_sim::CurrentPlatform());
}

uint32_t PlatFormInfos::GetCoreNumWithLock() const
{
    return GetCoreNum();
}

uint32_t PlatFormInfos::GetCoreNumByType(const std::string& core_type) const
{
    const ascend_sim::Platform& profile = ascend_sim::CurrentPlatform();
    return core_type == "VectorCore" ? ascend_sim::VectorCores(profile) : profile.cube_cores;
}

void PlatFormInfos::GetLocalMemSize(const LocalMemType& mem_type, uint64_t& size) const
{
    using platform_ascendc::CoreMemType;
    platform_ascendc::PlatformAscendC(ascend_sim::CurrentPlatformInfos())
        .GetCoreMemSize(static_cast<CoreMemType>(mem_type), size);
}

void PlatFormInfos::GetLocalMemBw(const LocalMemType& mem_type, uint64_t& bw_size) const
{
    using platform_ascendc::CoreMemType;
    platform_ascendc::PlatformAscendC(ascend_sim::CurrentPlatformInfos())
        .GetCoreMemBw(static_cast<CoreMemType>(mem_type), bw_size);
}

}  // namespace fe

namespace ascend_sim {

fe::PlatFormInfos* CurrentPlatformInfos()
{
    static fe::PlatFormInfos infos;
    return &infos;
}

}  // namespace ascend_sim

namespace platform_ascendc {

namespace {

uint64_t ProfileNumber(const ascend_sim::Platform& profile, const char* key)
{
    const auto found = profile.values.find(key);
    return found == profile.values.end() ? 0 : std::strtoull(found->second.c_str(), nullptr, 10);
}

}  // namespace

uint32_t PlatformAscendC::GetCoreNum() const
{
    return GetCoreNumAiv();
}

uint32_t PlatformAscendC::GetCoreNumAic() const
{
    return ascend_sim::CurrentPlatform().cube_cores;
}

uint32_t PlatformAscendC::GetCoreNumAiv() const
{
    return ascend_sim::VectorCores(ascend_sim::CurrentPlatform());
}

uint32_t PlatformAscendC::GetCoreNumVector() const
{
    return 0;
}

uint32_t PlatformAscendC::CalcTschBlockDim(uint32_t slices, uint32_t aic_cores, uint32_t aiv_cores) const
{
    if (aic_cores == 0 || aiv_cores == 0 || aic_cores > aiv_cores) {
        return slices;
    }
    const uint32_t ratio = aiv_cores / aic_cores;
    return (slices + ratio - 1) / ratio;
}

uint32_t PlatformAscendC::GetLibApiWorkSpaceSize() const
{
    return 0;  // synchronisation between cores takes no device memory here
}

void PlatformAscendC::GetCoreMemSize(const CoreMemType& type, uint64_t& bytes) const
{
    const ascend_sim::Platform& profile = ascend_sim::CurrentPlatform();
    switch (type) {
        case CoreMemType::UB:
            bytes = profile.ub_size;
            break;
        case CoreMemType::L1:
            bytes = profile.l1_size;
            break;
        case CoreMemType::L2:
            bytes = profile.l2_size;
            break;
        case CoreMemType::L0_A:
            bytes = ProfileNumber(profile, "AICoreSpec.l0_a_size");
            break;
        case CoreMemType::L0_B:
            bytes = ProfileNumber(profile, "AICoreSpec.l0_b_size");
            break;
        case CoreMemType::L0_C:
            bytes = ProfileNumber(profile, "AICoreSpec.l0_c_size");
            break;
        case CoreMemType::HBM:
            bytes = ProfileNumber(profile, "SoCInfo.memory_size");
            break;
        default:
            bytes = 0;
    }
}

void PlatformAscendC::GetCoreMemBw(const CoreMemType& type, uint64_t& bytes_per_cycle) const
{
    const ascend_sim::Platform& profile = ascend_sim::CurrentPlatform();
    bytes_per_cycle = 0;
    if (type == CoreMemType::L2) {
        bytes_per_cycle = static_cast<uint64_t>(profile.l2_bytes_per_cycle);
    } else if (type == CoreMemType::HBM) {
        bytes_per_cycle = static_cast<uint64_t>(profile.hbm_bytes_per_cycle);
    }
}

SocVersion PlatformAscendC::GetSocVersion() const
{
    static const std::map<std::string, SocVersion> kVersions = {
        {"Ascend910", SocVersion::ASCEND910},     {"Ascend910B", SocVersion::ASCEND910B},
        {"Ascend910_93", SocVersion::ASCEND910B}, {"Ascend310P", SocVersion::ASCEND310P},
        {"Ascend310B", SocVersion::ASCEND310B},   {"Ascend950", SocVersion::ASCEND950},
    };
    const auto found = kVersions.find(ascend_sim::CurrentPlatform().short_name);
    return found == kVersions.end() ? SocVersion::ASCEND910B : found->second;
}

NpuArch PlatformAscendC::GetCurNpuArch() const
{
    switch (GetSocVersion()) {
        case SocVersion::ASCEND910:
            return NpuArch::DAV_1001;
        case SocVersion::ASCEND310P:
            return NpuArch::DAV_2002;
        case SocVersion::ASCEND310B:
            return NpuArch::DAV_3002;
        case SocVersion::ASCEND950:
            return NpuArch::DAV_3510;
        default:
            return NpuArch::DAV_2201;
    }
}

PlatformAscendC* PlatformAscendCManager::GetInstance()
{
    static PlatformAscendC instance(ascend_sim::CurrentPlatformInfos());
    return &instance;
}

}  // namespace platform_ascendc

namespace op {

namespace {

struct SocName {
    SocVersion version;
    const char* name;
};

constexpr SocName kSocNames[] = {
    {SocVersion::ASCEND910, "Ascend910"},       {SocVersion::ASCEND910B, "Ascend910B"},
    {SocVersion::ASCEND910_93, "Ascend910_93"}, {SocVersion::ASCEND910_95, "Ascend950"},
    {SocVersion::ASCEND310P, "Ascend310P"},     {SocVersion::ASCEND310B, "Ascend310B"},
};

}  // namespace

SocVersion PlatformInfo::GetSocVersion() const
{
    for (const SocName& soc : kSocNames) {
        if (ascend_sim::CurrentPlatform().short_name == soc.name) {
            return soc.version;
        }
    }
    return SocVersion::ASCEND910B;
}

const std::string& PlatformInfo::GetSocLongVersion() const
{
    return ascend_sim::CurrentPlatform().name;
}

uint32_t PlatformInfo::GetCubeCoreNum() const
{
    return ascend_sim::CurrentPlatform().cube_cores;
}

uint32_t PlatformInfo::GetVectorCoreNum() const
{
    return ascend_sim::VectorCores(ascend_sim::CurrentPlatform());
}

const PlatformInfo& GetCurrentPlatformInfo()
{
    static const PlatformInfo info;
    return info;
}

ge::AscendString ToString(SocVersion version)
{
    for (const SocName& soc : kSocNames) {
        if (soc.version == version) {
            return soc.name;
        }
    }
    return "unknown";
}

}  // namespace op
