// SPDX-License-Identifier: Apache-2.0
// What fused programs are written in: generated loops that compute a sequence of instructions with its
// intermediate results in registers.
//
// A vector of kVectorLanes elements is Floats, whatever their type in memory: elements of 16 bits are loaded
// as Words and widened (FromHalf, FromBFloat16). Operations are those of operations.h, and Of<Exp> and
// Of<Ln>; a result of 16 bits must be rounded before the next one reads it, FromHalf(ToHalf(result)), as
// storing and loading it would.
#pragma once

#include "exp_ln.h"
#include "operations.h"
#include "simd.h"
