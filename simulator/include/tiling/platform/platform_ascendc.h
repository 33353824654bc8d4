// SPDX-License-Identifier: Apache-2.0
// What tiling may ask about the SoC.
#pragma once

#include <cstdint>

#include "../../../core/export.h"
#include "platform/soc_spec.h"

namespace fe {
class PlatFormInfos;
}

namespace platform_ascendc {

enum class CoreMemType { L0_A = 0, L0_B = 1, L0_C = 2, L1 = 3, L2 = 4, UB = 5, HBM = 6, RESERVED };

enum class SocVersion {
    ASCEND910 = 0,
    ASCEND910B,
    ASCEND310P,
    ASCEND310B,
    ASCEND950,
    ASCEND910_55,
    ASCEND910_95 = ASCEND950,
    ASCEND310 = 10,
    ASCEND910_93 = 13,
    RESERVED_VERSION = 99999
};

class ASCEND_SIM_EXPORT PlatformAscendC {
public:
    PlatformAscendC() = delete;
    explicit PlatformAscendC(fe::PlatFormInfos* platform) : platform_(platform) {}

    // The cores a vector kernel runs on.
    uint32_t GetCoreNum() const;
    uint32_t GetCoreNumAic() const;
    uint32_t GetCoreNumAiv() const;
    // Vector cores beside the AI cores (310P); none elsewhere.
    uint32_t GetCoreNumVector() const;
    // The block_dim of a kernel that uses cube and vector cores together.
    uint32_t CalcTschBlockDim(uint32_t slices, uint32_t aic_cores, uint32_t aiv_cores) const;
    uint32_t CalcTschNumBlocks(uint32_t slices, uint32_t aic_cores, uint32_t aiv_cores) const
    {
        return CalcTschBlockDim(slices, aic_cores, aiv_cores);
    }
    // Bytes of workspace that the library of the programming model claims at the front of the user's.
    uint32_t GetLibApiWorkSpaceSize() const;
    void GetCoreMemSize(const CoreMemType& type, uint64_t& bytes) const;
    // Bytes a cycle between a core and L2 or HBM.
    void GetCoreMemBw(const CoreMemType& type, uint64_t& bytes_per_cycle) const;
    // The family: ASCEND910B also for the 910_93 SoCs.
    SocVersion GetSocVersion() const;
    NpuArch GetCurNpuArch() const;

private:
    fe::PlatFormInfos* platform_;
};

class ASCEND_SIM_EXPORT PlatformAscendCManager {
public:
    // The SoC that kernels run on.
    static PlatformAscendC* GetInstance();
};

}  // namespace platform_ascendc
