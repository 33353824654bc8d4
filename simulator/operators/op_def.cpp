// SPDX-License-Identifier: Apache-2.0
#include "register/op_def.h"

#include <sstream>

#include "register/op_def_factory.h"

namespace ops {

namespace {

template <class Values>
std::string ListText(const Values& values)
{
    std::ostringstream text;
    text.precision(9);
    text << '[';
    for (size_t i = 0; i < values.size(); ++i) {
        text << (i == 0 ? "" : ",") << values[i];
    }
    text << ']';
    return text.str();
}

template <class Item>
Item& FindOrAdd(std::vector<Item>& items, const char* name)
{
    for (Item& item : items) {
        if (item.name_ == name) {
            return item;
        }
    }
    items.emplace_back(name);
    return items.back();
}

const char* BoolText(bool value)
{
    return value ? "true" : "false";
}

std::vector<std::pair<std::string, OpDefCreator>>& Creators()
{
    static std::vector<std::pair<std::string, OpDefCreator>> creators;
    return creators;
}

}  // namespace

OpParamDef& OpParamDef::ParamType(Option option)
{
    option_ = option;
    return *this;
}

OpParamDef& OpParamDef::DataType(std::vector<ge::DataType> types)
{
    types_ = std::move(types);
    return *this;
}

OpParamDef& OpParamDef::DataTypeList(std::vector<ge::DataType> types)
{
    type_list_ = std::move(types);
    return *this;
}

OpParamDef& OpParamDef::Format(std::vector<ge::Format> formats)
{
    formats_ = std::move(formats);
    return *this;
}

OpParamDef& OpParamDef::FormatList(std::vector<ge::Format> formats)
{
    format_list_ = std::move(formats);
    return *this;
}

// Which columns share a binary is a matter of the device's compiler: here every column has its own.
OpParamDef& OpParamDef::DataTypeForBinQuery(std::vector<ge::DataType>)
{
    return *this;
}

OpParamDef& OpParamDef::FormatForBinQuery(std::vector<ge::Format>)
{
    return *this;
}

OpParamDef& OpParamDef::UnknownShapeFormat(std::vector<ge::Format> formats)
{
    unknown_shape_formats_ = std::move(formats);
    return *this;
}

OpParamDef& OpParamDef::ValueDepend(Option option)
{
    value_depend_ = option;
    return *this;
}

OpParamDef& OpParamDef::ValueDepend(Option option, DependScope)
{
    return ValueDepend(option);
}

// A kernel that knows strides would have to be told them; here strided tensors are made contiguous or
// refused.
OpParamDef& OpParamDef::IgnoreContiguous()
{
    return *this;
}

OpParamDef& OpParamDef::AutoContiguous()
{
    auto_contiguous_ = true;
    return *this;
}

OpParamDef& OpParamDef::Scalar()
{
    scalar_ = true;
    return *this;
}

OpParamDef& OpParamDef::ScalarList()
{
    scalar_list_ = true;
    return *this;
}

// The type that a Scalar() is converted to; op_build refuses scalars, so there is nothing to keep.
OpParamDef& OpParamDef::To(ge::DataType)
{
    return *this;
}

OpParamDef& OpParamDef::To(const char*)
{
    return *this;
}

OpParamDef& OpParamDef::Version(uint32_t version)
{
    version_ = version;
    return *this;
}

OpParamDef& OpParamDef::InitValue(uint64_t value)
{
    has_init_value_ = true;
    init_value_ = value;
    return *this;
}

OpParamDef& OpParamDef::OutputShapeDependOnCompute()
{
    shape_depends_on_compute_ = true;
    return *this;
}

OpParamDef& OpParamDef::Follow(const char* name)
{
    return Follow(name, FollowType::ALL);
}

OpParamDef& OpParamDef::Follow(const char* name, FollowType type)
{
    follow_ = name;
    follow_type_ = type;
    return *this;
}

OpParamDef& OpParamDef::Comment(const char* comment)
{
    comment_ = comment;
    return *this;
}

OpAttrDef& OpAttrDef::Set(AttrKind kind, std::string value)
{
    kind_ = kind;
    default_ = std::move(value);
    return *this;
}

OpAttrDef& OpAttrDef::AttrType(Option option)
{
    option_ = option;
    return *this;
}

OpAttrDef& OpAttrDef::Bool()
{
    return Set(AttrKind::kBool, "false");
}

OpAttrDef& OpAttrDef::Bool(bool value)
{
    return Set(AttrKind::kBool, BoolText(value));
}

OpAttrDef& OpAttrDef::Float()
{
    return Float(0);
}

OpAttrDef& OpAttrDef::Float(float value)
{
    const std::string list = ListText(std::vector<float>{value});
    return Set(AttrKind::kFloat, list.substr(1, list.size() - 2));
}

OpAttrDef& OpAttrDef::Int()
{
    return Int(0);
}

OpAttrDef& OpAttrDef::Int(int64_t value)
{
    return Set(AttrKind::kInt, std::to_string(value));
}

OpAttrDef& OpAttrDef::String()
{
    return Set(AttrKind::kString, "");
}

OpAttrDef& OpAttrDef::String(const char* value)
{
    return Set(AttrKind::kString, value);
}

OpAttrDef& OpAttrDef::ListBool()
{
    return Set(AttrKind::kListBool, "[]");
}

OpAttrDef& OpAttrDef::ListBool(std::vector<bool> value)
{
    std::vector<const char*> texts;
    for (const bool item : value) {
        texts.push_back(BoolText(item));
    }
    return Set(AttrKind::kListBool, ListText(texts));
}

OpAttrDef& OpAttrDef::ListFloat()
{
    return Set(AttrKind::kListFloat, "[]");
}

OpAttrDef& OpAttrDef::ListFloat(std::vector<float> value)
{
    return Set(AttrKind::kListFloat, ListText(value));
}

OpAttrDef& OpAttrDef::ListInt()
{
    return Set(AttrKind::kListInt, "[]");
}

OpAttrDef& OpAttrDef::ListInt(std::vector<int64_t> value)
{
    return Set(AttrKind::kListInt, ListText(value));
}

OpAttrDef& OpAttrDef::Version(uint32_t version)
{
    version_ = version;
    return *this;
}

OpAttrDef& OpAttrDef::Comment(const char* comment)
{
    comment_ = comment;
    return *this;
}

OpParamDef& OpAICoreConfig::Input(const char* name)
{
    return FindOrAdd(inputs_, name);
}

OpParamDef& OpAICoreConfig::Output(const char* name)
{
    return FindOrAdd(outputs_, name);
}

OpAICoreConfig& OpAICoreConfig::DynamicCompileStaticFlag(bool flag)
{
    return ExtendCfgInfo("dynamicCompileStatic.flag", BoolText(flag));
}

OpAICoreConfig& OpAICoreConfig::DynamicFormatFlag(bool flag)
{
    return ExtendCfgInfo("dynamicFormat.flag", BoolText(flag));
}

OpAICoreConfig& OpAICoreConfig::DynamicRankSupportFlag(bool flag)
{
    return ExtendCfgInfo("dynamicRankSupport.flag", BoolText(flag));
}

OpAICoreConfig& OpAICoreConfig::DynamicShapeSupportFlag(bool flag)
{
    return ExtendCfgInfo("dynamicShapeSupport.flag", BoolText(flag));
}

OpAICoreConfig& OpAICoreConfig::NeedCheckSupportFlag(bool flag)
{
    return ExtendCfgInfo("needCheckSupport.flag", BoolText(flag));
}

OpAICoreConfig& OpAICoreConfig::PrecisionReduceFlag(bool flag)
{
    return ExtendCfgInfo("precision_reduce.flag", BoolText(flag));
}

OpAICoreConfig& OpAICoreConfig::ExtendCfgInfo(const char* key, const char* value)
{
    for (auto& entry : entries_) {
        if (entry.first == key) {
            entry.second = value;
            return *this;
        }
    }
    entries_.emplace_back(key, value);
    return *this;
}

OpAICoreDef& OpAICoreDef::SetTiling(gert::OpImplRegisterV2::TilingKernelFunc function)
{
    tiling_ = function;
    return *this;
}

OpAICoreDef& OpAICoreDef::SetCheckSupport(optiling::OP_CHECK_FUNC)
{
    return *this;
}

OpAICoreDef& OpAICoreDef::SetOpSelectFormat(optiling::OP_CHECK_FUNC)
{
    return *this;
}

OpAICoreDef& OpAICoreDef::SetOpSupportInfo(optiling::OP_CHECK_FUNC)
{
    return *this;
}

OpAICoreDef& OpAICoreDef::SetOpSpecInfo(optiling::OP_CHECK_FUNC)
{
    return *this;
}

OpAICoreDef& OpAICoreDef::SetParamGeneralize(optiling::PARAM_GENERALIZE_FUNC)
{
    return *this;
}

OpAICoreDef& OpAICoreDef::AddConfig(const char* soc)
{
    OpAICoreConfig config;
    config.DynamicCompileStaticFlag(true)
        .DynamicFormatFlag(true)
        .DynamicRankSupportFlag(true)
        .DynamicShapeSupportFlag(true)
        .NeedCheckSupportFlag(false)
        .PrecisionReduceFlag(true);
    return AddConfig(soc, config);
}

OpAICoreDef& OpAICoreDef::AddConfig(const char* soc, OpAICoreConfig& config)
{
    configs_[soc] = config;
    return *this;
}

OpParamDef& OpDef::Input(const char* name)
{
    return FindOrAdd(inputs_, name);
}

OpParamDef& OpDef::Output(const char* name)
{
    return FindOrAdd(outputs_, name);
}

OpAttrDef& OpDef::Attr(const char* name)
{
    return FindOrAdd(attrs_, name);
}

OpDef& OpDef::Comment(CommentSection section, const char* comment)
{
    comments_[section] = comment;
    return *this;
}

OpDef& OpDef::SetInferShape(gert::OpImplRegisterV2::InferShapeKernelFunc function)
{
    infer_shape_ = function;
    return *this;
}

OpDef& OpDef::SetInferShapeRange(gert::OpImplRegisterV2::InferShapeRangeKernelFunc function)
{
    infer_shape_range_ = function;
    return *this;
}

OpDef& OpDef::SetInferDataType(gert::OpImplRegisterV2::InferDataTypeKernelFunc function)
{
    infer_data_type_ = function;
    return *this;
}

// Formats are matched as they are in either mode: there are no private ones to convert from.
OpDef& OpDef::FormatMatchMode(FormatCheckOption)
{
    return *this;
}

// Falling back from a graph to an aclnn function needs a graph.
OpDef& OpDef::EnableFallBack()
{
    return *this;
}

int OpDefFactory::OpDefRegister(const char* name, OpDefCreator creator)
{
    Creators().emplace_back(name, std::move(creator));
    return 0;
}

std::vector<OpDef> OpDefFactory::CreateAll()
{
    std::vector<OpDef> definitions;
    for (const auto& [name, create] : Creators()) {
        definitions.push_back(create(name.c_str()));
    }
    return definitions;
}

}  // namespace ops
