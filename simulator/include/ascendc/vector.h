// SPDX-License-Identifier: Apache-2.0
// All vector instructions.
#pragma once

#include "vector_binary.h"
#include "vector_cast.h"
#include "vector_compare.h"
#include "vector_duplicate.h"
#include "vector_mask.h"
#include "vector_reduce.h"
#include "vector_scalar.h"
#include "vector_select.h"
#include "vector_ternary.h"
#include "vector_unary.h"
