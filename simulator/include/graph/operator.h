// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "graph/ascend_string.h"
#include "graph/ge_error_codes.h"

namespace ge {

// A node of a GE graph. The simulator runs single operators and has no graphs: the type exists so that the
// graph-only callbacks of an operator definition can be declared.
class Operator;

}  // namespace ge
