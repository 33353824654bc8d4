// SPDX-License-Identifier: Apache-2.0
// The operator definition: inputs, outputs, attributes, data types and the functions that go with them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../../core/export.h"
#include "graph/ascend_string.h"
#include "graph/operator.h"
#include "register/op_impl_registry.h"

namespace optiling {

// Callbacks of the graph engine. Accepted and kept, but the simulator has no graph engine to call them.
using OP_CHECK_FUNC = ge::graphStatus (*)(const ge::Operator& op, ge::AscendString& result);
using PARAM_GENERALIZE_FUNC = ge::graphStatus (*)(const ge::Operator& op, const ge::AscendString& config,
                                                  ge::AscendString& params);

}  // namespace optiling

namespace ops {

enum Option { IGNORE = 0, OPTIONAL = 1, REQUIRED = 2, DYNAMIC = 3, VIRTUAL = 4 };

enum class FormatCheckOption : uint32_t { DEFAULT = 0, STRICT = 1, MAX };

enum class DependScope : uint32_t { ALL = 0, TILING = 1, INVALID_SCOPE };

enum class FollowType : uint32_t { ALL = 0, DTYPE = 1, FORMAT = 2, SHAPE = 3, INVALID_TYPE };

enum class CommentSection : uint32_t {
    CATEGORY = 0,
    BRIEF = 1,
    CONSTRAINTS = 2,
    RESTRICTIONS = 3,
    SEE = 4,
    THIRDPARTYFWKCOMPAT = 5,
    SECTION_MAX
};

enum class AttrKind { kNone, kBool, kFloat, kInt, kString, kListBool, kListFloat, kListInt };

// An input or output. Public members are what op_build reads; operator definitions use the functions.
class ASCEND_SIM_EXPORT OpParamDef {
public:
    explicit OpParamDef(const char* name) : name_(name) {}

    OpParamDef& ParamType(Option option);
    OpParamDef& DataType(std::vector<ge::DataType> types);
    // Every type of the list with every column of the other parameters, instead of one type a column.
    OpParamDef& DataTypeList(std::vector<ge::DataType> types);
    OpParamDef& Format(std::vector<ge::Format> formats);
    OpParamDef& FormatList(std::vector<ge::Format> formats);
    OpParamDef& DataTypeForBinQuery(std::vector<ge::DataType> types);
    OpParamDef& FormatForBinQuery(std::vector<ge::Format> formats);
    OpParamDef& UnknownShapeFormat(std::vector<ge::Format> formats);
    OpParamDef& ValueDepend(Option option);
    OpParamDef& ValueDepend(Option option, DependScope scope);
    OpParamDef& IgnoreContiguous();
    OpParamDef& AutoContiguous();
    OpParamDef& Scalar();
    OpParamDef& ScalarList();
    OpParamDef& To(ge::DataType type);
    OpParamDef& To(const char* name);
    OpParamDef& Version(uint32_t version);
    OpParamDef& InitValue(uint64_t value);
    OpParamDef& OutputShapeDependOnCompute();
    OpParamDef& Follow(const char* name);
    OpParamDef& Follow(const char* name, FollowType type);
    OpParamDef& Comment(const char* comment);

    std::string name_;
    Option option_ = IGNORE;
    std::vector<ge::DataType> types_;
    std::vector<ge::DataType> type_list_;
    std::vector<ge::Format> formats_;
    std::vector<ge::Format> format_list_;
    std::vector<ge::Format> unknown_shape_formats_;
    Option value_depend_ = IGNORE;
    bool auto_contiguous_ = false;
    bool scalar_ = false;
    bool scalar_list_ = false;
    uint32_t version_ = 0;
    bool has_init_value_ = false;
    uint64_t init_value_ = 0;
    bool shape_depends_on_compute_ = false;
    std::string follow_;
    FollowType follow_type_ = FollowType::ALL;
    std::string comment_;
};

class ASCEND_SIM_EXPORT OpAttrDef {
public:
    explicit OpAttrDef(const char* name) : name_(name) {}

    OpAttrDef& AttrType(Option option);
    OpAttrDef& Bool();
    OpAttrDef& Bool(bool value);
    OpAttrDef& Float();
    OpAttrDef& Float(float value);
    OpAttrDef& Int();
    OpAttrDef& Int(int64_t value);
    OpAttrDef& String();
    OpAttrDef& String(const char* value);
    OpAttrDef& ListBool();
    OpAttrDef& ListBool(std::vector<bool> value);
    OpAttrDef& ListFloat();
    OpAttrDef& ListFloat(std::vector<float> value);
    OpAttrDef& ListInt();
    OpAttrDef& ListInt(std::vector<int64_t> value);
    OpAttrDef& Version(uint32_t version);
    OpAttrDef& Comment(const char* comment);

