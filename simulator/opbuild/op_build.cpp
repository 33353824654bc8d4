// SPDX-License-Identifier: Apache-2.0
// op_build <library with operator definitions> <folder> [--compute_unit=<unit;unit...>]
//
// Writes what follows from operator definitions: aclnn functions, prototypes, definitions for the runtime,
// and the list of kernels to compile. As with CANN's tool, the environment has the rest of the say:
//   OPS_PROJECT_NAME          names the files and functions of aclnn (aclnn)
//   OPS_DIRECT_ACCESS_PREFIX  another prefix for the functions alone
//   OPS_ACLNN_GEN             0: leaves the files of aclnn empty
#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "register/op_def_factory.h"
#include "writers.h"

namespace ascend_sim {

namespace {

std::string Environment(const char* name, const std::string& otherwise)
{
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? otherwise : value;
}

std::vector<std::string> Split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = std::min(text.find(separator, begin), text.size());
        if (end > begin) {
            parts.push_back(text.substr(begin, end - begin));
        }
        begin = end + 1;
    }
    return parts;
}

std::vector<std::string> ConfiguredUnits(const std::vector<ops::OpDef>& operators)
{
    std::vector<std::string> units;
    for (const ops::OpDef& op : operators) {
        for (const auto& config : op.AICore().configs_) {
            units.push_back(config.first);
        }
    }
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
    return units;
}

void WriteAclnnFiles(const std::string& folder, const std::vector<Definition>& definitions)
{
    const std::string project = Environment("OPS_PROJECT_NAME", "aclnn");
    const std::string prefix = Environment("OPS_DIRECT_ACCESS_PREFIX", project);
    const bool empty = Environment("OPS_ACLNN_GEN", "1") == "0";
    for (const Definition& definition : definitions) {
        if (empty) {
            const std::string path = folder + "/" + project + "_" + SnakeCase(definition.type);
            WriteFile(path + ".h", "");
            WriteFile(path + ".cpp", "");
        } else {
            WriteAclnn(folder, project, prefix, definition);
        }
    }
}

void Build(const std::string& library, const std::string& folder, std::vector<std::string> units)
{
    // Lazily, because the functions of the runtime that tiling calls are not there.
    if (dlopen(library.c_str(), RTLD_LAZY | RTLD_GLOBAL) == nullptr) {
        throw std::runtime_error(std::string("the operator definitions cannot be loaded: ") + dlerror());
    }
    const std::vector<ops::OpDef> operators = ops::OpDefFactory::CreateAll();
    if (operators.empty()) {
        throw std::runtime_error("no operator is registered in " + library +
                                 "; end its definition with OP_ADD(<type>);");
    }
    if (units.empty()) {
        units = ConfiguredUnits(operators);
    }
    if (units.empty()) {
        throw std::runtime_error("no compute unit was named, and no operator has an AICore().AddConfig(...)");
    }
    for (size_t i = 0; i < units.size(); ++i) {
        std::vector<Definition> definitions;
        for (const ops::OpDef& op : operators) {
            definitions.push_back(MakeDefinition(op, units[i]));
        }
        WriteOpsInfo(folder, units[i], definitions);
        if (i == 0) {  // the simulator's kernels serve every SoC profile
            WriteAclnnFiles(folder, definitions);
            WritePrototypes(folder, definitions);
            WriteKernelList(folder, definitions);
        }
    }
}

}  // namespace

}  // namespace ascend_sim

int main(int argc, char** argv)
{
    const std::string unit_option = "--compute_unit=";
    std::vector<std::string> paths;
    std::vector<std::string> units;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument.compare(0, unit_option.size(), unit_option) == 0) {
            units = ascend_sim::Split(argument.substr(unit_option.size()), ';');
        } else if (!argument.empty()) {
            paths.push_back(argument);
        }
    }
    if (paths.size() != 2) {
        std::fprintf(stderr, "usage: %s <library> <folder> [--compute_unit=<unit;unit...>]\n", argv[0]);
        return 1;
    }
    try {
        ascend_sim::Build(paths[0], paths[1], units);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "op_build: %s\n", error.what());
        return 1;
    }
}
