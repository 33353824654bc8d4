// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "register/op_def.h"

namespace ops {

using OpDefCreator = std::function<OpDef(const char*)>;

// The operator definitions of the library that op_build has loaded, in the order of registration.
class ASCEND_SIM_EXPORT OpDefFactory {
public:
    static int OpDefRegister(const char* name, OpDefCreator creator);
    static std::vector<OpDef> CreateAll();
};

}  // namespace ops