    std::string name_;
    Option option_ = REQUIRED;
    AttrKind kind_ = AttrKind::kNone;
    std::string default_;  // as a C++ expression or, for lists, as [a,b]
    uint32_t version_ = 0;
    std::string comment_;

private:
    OpAttrDef& Set(AttrKind kind, std::string value);
};

// What differs on one SoC from the operator definition.
class ASCEND_SIM_EXPORT OpAICoreConfig {
public:
    OpAICoreConfig() = default;
    explicit OpAICoreConfig(const char*) {}

    OpParamDef& Input(const char* name);
    OpParamDef& Output(const char* name);
    OpAICoreConfig& DynamicCompileStaticFlag(bool flag);
    OpAICoreConfig& DynamicFormatFlag(bool flag);
    OpAICoreConfig& DynamicRankSupportFlag(bool flag);
    OpAICoreConfig& DynamicShapeSupportFlag(bool flag);
    OpAICoreConfig& NeedCheckSupportFlag(bool flag);
    OpAICoreConfig& PrecisionReduceFlag(bool flag);
    OpAICoreConfig& ExtendCfgInfo(const char* key, const char* value);

    std::vector<OpParamDef> inputs_;
    std::vector<OpParamDef> outputs_;
    std::vector<std::pair<std::string, std::string>>
        entries_;  // of the ops-info file, in the order they were set
};

class ASCEND_SIM_EXPORT OpAICoreDef {
public:
    OpAICoreDef& SetTiling(gert::OpImplRegisterV2::TilingKernelFunc function);
    OpAICoreDef& SetCheckSupport(optiling::OP_CHECK_FUNC function);
    OpAICoreDef& SetOpSelectFormat(optiling::OP_CHECK_FUNC function);
    OpAICoreDef& SetOpSupportInfo(optiling::OP_CHECK_FUNC function);
    OpAICoreDef& SetOpSpecInfo(optiling::OP_CHECK_FUNC function);
    OpAICoreDef& SetParamGeneralize(optiling::PARAM_GENERALIZE_FUNC function);
    OpAICoreDef& AddConfig(const char* soc);
    OpAICoreDef& AddConfig(const char* soc, OpAICoreConfig& config);
    gert::OpImplRegisterV2::TilingKernelFunc GetTiling() const { return tiling_; }

    std::map<std::string, OpAICoreConfig> configs_;

private:
    gert::OpImplRegisterV2::TilingKernelFunc tiling_ = nullptr;
};

class ASCEND_SIM_EXPORT OpDef {
public:
    explicit OpDef(const char* type) : type_(type) {}

    OpParamDef& Input(const char* name);
    OpParamDef& Output(const char* name);
    OpAttrDef& Attr(const char* name);
    OpDef& Comment(CommentSection section, const char* comment);
    OpDef& SetInferShape(gert::OpImplRegisterV2::InferShapeKernelFunc function);
    OpDef& SetInferShapeRange(gert::OpImplRegisterV2::InferShapeRangeKernelFunc function);
    OpDef& SetInferDataType(gert::OpImplRegisterV2::InferDataTypeKernelFunc function);
    gert::OpImplRegisterV2::InferShapeKernelFunc GetInferShape() const { return infer_shape_; }
    gert::OpImplRegisterV2::InferShapeRangeKernelFunc GetInferShapeRange() const
    {
        return infer_shape_range_;
    }
    gert::OpImplRegisterV2::InferDataTypeKernelFunc GetInferDataType() const { return infer_data_type_; }
    OpAICoreDef& AICore() { return ai_core_; }
    const OpAICoreDef& AICore() const { return ai_core_; }
    OpDef& FormatMatchMode(FormatCheckOption option);
    OpDef& EnableFallBack();

    std::string type_;
    std::vector<OpParamDef> inputs_;
    std::vector<OpParamDef> outputs_;
    std::vector<OpAttrDef> attrs_;
    std::map<CommentSection, std::string> comments_;

private:
    OpAICoreDef ai_core_;
    gert::OpImplRegisterV2::InferShapeKernelFunc infer_shape_ = nullptr;
    gert::OpImplRegisterV2::InferShapeRangeKernelFunc infer_shape_range_ = nullptr;
    gert::OpImplRegisterV2::InferDataTypeKernelFunc infer_data_type_ = nullptr;
};

}  // namespace ops
