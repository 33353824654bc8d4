// SPDX-License-Identifier: Apache-2.0
// What host code of published operators takes from CANN besides registration and tiling; one line for each.
#include <cstdio>
#include <string>

#include "acl/acl.h"
#include "base/err_msg.h"
#include "exe_graph/runtime/tiling_context.h"
#include "graph/utils/type_utils.h"
#include "platform/platform_ascendc.h"
#include "platform/platform_infos_def.h"
#include "securec.h"

REG_FORMAT_ERROR_MSG("{}", 2);

int main()
{
    const auto* manager = platform_ascendc::PlatformAscendCManager::GetInstance();
    std::printf("%d\n", static_cast<int>(manager->GetCurNpuArch()));
    const fe::PlatFormInfos platform;
    std::string value;
    const bool found = platform.GetPlatformRes("AICoreSpec", "l1_size", value);
    std::printf("%d %s %d\n", found, value.c_str(), platform.GetPlatformRes("AICoreSpec", "none", value));
    uint64_t bytes = 0;
    platform.GetLocalMemSize(fe::LocalMemType::UB, bytes);
    std::printf("%u %lu\n", platform.GetCoreNumByType("VectorCore"), bytes);

    uint32_t length = 0;
    ge::TypeUtils::GetDataTypeLength(ge::DT_BF16, length);
    std::printf("%s %d %u\n", ge::TypeUtils::DataTypeToSerialString(ge::DT_BF16).c_str(),
                ge::TypeUtils::SerialStringToDataType("DT_INT8"), length);
    std::printf("%s %d\n", ge::TypeUtils::FormatToAscendString(ge::FORMAT_NCHW).GetString(),
                ge::TypeUtils::AscendStringToFormat("no format"));

    const int32_t with_sub_format = 7 << 8 | ge::FORMAT_FRACTAL_Z;
    std::printf("%d %d %d\n", ge::GetPrimaryFormat(with_sub_format), ge::GetSubFormat(with_sub_format),
                ge::HasSubFormat(ge::FORMAT_FRACTAL_Z));

    char text[8] = "abc";
    const int appended = strcat_s(text, sizeof(text), "def");
    const int refused = strcat_s(text, sizeof(text), "gh");
    std::printf("%d %d '%s'\n", appended, refused == ERANGE, text);
    const int written = snprintf_s(text, sizeof(text), sizeof(text) - 1, "%d", 1234567);
    const int too_long = sprintf_s(text, sizeof(text), "%d", 12345678);
    std::printf("%d %d '%s' %d\n", written, too_long, text, memcpy_s(text, 2, "abc", 3) == ERANGE);

    REPORT_INNER_ERR_MSG("E19999", "%d tiles", 3);
    REPORT_PREDEFINED_ERR_MSG("EZ0001", {"op", "reason"}, {"Add", "rank"});
    std::printf("%s", aclGetRecentErrMsg());
}
