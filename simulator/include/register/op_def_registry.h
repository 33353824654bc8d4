// SPDX-License-Identifier: Apache-2.0
// OP_ADD registers what the library that is being compiled stands for: the tiling library (OP_TILING_LIB) the
// tiling, the prototype library (OP_PROTO_LIB) the inference, and the library that op_build reads the whole
// definition.
#pragma once

#include "register/op_def.h"
#include "register/op_def_factory.h"

#if defined(OP_PROTO_LIB)

#define OP_ADD(op_type, ...)                                     \
    [[maybe_unused]] static const int g_##op_type##_added = [] { \
        const op_type op(#op_type);                              \
        gert::OpImplRegisterV2(#op_type)                         \
            .InferShape(op.GetInferShape())                      \
            .InferShapeRange(op.GetInferShapeRange())            \
            .InferDataType(op.GetInferDataType());               \
        return 0;                                                \
    }()

#elif defined(OP_TILING_LIB)

#define OP_ADD(op_type, ...)                                              \
    [[maybe_unused]] static const int g_##op_type##_added = [] {          \
        const op_type op(#op_type);                                       \
        gert::OpImplRegisterV2(#op_type).Tiling(op.AICore().GetTiling()); \
        return 0;                                                         \
    }()

#else

#define OP_ADD(op_type, ...)                                                                  \
    [[maybe_unused]] static const int g_##op_type##_added = ops::OpDefFactory::OpDefRegister( \
        #op_type, [](const char*) -> ops::OpDef { return op_type(#op_type); })

#endif
