// SPDX-License-Identifier: Apache-2.0
#include "kernel_launch.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <numeric>
#include <stdexcept>

#include "../timing/session.h"
#include "opdev/data_type_utils.h"
#include "opdev/format_utils.h"
#include "opdev/op_dfx.h"
#include "opdev/tensor_view_utils.h"
#include "platform.h"
#include "thread_limit.h"

namespace ascend_sim {

namespace {

size_t ByteCount(const aclTensor& tensor)
{
    return static_cast<size_t>(tensor.Numel()) * op::TypeSize(tensor.GetDataType());
}

bool ColumnFits(const std::vector<ParamInfo>& params, const op::FVector<const aclTensor*, 16>& tensors,
                size_t column)
{
    for (size_t i = 0; i < params.size(); ++i) {
        if (tensors[i] != nullptr && tensors[i]->GetDataType() != params[i].types[column]) {
            return false;
        }
    }
    return true;
}

size_t FindColumn(const OpInfo& info, const Node& node)
{
    for (size_t column = 0; column < info.ColumnCount(); ++column) {
        if (ColumnFits(info.inputs, node.inputs(), column) &&
            ColumnFits(info.outputs, node.outputs(), column)) {
            return column;
        }
    }
    std::string given;
    const auto add = [&given](const std::vector<ParamInfo>& params,
                              const op::FVector<const aclTensor*, 16>& tensors) {
        for (size_t i = 0; i < params.size(); ++i) {
            const ge::AscendString text =
                tensors[i] == nullptr ? "absent" : op::ToString(tensors[i]->GetDataType());
            given += (given.empty() ? "" : ", ") + params[i].name + "=" + text.GetString();
        }
    };
    add(info.inputs, node.inputs());
    add(info.outputs, node.outputs());
    std::string text = info.type + " does not support the data types " + given + ". It supports:";
    for (size_t column = 0; column < info.ColumnCount(); ++column) {
        text += "\n    " + info.ColumnText(column);
    }
    throw std::invalid_argument(text);
}

void CheckLayout(const OpInfo& info, const ParamInfo& param, const aclTensor* tensor)
{
    if (tensor == nullptr) {
        return;
    }
    if (op::IsPrivateFormat(tensor->GetStorageFormat())) {
        throw std::invalid_argument(info.type + ": " + param.name + " has the format " +
                                    op::ToString(tensor->GetStorageFormat()).GetString() +
                                    ", which is not simulated");
    }
    if (!op::IsContiguous(tensor)) {
        throw std::invalid_argument(
            info.type + ": " + param.name +
            " is not contiguous, as kernels need it; mark it "
            "AutoContiguous() in the definition, or use l0op::Contiguous and l0op::ViewCopy");
    }
}

// A large result that was allocated for this call has no memory yet: it gets one page after the other as
// blocks write to it. Huge pages make that three times as fast. Advice only: what it is no good for is as it
// was.
void AskForHugePages([[maybe_unused]] const KernelArgument& argument)
{
#ifdef MADV_HUGEPAGE
    constexpr uintptr_t kHugePage = 2 * 1024 * 1024;
    const uintptr_t address = reinterpret_cast<uintptr_t>(argument.data);
    const uintptr_t begin = (address + kHugePage - 1) / kHugePage * kHugePage;
    const uintptr_t end = (address + argument.bytes) / kHugePage * kHugePage;
    if (begin < end) {
        const int before = errno;
        (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
        errno = before;
    }
#endif
}

KernelArgument MakeArgument(const ParamInfo& param, const aclTensor* tensor, ArgumentRole role)
{
    return {param.name, nullptr, tensor == nullptr ? 0 : ByteCount(*tensor), role};
}

}  // namespace

KernelTask::KernelTask(Operator& op, const Node& node)
    : op_(op),
      column_(FindColumn(op.info(), node)),
      inputs_(node.inputs()),
      outputs_(node.outputs()),
      platform_(CurrentPlatform()),
      threads_(ThreadLimit())
{
    const OpInfo& info = op.info();
    arguments_.reserve(inputs_.size() + outputs_.size() + 2);
    for (size_t i = 0; i < inputs_.size(); ++i) {
        CheckLayout(info, info.inputs[i], inputs_[i]);
        arguments_.push_back(MakeArgument(info.inputs[i], inputs_[i], ArgumentRole::kInput));
    }
    for (size_t i = 0; i < outputs_.size(); ++i) {
        CheckLayout(info, info.outputs[i], outputs_[i]);
        arguments_.push_back(MakeArgument(info.outputs[i], outputs_[i], ArgumentRole::kOutput));
    }
    Tile(node);
    arguments_.push_back({"workspace", nullptr, workspace_bytes_, ArgumentRole::kWorkspace});
    arguments_.push_back({"tiling", tiling_data_.data(), tiling_bytes_, ArgumentRole::kInput});
}

void KernelTask::Tile(const Node& node)
{
    const OpFunctions& functions = op_.functions();
    if (functions.tiling == nullptr) {
        throw std::runtime_error("operator type " + op_.info().type +
                                 " has no tiling function; set one with "
                                 "AICore().SetTiling(...) in its definition");
    }
    tiling_data_.resize((functions.max_tiling_data_size + sizeof(uint64_t) - 1) / sizeof(uint64_t));
    gert::TilingResult result(tiling_data_.data(), functions.max_tiling_data_size);
    const PlatformScope scope(platform_);
    gert::TilingContext context(node.view(), CurrentPlatformInfos(), op_.CompileInfo(), &result);
    if (functions.tiling(&context) != ge::GRAPH_SUCCESS) {
        throw std::runtime_error("the tiling function of " + op_.info().type + " failed");
    }
    tiling_bytes_ = result.tiling_data.GetDataSize();
    tiling_key_ = result.tiling_key;
    block_dim_ = result.block_dim;
    schedule_mode_ = static_cast<int32_t>(result.schedule_mode);
    workspace_bytes_ =
        std::accumulate(result.workspaces, result.workspaces + result.workspace_count, size_t{0});
}

void KernelTask::InitialiseOutputs() const
{
    for (size_t i = 0; i < outputs_.size(); ++i) {
        const ParamInfo& param = op_.info().outputs[i];
        const KernelArgument& output = arguments_[inputs_.size() + i];
        if (param.has_init_value && output.bytes > 0) {
            std::memset(output.data, param.init_value, output.bytes);
        }
    }
}

void KernelTask::Bind(void* workspace)
{
    size_t next = 0;
    for (const auto* tensors : {&inputs_, &outputs_}) {
        for (const aclTensor* tensor : *tensors) {
            KernelArgument& argument = arguments_[next++];
            argument.data = tensor == nullptr ? nullptr : DataOf(*tensor, op_.info().type, argument.name);
            if (argument.role == ArgumentRole::kOutput) {
                AskForHugePages(argument);
            }
        }
    }
    arguments_[next].data = workspace_bytes_ == 0 ? nullptr : workspace;
}

void KernelTask::Run()
{
    InitialiseOutputs();
    LaunchOptions options;
    options.kernel = op_.info().interface;
    options.block_dim = block_dim_;
    options.tiling_key = tiling_key_;
    options.schedule_mode = schedule_mode_;
    options.platform = &platform_;
    options.threads = threads_;
    const std::vector<Finding> findings = Launch(options);
    if (!findings.empty()) {
        std::string text;
        for (const Finding& finding : findings) {
            text += (text.empty() ? "" : "\n") + FormatFinding(finding);
        }
        throw std::runtime_error(text);
    }
}

std::vector<Finding> KernelTask::Launch(LaunchOptions options)
{
    options.checks = CurrentChecks();
    ScheduleFromEnvironment(options);
    const std::shared_ptr<TimingSession> session = CurrentTimingSession();
    if (session == nullptr) {
        options.checked = options.checks != "none" || options.schedule != Schedule::kProgram;
        return ascend_sim::Launch(op_.Kernel(column_, options.checked), arguments_, options);
    }
    options.checked = true;
    options.platform = &session->platform();
    auto report = std::make_unique<TimingReport>();
    options.timing = report.get();
    std::vector<Finding> findings = session->Launch(op_.Kernel(column_, true), arguments_, options);
    if (findings.empty()) {
        session->Keep(std::move(report));
    }
    return findings;
}

}  // namespace ascend_sim

namespace {

// Runs what may throw and turns exceptions into codes: the caller's fault, or not.
template <class Function>
aclnnStatus Guarded(aclnnStatus code, Function&& function)
{
    try {
        function();
        return ACLNN_SUCCESS;
    } catch (const std::invalid_argument& error) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s", error.what());
        return ACLNN_ERR_PARAM_INVALID;
    } catch (const std::exception& error) {
        OP_LOGE(code, "%s", error.what());
        return code;
    }
}

}  // namespace

