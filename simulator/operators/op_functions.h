// SPDX-License-Identifier: Apache-2.0
// The host functions that libraries register for their operators.
#pragma once

#include <map>
#include <string>

#include "register/op_impl_registry.h"

namespace ascend_sim {

struct OpFunctions {
    gert::OpImplRegisterV2::InferShapeKernelFunc infer_shape = nullptr;
    gert::OpImplRegisterV2::InferDataTypeKernelFunc infer_data_type = nullptr;
    bool data_type_of_first_input = false;
    gert::OpImplRegisterV2::TilingKernelFunc tiling = nullptr;
    size_t max_tiling_data_size = 2048;
    gert::OpImplRegisterV2::TilingParseFunc tiling_parse = nullptr;
    void* (*create_compile_info)() = nullptr;
};

using OpFunctionsMap = std::map<std::string, OpFunctions>;

// While it lives, what this thread registers goes to `functions`: a package is being loaded. Otherwise to
// ProcessOpFunctions().
class RegistrationScope {
public:
    explicit RegistrationScope(OpFunctionsMap* functions);
    ~RegistrationScope();
    RegistrationScope(const RegistrationScope&) = delete;
    RegistrationScope& operator=(const RegistrationScope&) = delete;

private:
    OpFunctionsMap* outer_;
};

// What was registered outside any package: by the program itself or libraries it links.
OpFunctionsMap& ProcessOpFunctions();

}  // namespace ascend_sim
