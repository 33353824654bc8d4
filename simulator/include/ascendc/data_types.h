// SPDX-License-Identifier: Apache-2.0
// CANN's numbers of data types and formats as kernels know them (host code numbers bool and double the other
// way round), for `#if ORIG_DTYPE_X == DT_FLOAT`.
#pragma once

#include "half.h"

#define DT_FLOAT 0
#define DT_FLOAT16 1
#define DT_INT8 2
#define DT_INT32 3
#define DT_UINT8 4
#define DT_INT16 6
#define DT_UINT16 7
#define DT_UINT32 8
#define DT_INT64 9
#define DT_UINT64 10
#define DT_BOOL 11
#define DT_DOUBLE 12
#define DT_COMPLEX64 16
#define DT_BF16 27
#define DT_INT4 29
#define DT_UINT1 30
#define DT_INT2 31

using float16_t = half;
using float32_t = float;

#define FORMAT_NCHW 0
#define FORMAT_NHWC 1
#define FORMAT_ND 2
#define FORMAT_NC1HWC0 3