aclnnStatus InferShape(uint32_t op_type_id, const op::OpArgs& args)
{
    return Guarded(ACLNN_ERR_INNER_INFERSHAPE_ERROR, [&] {
        const ascend_sim::Operator& op = ascend_sim::GetOperator(op_type_id);
        if (op.functions().infer_shape == nullptr) {
            throw std::runtime_error("operator type " + op.info().type +
                                     " has no shape inference; set one with "
                                     "SetInferShape(...) in its definition");
        }
        const ascend_sim::Node node(op.info(), args);
        gert::InferShapeContext context(node.view());
        if (op.functions().infer_shape(&context) != ge::GRAPH_SUCCESS) {
            throw std::runtime_error("the shape inference of " + op.info().type + " failed");
        }
        for (const aclTensor* output : node.outputs()) {
            const op::Shape inferred = output->GetOriginalShape();
            const_cast<aclTensor*>(output)->SetViewShape(inferred);
        }
    });
}

aclnnStatus AddAiCoreLaunch(uint32_t op_type_id, aclOpExecutor* executor, const op::OpArgs& args)
{
    return Guarded(ACLNN_ERR_INNER_TILING_ERROR, [&] {
        ascend_sim::Operator& op = ascend_sim::GetOperator(op_type_id);
        const ascend_sim::Node node(op.info(), args);
        auto task = std::make_unique<ascend_sim::KernelTask>(op, node);
        for (const aclTensor* output : task->Outputs()) {
            if (!output->IsEmpty()) {  // a kernel without results need not run
                executor->Plan().AddTask(std::move(task));
                return;
            }
        }
    });
}
