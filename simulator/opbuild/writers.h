// SPDX-License-Identifier: Apache-2.0
// The files that op_build writes.
#pragma once

#include <string>
#include <vector>

#include "definition.h"

namespace ascend_sim {

// A file that is only touched if its content changes, so that nothing is rebuilt in vain. Throws
// std::runtime_error if it cannot be written.
void WriteFile(const std::string& path, const std::string& text);

// <project>_<op>.h and .cpp: the aclnn functions of an operator. `project` names the files, `prefix` the
// functions.
void WriteAclnn(const std::string& folder, const std::string& project, const std::string& prefix,
                const Definition& definition);

// op_proto.h and op_proto.cc: the prototypes for the graph engine.
void WritePrototypes(const std::string& folder, const std::vector<Definition>& definitions);

// aic-<unit>-ops-info.ini and .json: the definitions for the runtime.
void WriteOpsInfo(const std::string& folder, const std::string& compute_unit,
                  const std::vector<Definition>& definitions);

// simulator_kernels.cmake: what the build has to compile; <op>_tiling_struct.h with the struct of tiling data
// that was declared with macros; <op>_entry.cpp with the entry of a kernel template.
void WriteKernelList(const std::string& folder, const std::vector<Definition>& definitions);

}  // namespace ascend_sim
