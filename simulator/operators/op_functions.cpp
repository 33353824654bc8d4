// SPDX-License-Identifier: Apache-2.0
#include "op_functions.h"

namespace ascend_sim {

namespace {

thread_local OpFunctionsMap* current_functions = nullptr;

}  // namespace

RegistrationScope::RegistrationScope(OpFunctionsMap* functions) : outer_(current_functions)
{
    current_functions = functions;
}

RegistrationScope::~RegistrationScope()
{
    current_functions = outer_;
}

OpFunctionsMap& ProcessOpFunctions()
{
    static OpFunctionsMap functions;
    return functions;
}

}  // namespace ascend_sim

namespace gert {

OpImplRegisterV2::OpImplRegisterV2(const ge::char_t* op_type)
{
    ascend_sim::OpFunctionsMap* functions = ascend_sim::current_functions;
    functions_ = &(functions != nullptr ? *functions : ascend_sim::ProcessOpFunctions())[op_type];
}

OpImplRegisterV2& OpImplRegisterV2::InferShape(InferShapeKernelFunc function)
{
    functions_->infer_shape = function;
    return *this;
}

// Shape ranges are a matter of graph compilation, which the simulator does not do.
OpImplRegisterV2& OpImplRegisterV2::InferShapeRange(InferShapeRangeKernelFunc)
{
    return *this;
}

OpImplRegisterV2& OpImplRegisterV2::InferDataType(InferDataTypeKernelFunc function)
{
    functions_->infer_data_type = function;
    return *this;
}

OpImplRegisterV2& OpImplRegisterV2::InferOutDataTypeSameWithFirstInput()
{
    functions_->data_type_of_first_input = true;
    return *this;
}

OpImplRegisterV2& OpImplRegisterV2::Tiling(TilingKernelFunc function, size_t max_tiling_data_size)
{
    functions_->tiling = function;
    functions_->max_tiling_data_size = max_tiling_data_size;
    return *this;
}

OpImplRegisterV2& OpImplRegisterV2::TilingParse(TilingParseFunc function, void* (*create_compile_info)())
{
    functions_->tiling_parse = function;
    functions_->create_compile_info = create_compile_info;
    return *this;
}

}  // namespace gert
