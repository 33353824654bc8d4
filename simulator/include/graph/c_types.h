// SPDX-License-Identifier: Apache-2.0
// Data types and formats by C names, for tables of template tiling keys.
#pragma once

#include "graph/types.h"

enum C_DataType {
    C_DT_FLOAT = ge::DT_FLOAT,
    C_DT_FLOAT16 = ge::DT_FLOAT16,
    C_DT_INT8 = ge::DT_INT8,
    C_DT_INT32 = ge::DT_INT32,
    C_DT_UINT8 = ge::DT_UINT8,
    C_DT_INT16 = ge::DT_INT16,
    C_DT_UINT16 = ge::DT_UINT16,
    C_DT_UINT32 = ge::DT_UINT32,
    C_DT_INT64 = ge::DT_INT64,
    C_DT_UINT64 = ge::DT_UINT64,
    C_DT_DOUBLE = ge::DT_DOUBLE,
    C_DT_BOOL = ge::DT_BOOL,
    C_DT_BF16 = ge::DT_BF16
};

enum C_Format {
    C_FORMAT_NCHW = ge::FORMAT_NCHW,
    C_FORMAT_NHWC = ge::FORMAT_NHWC,
    C_FORMAT_ND = ge::FORMAT_ND
};
