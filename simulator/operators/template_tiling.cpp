// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "tiling/template_argument.h"

namespace ascend_sim {

namespace {

std::vector<TemplateTable>& Tables()
{
    static std::vector<TemplateTable> tables;
    return tables;
}

// Arguments by position among the parameters that have one.
TemplateParams WithArguments(const TemplateParams& params)
{
    TemplateParams result;
    for (const TemplateParam& param : params) {
        if (param.kind != TemplateParam::Kind::kIgnored) {
            result.push_back(param);
        }
    }
    return result;
}

bool Contains(const std::vector<uint64_t>& values, uint64_t value)
{
    return std::find(values.begin(), values.end(), value) != values.end();
}

bool Selects(const TemplateParams& selection, const TemplateParams& declared,
             const std::vector<uint64_t>& arguments)
{
    for (size_t i = 0; i < declared.size(); ++i) {
        for (const TemplateParam& param : selection) {
            if (param.name == declared[i].name && !Contains(param.values, arguments[i])) {
                return false;
            }
        }
    }
    return true;
}

[[noreturn]] void RefuseArguments(const TemplateParams& declared, const std::vector<uint64_t>& arguments)
{
    std::string text = "no ASCENDC_TPL_ARGS_SEL of the kernel's template selects";
    for (size_t i = 0; i < arguments.size(); ++i) {
        text += (i == 0 ? " " : ", ") + (i < declared.size() ? declared[i].name + "=" : std::string()) +
                std::to_string(arguments[i]);
    }
    throw std::runtime_error(text + "; add it there, or choose other arguments in the tiling function");
}

}  // namespace

TemplateParam UintParam(const char* name, uint32_t bits, std::vector<uint64_t> description)
{
    constexpr uint64_t kList = 1;  // ASCENDC_TPL_UI_LIST
    TemplateParam param{name, TemplateParam::Kind::kUint, bits, {}};
    size_t next = 1;
    if (!description.empty() && description[0] != kList) {
        const uint64_t ranges = description.size() > 1 ? description[1] : 0;
        next = 2;
        for (uint64_t range = 0; range < ranges && next + 1 < description.size(); ++range, next += 2) {
            for (uint64_t value = description[next]; value <= description[next + 1]; ++value) {
                param.values.push_back(value);
            }
        }
    }
    for (; next < description.size(); ++next) {
        param.values.push_back(description[next]);
    }
    return param;
}

int RegisterTemplate(const char* name, const TemplateParams& declared,
                     const std::vector<TemplateParams>& selections)
{
    Tables().push_back({name, WithArguments(declared), selections});
    return 0;
}

const std::vector<TemplateTable>& GetTemplates()
{
    return Tables();
}

uint64_t EncodeTilingKey(const TemplateParams& declared, const std::vector<TemplateParams>& selections,
                         const std::vector<uint64_t>& arguments)
{
    const TemplateParams params = WithArguments(declared);
    const auto selects = [&](const TemplateParams& selection) {
        return Selects(selection, params, arguments);
    };
    if (arguments.size() != params.size() || std::none_of(selections.begin(), selections.end(), selects)) {
        RefuseArguments(params, arguments);
    }
    uint64_t key = 0;
    uint32_t shift = 0;
    for (size_t i = 0; i < params.size(); ++i) {
        const auto& values = params[i].values;
        const auto position =
            static_cast<uint64_t>(std::find(values.begin(), values.end(), arguments[i]) - values.begin());
        if (position == values.size() || position >> params[i].bits != 0 || shift + params[i].bits > 64) {
            throw std::runtime_error(
                "template parameter " + params[i].name + "=" + std::to_string(arguments[i]) +
                " was not declared, or its place does not fit the bits of its declaration");
        }
        key |= position << shift;
        shift += params[i].bits;
    }
    return key;
}

}  // namespace ascend_sim
