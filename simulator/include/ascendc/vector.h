// SPDX-License-Identifier: Apache-2.0
// All vector instructions, and the high-level functions made of them.
#pragma once

#include "function_broadcast.h"
#include "function_reduce.h"
#include "function_rows.h"
#include "functions.h"
#include "vector_binary.h"
#include "vector_cast.h"
#include "vector_compare.h"
#include "vector_duplicate.h"
#include "vector_gather.h"
#include "vector_mask.h"
#include "vector_operators.h"
#include "vector_reduce.h"
#include "vector_scalar.h"
#include "vector_select.h"
#include "vector_sort.h"
#include "vector_ternary.h"
#include "vector_transpose.h"
#include "vector_unary.h"
