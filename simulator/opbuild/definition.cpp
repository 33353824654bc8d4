// SPDX-License-Identifier: Apache-2.0
#include "definition.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <stdexcept>

namespace ascend_sim {

namespace {

using Params = std::vector<ops::OpParamDef>;

[[noreturn]] void Refuse(const Definition& definition, const ops::OpParamDef& param, const std::string& why)
{
    throw std::runtime_error("operator " + definition.type + ", parameter " + param.name_ + ": " + why);
}

void ForEachParam(Definition& definition, const std::function<void(ops::OpParamDef&)>& visit)
{
    for (Params* params : {&definition.inputs, &definition.outputs}) {
        for (ops::OpParamDef& param : *params) {
            visit(param);
        }
    }
}

void Override(Params& params, const Params& changes)
{
    for (const ops::OpParamDef& change : changes) {
        bool known = false;
        for (ops::OpParamDef& param : params) {
            if (param.name_ == change.name_) {
                param = change;
                known = true;
            }
        }
        if (!known) {
            params.push_back(change);
        }
    }
}

void CheckSupported(Definition& definition)
{
    ForEachParam(definition, [&](const ops::OpParamDef& param) {
        if (param.option_ == ops::DYNAMIC) {
            Refuse(definition, param, "lists of tensors (DYNAMIC) are not simulated");
        }
        if (param.scalar_ || param.scalar_list_) {
            Refuse(definition, param, "Scalar() and ScalarList() are not simulated; use an attribute");
        }
        if (param.version_ != 0) {
            Refuse(definition, param, "Version() is not simulated; define the interface that is current");
        }
        if (param.shape_depends_on_compute_) {
            Refuse(definition, param, "OutputShapeDependOnCompute() is not simulated");
        }
        if (param.types_.empty() && param.type_list_.empty() && param.follow_.empty()) {
            Refuse(definition, param, "no DataType was set");
        }
    });
    if (definition.inputs.empty() && definition.outputs.empty()) {
        throw std::runtime_error("operator " + definition.type + " has neither inputs nor outputs");
    }
}

const ops::OpParamDef& FindParam(Definition& definition, const ops::OpParamDef& follower)
{
    const ops::OpParamDef* found = nullptr;
    ForEachParam(definition, [&](const ops::OpParamDef& param) {
        if (found == nullptr && param.name_ == follower.follow_) {
            found = &param;
        }
    });
    if (found == nullptr) {
        Refuse(definition, follower, "it follows " + follower.follow_ + ", which is not a parameter");
    }
    return *found;
}

void ApplyFollow(Definition& definition)
{
    ForEachParam(definition, [&](ops::OpParamDef& param) {
        if (param.follow_.empty() || !param.types_.empty()) {
            return;
        }
        const ops::OpParamDef& leader = FindParam(definition, param);
        if (leader.types_.empty()) {
            Refuse(definition, param, "it follows " + leader.name_ + ", which has no DataType of its own");
        }
        param.types_ = leader.types_;
        if (param.formats_.empty()) {
            param.formats_ = leader.formats_;
        }
    });
}

// Every value of a list goes with every column so far.
template <class Value>
void Multiply(Definition& definition, ops::OpParamDef& listed, std::vector<Value> ops::OpParamDef::* list,
              std::vector<Value> ops::OpParamDef::* columns)
{
    const std::vector<Value> values = listed.*list;
    const size_t times = values.size();
    size_t before = 1;
    ForEachParam(definition, [&](const ops::OpParamDef& param) {
        before = std::max({before, param.types_.size(), param.formats_.size()});
    });
    const auto repeat = [times](auto& sequence) {
        const auto once = sequence;
        for (size_t i = 1; i < times; ++i) {
            sequence.insert(sequence.end(), once.begin(), once.end());
        }
    };
    ForEachParam(definition, [&](ops::OpParamDef& param) {
        repeat(param.types_);
        repeat(param.formats_);
    });
    (listed.*columns).clear();
    for (const Value value : values) {
        (listed.*columns).insert((listed.*columns).end(), before, value);
    }
}

void ApplyLists(Definition& definition)
{
    ForEachParam(definition, [&](ops::OpParamDef& param) {
        if (!param.type_list_.empty()) {
            Multiply(definition, param, &ops::OpParamDef::type_list_, &ops::OpParamDef::types_);
        }
        if (!param.format_list_.empty()) {
            Multiply(definition, param, &ops::OpParamDef::format_list_, &ops::OpParamDef::formats_);
        }
    });
}

void CheckColumns(Definition& definition)
{
    const size_t columns = definition.ColumnCount();
    ForEachParam(definition, [&](ops::OpParamDef& param) {
        if (param.formats_.empty()) {
            param.formats_.assign(columns, ge::FORMAT_ND);
        }
        if (param.types_.size() != columns || param.formats_.size() != columns) {
            Refuse(definition, param,
                   "it has " + std::to_string(param.types_.size()) + " data types and " +
                       std::to_string(param.formats_.size()) + " formats, but the first parameter has " +
                       std::to_string(columns) + " data types: every parameter needs one of each a column");
        }
    });
}

}  // namespace

Definition MakeDefinition(const ops::OpDef& op, const std::string& compute_unit)
{
    Definition definition{op.type_, op.inputs_, op.outputs_, op.attrs_, {}};
    const auto config = op.AICore().configs_.find(compute_unit);
    if (config != op.AICore().configs_.end()) {
        Override(definition.inputs, config->second.inputs_);
        Override(definition.outputs, config->second.outputs_);
        definition.entries = config->second.entries_;
    }
    CheckSupported(definition);
    for (const ops::OpAttrDef& attr : definition.attrs) {
        if (attr.kind_ == ops::AttrKind::kNone) {
            throw std::runtime_error(
                "operator " + definition.type + ", attribute " + attr.name_ +
                ": set its type with Int(), Float(), Bool(), String() or a list of them");
        }
    }
    ApplyFollow(definition);
    ApplyLists(definition);
    CheckColumns(definition);
    return definition;
}

std::string SnakeCase(const std::string& op_type)
{
    const auto is_upper = [&op_type](size_t i) {
        return std::isupper(static_cast<unsigned char>(op_type[i])) != 0;
    };
    std::string snake;
    for (size_t i = 0; i < op_type.size(); ++i) {
        const bool word_starts =
            i > 0 && is_upper(i) && op_type[i - 1] != '_' &&
            (!is_upper(i - 1) ||
             (i + 1 < op_type.size() && std::islower(static_cast<unsigned char>(op_type[i + 1]))));
        snake += word_starts ? "_" : "";
        snake += static_cast<char>(std::tolower(static_cast<unsigned char>(op_type[i])));
    }
    return snake;
}

}  // namespace ascend_sim
