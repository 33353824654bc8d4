// SPDX-License-Identifier: Apache-2.0
// Operator packages: vendors/<name> with its definitions, host libraries and kernels.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "op_functions.h"
#include "op_info.h"

namespace ascend_sim {

// An operator of a package, ready to be launched.
class Operator {
public:
    Operator(OpInfo info, const OpFunctions* functions, std::string kernel_folder);

    const OpInfo& info() const { return info_; }
    const OpFunctions& functions() const { return *functions_; }
    // Made by the operator's TilingParse on the first call; null if it has none.
    const void* CompileInfo();
    // The function of the kernel that was built for that column. Throws std::runtime_error if it cannot be
    // loaded.
    void* Kernel(size_t column, bool checked);

private:
    void* LoadKernel(size_t column, bool checked) const;

    OpInfo info_;
    const OpFunctions* functions_;
    std::string kernel_folder_;
    std::once_flag compile_info_once_;
    void* compile_info_ = nullptr;
    std::mutex kernel_mutex_;
    std::unique_ptr<std::atomic<void*>[]> kernels_;  // fast ones, then checked ones
};

// Gives the operator behind a number from op::GenOpTypeId. Throws std::runtime_error if no package has it.
Operator& GetOperator(uint32_t op_type_id);

}  // namespace ascend_sim

// Called by libcust_opapi.so when it is loaded, with the number of the headers it was compiled with
// (cmake/headers.cmake) and an address of its own: the package is found from its path.
extern "C" ASCEND_SIM_EXPORT void ascend_sim_register_package_of(const char* headers, const void* address);
