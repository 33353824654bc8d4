// SPDX-License-Identifier: Apache-2.0
// The C face of an operator's host code, for whoever launches its kernel without a package: shape inference
// and tiling on tensors that need not exist. Functions return -1 (null) on failure; ascend_sim_last_error()
// then has the text, on the same thread.
#pragma once

#include <cstdint>

#include "../core/export.h"

extern "C" {

typedef struct AscendSimOperator AscendSimOperator;

typedef struct AscendSimTensor {
    const char* data_type;  // as in ops-info files: "float32"; null: an absent optional input
    const int64_t* shape;
    uint32_t rank;
    void* data;  // null, or what tiling reads of an input it depends on by value
} AscendSimTensor;

enum AscendSimAttributeKind {
    kAscendSimBool,
    kAscendSimInt,
    kAscendSimFloat,
    kAscendSimString,
    kAscendSimBools,  // `values` points to bool
    kAscendSimInts,   // to int64_t
    kAscendSimFloats  // to float
};

typedef struct AscendSimAttribute {
    int32_t kind;
    int64_t integer;
    double number;
    const char* text;
    const void* values;
    uint64_t count;
} AscendSimAttribute;

// A call: arguments in the order of the operator's definition.
typedef struct AscendSimCall {
    const AscendSimTensor* inputs;
    const AscendSimTensor* outputs;
    const AscendSimAttribute* attributes;
    uint32_t input_count;
    uint32_t output_count;
    uint32_t attribute_count;
} AscendSimCall;

enum { kAscendSimMaxRank = 8 };

typedef struct AscendSimTiling {
    uint32_t column;  // of data types
    uint32_t block_dim;
    uint64_t tiling_key;
    uint64_t workspace_bytes;
    int32_t schedule_mode;
    const void* data;  // until the next call on the same thread
    uint64_t data_bytes;
} AscendSimTiling;

// Loads host code (built with OP_TILING_LIB, and with OP_PROTO_LIB) and the operator's definition, as
// op_build wrote it. Never unloaded.
ASCEND_SIM_EXPORT AscendSimOperator* ascend_sim_load_operator(const char* tiling_library,
                                                              const char* inference_library,
                                                              const char* ops_info, const char* op_type);
// Gives the shapes of the outputs; kAscendSimMaxRank numbers each. Returns 0 if the operator infers none.
ASCEND_SIM_EXPORT int ascend_sim_infer_shapes(AscendSimOperator* op, const AscendSimCall* call,
                                              int64_t* shapes, uint32_t* ranks);
// Runs the tiling for the current SoC.
ASCEND_SIM_EXPORT int ascend_sim_tile(AscendSimOperator* op, const AscendSimCall* call,
                                      AscendSimTiling* tiling);

}  // extern "C"
