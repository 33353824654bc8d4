// SPDX-License-Identifier: Apache-2.0
// Template tiling keys on the host: which arguments a kernel template may have, which combinations are built,
// and the tiling key of one. op_build reads the tables to write an entry that picks the instance by its key.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../../core/export.h"
#include "graph/c_types.h"

namespace ascend_sim {

// A parameter of a kernel template with its values: those it may have, or those that one selection builds.
struct TemplateParam {
    enum class Kind { kDataType, kFormat, kUint, kBool, kIgnored };

    std::string name;
    Kind kind = Kind::kIgnored;
    uint32_t bits = 0;  // of the key
    std::vector<uint64_t> values;
};

using TemplateParams = std::vector<TemplateParam>;

struct TemplateTable {
    std::string name;
    TemplateParams declared;
    std::vector<TemplateParams> selections;
};

// The values that UINT tables describe: a list, ranges, or ranges and then a list.
ASCEND_SIM_EXPORT TemplateParam UintParam(const char* name, uint32_t bits, std::vector<uint64_t> description);

ASCEND_SIM_EXPORT int RegisterTemplate(const char* name, const TemplateParams& declared,
                                       const std::vector<TemplateParams>& selections);
ASCEND_SIM_EXPORT const std::vector<TemplateTable>& GetTemplates();

// The key of one combination of arguments. Throws std::runtime_error if no selection has it.
ASCEND_SIM_EXPORT uint64_t EncodeTilingKey(const TemplateParams& declared,
                                           const std::vector<TemplateParams>& selections,
                                           const std::vector<uint64_t>& arguments);

template <class... T>
std::vector<uint64_t> TemplateArguments(const T&... values)
{
    return {static_cast<uint64_t>(values)...};
}

}  // namespace ascend_sim

#define ASCENDC_TPL_1_BW 1
#define ASCENDC_TPL_2_BW 2
#define ASCENDC_TPL_4_BW 4
#define ASCENDC_TPL_8_BW 8
#define ASCENDC_TPL_UI_RANGE 0
#define ASCENDC_TPL_UI_LIST 1
#define ASCENDC_TPL_UI_MIX 2

// Among the data types of a parameter: it is that of the input or output with this index. Never an argument.
#define ASCENDC_TPL_INPUT(index) (~uint64_t{0} - (index))
#define ASCENDC_TPL_OUTPUT(index) (~uint64_t{0} / 2 - (index))

#define ASCEND_SIM_TPL_PARAM(name, kind, bits, ...)         \
    ascend_sim::TemplateParam                               \
    {                                                       \
        #name, ascend_sim::TemplateParam::Kind::kind, bits, \
        {                                                   \
            __VA_ARGS__                                     \
        }                                                   \
    }

#define ASCENDC_TPL_DTYPE_DECL(name, ...) ASCEND_SIM_TPL_PARAM(name, kDataType, 8, __VA_ARGS__)
#define ASCENDC_TPL_DATATYPE_DECL(name, ...) ASCEND_SIM_TPL_PARAM(name, kDataType, 8, __VA_ARGS__)
#define ASCENDC_TPL_FORMAT_DECL(name, ...) ASCEND_SIM_TPL_PARAM(name, kFormat, 8, __VA_ARGS__)
#define ASCENDC_TPL_UINT_DECL(name, bits, ...) ascend_sim::UintParam(#name, bits, {__VA_ARGS__})
#define ASCENDC_TPL_BOOL_DECL(name, ...) ASCEND_SIM_TPL_PARAM(name, kBool, 1, __VA_ARGS__)
#define ASCENDC_TPL_KERNEL_TYPE_DECL(name, ...) ASCEND_SIM_TPL_PARAM(name, kIgnored, 0, 0)

#define ASCENDC_TPL_DTYPE_SEL(name, ...) ASCENDC_TPL_DTYPE_DECL(name, __VA_ARGS__)
#define ASCENDC_TPL_DATATYPE_SEL(name, ...) ASCENDC_TPL_DATATYPE_DECL(name, __VA_ARGS__)
#define ASCENDC_TPL_FORMAT_SEL(name, ...) ASCENDC_TPL_FORMAT_DECL(name, __VA_ARGS__)
#define ASCENDC_TPL_UINT_SEL(name, ...) ascend_sim::UintParam(#name, 0, {__VA_ARGS__})
#define ASCENDC_TPL_BOOL_SEL(name, ...) ASCENDC_TPL_BOOL_DECL(name, __VA_ARGS__)
#define ASCENDC_TPL_KERNEL_TYPE_SEL(...) ASCEND_SIM_TPL_PARAM(kernel type, kIgnored, 0, 0)
#define ASCENDC_TPL_TILING_STRUCT_SEL(...) ASCEND_SIM_TPL_PARAM(tiling struct, kIgnored, 0, 0)

#define ASCENDC_TPL_ARGS_DECL(name, ...)                           \
    static const char* const g_ascendSimTplName = #name;           \
    static const ascend_sim::TemplateParams g_ascendSimTplDeclared \
    {                                                              \
        __VA_ARGS__                                                \
    }
#define ASCENDC_TPL_ARGS_SEL(...) {__VA_ARGS__}
#define ASCENDC_TPL_SEL(...)                                                                    \
    static const std::vector<ascend_sim::TemplateParams> g_ascendSimTplSelections{__VA_ARGS__}; \
    [[maybe_unused]] static const int g_ascendSimTplRegistered =                                \
        ascend_sim::RegisterTemplate(g_ascendSimTplName, g_ascendSimTplDeclared, g_ascendSimTplSelections)

#define GET_TPL_TILING_KEY(...)                                                   \
    ascend_sim::EncodeTilingKey(g_ascendSimTplDeclared, g_ascendSimTplSelections, \
                                ascend_sim::TemplateArguments(__VA_ARGS__))
#define ASCENDC_TPL_SEL_PARAM(context, ...) (context)->SetTilingKey(GET_TPL_TILING_KEY(__VA_ARGS__))
