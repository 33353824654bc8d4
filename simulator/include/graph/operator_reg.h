// SPDX-License-Identifier: Apache-2.0
// The prototype language of op_proto.h. The simulator has no graph engine, so a prototype is parsed and
// dropped.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "graph/types.h"

namespace ge {

class OperatorPrototype {
public:
    explicit OperatorPrototype(const char*) {}
    OperatorPrototype& Tensor(const char*, const TensorType&) { return *this; }
    template <class T>
    OperatorPrototype& Attribute(const char*, const T&)
    {
        return *this;
    }
};

struct AttributeType {};

}  // namespace ge

#define REG_OP(op_type) \
    [[maybe_unused]] static const auto g_##op_type##_prototype = ge::OperatorPrototype(#op_type)
#define INPUT(name, type) Tensor(#name, type)
#define OPTIONAL_INPUT(name, type) Tensor(#name, type)
#define DYNAMIC_INPUT(name, type) Tensor(#name, type)
#define OUTPUT(name, type) Tensor(#name, type)
#define DYNAMIC_OUTPUT(name, type) Tensor(#name, type)
#define REQUIRED_ATTR(name, type) Attribute(#name, #type)
#define ATTR(name, type, ...) Attribute(#name, #type)
#define OP_END_FACTORY_REG(op_type) Attribute("", 0)
