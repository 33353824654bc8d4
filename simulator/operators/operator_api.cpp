// SPDX-License-Identifier: Apache-2.0
#include "operator_api.h"

#include <dlfcn.h>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../core/c_error.h"
#include "data_types.h"
#include "kernel_launch.h"
#include "node.h"
#include "op_functions.h"
#include "package.h"

struct AscendSimOperator {
    std::unique_ptr<ascend_sim::Operator> op;
};

namespace {

void LoadLibrary(const char* path)
{
    if (dlopen(path, RTLD_NOW | RTLD_LOCAL) == nullptr) {
        throw std::runtime_error(std::string("the host code cannot be loaded: ") + dlerror());
    }
}

// What two libraries register, which they do once, when they are loaded.
ascend_sim::OpFunctionsMap& LoadFunctions(const std::string& tiling, const std::string& inference)
{
    static std::mutex mutex;
    static std::map<std::pair<std::string, std::string>, ascend_sim::OpFunctionsMap> loaded;
    const std::lock_guard<std::mutex> lock(mutex);
    const auto [at, first] = loaded.try_emplace({tiling, inference});
    if (first) {
        const ascend_sim::RegistrationScope scope(&at->second);
        LoadLibrary(inference.c_str());
        LoadLibrary(tiling.c_str());
    }
    return at->second;
}

// The arguments of a call as op_api code has them.
class Arguments {
public:
    explicit Arguments(const AscendSimCall& call)
    {
        Add(inputs_, call.inputs, call.input_count);
        Add(outputs_, call.outputs, call.output_count);
        for (uint32_t i = 0; i < call.attribute_count; ++i) {
            attributes_.push_back(Attribute(call.attributes[i]));
        }
    }

    op::OpArgs args() const
    {
        return {{inputs_.data(), inputs_.size()},
                {outputs_.data(), outputs_.size()},
                {attributes_.data(), attributes_.size()}};
    }

private:
    void Add(std::vector<op::OpArg>& args, const AscendSimTensor* tensors, uint32_t count)
    {
        for (uint32_t i = 0; i < count; ++i) {
            const aclTensor* tensor = tensors[i].data_type == nullptr ? nullptr : Make(tensors[i]);
            args.emplace_back(tensor);
        }
    }

    const aclTensor* Make(const AscendSimTensor& tensor)
    {
        const ascend_sim::DataTypeInfo* type = ascend_sim::FindDataTypeByConfigName(tensor.data_type);
        if (type == nullptr) {
            throw std::invalid_argument(std::string("there is no data type ") + tensor.data_type);
        }
        op::Shape shape;
        for (uint32_t i = 0; i < tensor.rank; ++i) {
            shape.AppendDim(tensor.shape[i]);
        }
        tensors_.push_back(
            std::make_unique<aclTensor>(shape, type->type, op::Format::FORMAT_ND, tensor.data));
        return tensors_.back().get();
    }

    op::OpArg Attribute(const AscendSimAttribute& attribute)
    {
        switch (attribute.kind) {
            case kAscendSimBool:
                return op::OpArg(attribute.integer != 0);
            case kAscendSimInt:
                return op::OpArg(attribute.integer);
            case kAscendSimFloat:
                return op::OpArg(attribute.number);
            case kAscendSimString:
                return op::OpArg(attribute.text);
            case kAscendSimBools:
                return op::OpArg(
                    &bools_.emplace_back(static_cast<const bool*>(attribute.values), attribute.count));
            case kAscendSimInts:
                return op::OpArg(
                    &ints_.emplace_back(static_cast<const int64_t*>(attribute.values), attribute.count));
            default:
                return op::OpArg(
                    &floats_.emplace_back(static_cast<const float*>(attribute.values), attribute.count));
        }
    }

    std::vector<std::unique_ptr<aclTensor>> tensors_;
    std::deque<aclBoolArray> bools_;
    std::deque<aclIntArray> ints_;
    std::deque<aclFloatArray> floats_;
    std::vector<op::OpArg> inputs_;
    std::vector<op::OpArg> outputs_;
    std::vector<op::OpArg> attributes_;
};

}  // namespace

AscendSimOperator* ascend_sim_load_operator(const char* tiling_library, const char* inference_library,
                                            const char* ops_info, const char* op_type)
{
    auto loaded = std::make_unique<AscendSimOperator>();
    const int status = ascend_sim::Guarded([&] {
        ascend_sim::OpFunctionsMap& functions = LoadFunctions(tiling_library, inference_library);
        const auto infos = ascend_sim::ReadOpInfos(ops_info);
        const auto info = infos.find(op_type);
        if (info == infos.end()) {
            throw std::invalid_argument(std::string("the host code defines no operator ") + op_type);
        }
        loaded->op = std::make_unique<ascend_sim::Operator>(info->second, &functions[op_type], std::string());
        return 0;
    });
    return status < 0 ? nullptr : loaded.release();
}

int ascend_sim_infer_shapes(AscendSimOperator* op, const AscendSimCall* call, int64_t* shapes,
                            uint32_t* ranks)
{
    return ascend_sim::Guarded([&] {
        const ascend_sim::OpFunctions& functions = op->op->functions();
        if (functions.infer_shape == nullptr) {
            return 0;
        }
        const Arguments arguments(*call);
        const ascend_sim::Node node(op->op->info(), arguments.args());
        gert::InferShapeContext context(node.view());
        if (functions.infer_shape(&context) != ge::GRAPH_SUCCESS) {
            throw std::runtime_error("the shape inference of " + op->op->info().type + " failed");
        }
        for (size_t i = 0; i < node.outputs().size(); ++i) {
            const op::Shape shape = node.outputs()[i]->GetOriginalShape();
            ranks[i] = static_cast<uint32_t>(shape.GetDimNum());
            for (size_t axis = 0; axis < shape.GetDimNum() && axis < kAscendSimMaxRank; ++axis) {
                shapes[i * kAscendSimMaxRank + axis] = shape.GetDim(axis);
            }
        }
        return 1;
    });
}

int ascend_sim_tile(AscendSimOperator* op, const AscendSimCall* call, AscendSimTiling* tiling)
{
    return ascend_sim::Guarded([&] {
        thread_local std::vector<uint8_t> data;
        const Arguments arguments(*call);
        const ascend_sim::Node node(op->op->info(), arguments.args());
        const ascend_sim::KernelTask task(*op->op, node);
        const auto* begin = static_cast<const uint8_t*>(task.tiling_data());
        data.assign(begin, begin + task.tiling_bytes());
        *tiling = {static_cast<uint32_t>(task.column()),
                   task.block_dim(),
                   task.tiling_key(),
                   task.WorkspaceBytes(),
                   task.schedule_mode(),
                   data.data(),
                   data.size()};
        return 0;
    });
}
