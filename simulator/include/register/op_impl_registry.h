// SPDX-License-Identifier: Apache-2.0
// Registration of an operator's host functions: shape and type inference, tiling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
// Host code relies on what CANN's header includes.
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "../../core/export.h"
#include "exe_graph/runtime/infer_datatype_context.h"
#include "exe_graph/runtime/infer_shape_context.h"
#include "exe_graph/runtime/infer_shape_range_context.h"
#include "exe_graph/runtime/tiling_context.h"
#include "exe_graph/runtime/tiling_parse_context.h"
#include "graph/ge_error_codes.h"
#include "graph/types.h"

namespace ascend_sim {
struct OpFunctions;
}

namespace gert {

// Adds functions to those known of `op_type`. What is registered while a package's libraries are being loaded
// belongs to that package.
class ASCEND_SIM_EXPORT OpImplRegisterV2 {
public:
    using InferShapeKernelFunc = uint32_t (*)(InferShapeContext*);
    using InferShapeRangeKernelFunc = uint32_t (*)(InferShapeRangeContext*);
    using InferDataTypeKernelFunc = uint32_t (*)(InferDataTypeContext*);
    using TilingKernelFunc = uint32_t (*)(TilingContext*);
    using TilingParseFunc = uint32_t (*)(TilingParseContext*);

    explicit OpImplRegisterV2(const ge::char_t* op_type);

    OpImplRegisterV2& InferShape(InferShapeKernelFunc function);
    OpImplRegisterV2& InferShapeRange(InferShapeRangeKernelFunc function);
    OpImplRegisterV2& InferDataType(InferDataTypeKernelFunc function);
    OpImplRegisterV2& InferOutDataTypeSameWithFirstInput();
    OpImplRegisterV2& Tiling(TilingKernelFunc function, size_t max_tiling_data_size = 2048);
    template <class CompileInfo>
    OpImplRegisterV2& TilingParse(TilingParseFunc function)
    {
        return TilingParse(function, []() -> void* { return new CompileInfo(); });
    }
    // Inputs whose values tiling or inference reads: taken from the operator definition, so nothing to
    // record.
    OpImplRegisterV2& InputsDataDependency(std::initializer_list<int32_t>) { return *this; }
    OpImplRegisterV2& TilingInputsDataDependency(std::initializer_list<int32_t>) { return *this; }

private:
    OpImplRegisterV2& TilingParse(TilingParseFunc function, void* (*create_compile_info)());

    ascend_sim::OpFunctions* functions_;
};

}  // namespace gert

#define IMPL_OP_UNIQUE(op_type, counter)                                          \
    [[maybe_unused]] static gert::OpImplRegisterV2 g_impl_##op_type##_##counter = \
        gert::OpImplRegisterV2(#op_type)
#define IMPL_OP_NUMBERED(op_type, counter) IMPL_OP_UNIQUE(op_type, counter)
#define IMPL_OP(op_type) IMPL_OP_NUMBERED(op_type, __COUNTER__)
#define IMPL_OP_INFERSHAPE(op_type) IMPL_OP_NUMBERED(op_type, __COUNTER__)
#define IMPL_OP_OPTILING(op_type) IMPL_OP_NUMBERED(op_type, __COUNTER__)
