// SPDX-License-Identifier: Apache-2.0
#include "executor.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <vector>

#include "../core/floating_point.h"
#include "../runtime/device.h"
#include "../runtime/stream.h"
#include "../timing/session.h"
#include "aclnn/aclnn_base.h"
#include "cast_copy.h"
#include "kernel_launch.h"
#include "opdev/op_dfx.h"

namespace ascend_sim {

namespace {

constexpr size_t kAlignment = 512;  // as the device's memory

size_t RoundUp(size_t bytes)
{
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

void* DataOf(const aclTensor& tensor, const std::string& op, const std::string& name)
{
    void* data = tensor.GetData();
    if (data == nullptr && !tensor.IsEmpty()) {
        throw NullTensorError(op + ": " + name +
                              " has no memory; create it with an address, or set one with "
                              "aclSetRawTensorAddr");
    }
    return data;
}

void NoteNoKernel()
{
    if (const auto session = CurrentTimingSession()) {
        session->SkipStep();
    }
}

aclTensor* ExecutorPlan::AddTensor(const op::Shape& shape, op::DataType data_type, op::Format format,
                                   void* address)
{
    tensors_.push_back(std::make_unique<aclTensor>(shape, data_type, format, address));
    return tensors_.back().get();
}

size_t ExecutorPlan::LayOutWorkspace()
{
    for (; laid_out_tasks_ < tasks_.size(); ++laid_out_tasks_) {
        const Task& task = *tasks_[laid_out_tasks_];
        for (const aclTensor* output : task.Outputs()) {
            const aclTensor* owner = output->StorageOwner();
            const auto same = [owner](const Placed& placed) { return placed.tensor == owner; };
            if (owner->IsFromWorkspace() && std::none_of(placed_.begin(), placed_.end(), same)) {
                placed_.push_back({owner, tensor_bytes_});
                tensor_bytes_ +=
                    RoundUp(static_cast<size_t>(ge::GetSizeInBytes(owner->Numel(), owner->GetDataType())));
            }
        }
        task_bytes_ = std::max(task_bytes_, RoundUp(task.WorkspaceBytes()));
    }
    return tensor_bytes_ + task_bytes_;
}

void ExecutorPlan::Bind(void* workspace)
{
    char* const begin = static_cast<char*>(workspace);
    for (const Placed& placed : placed_) {
        placed.tensor->SetStorageAddr(begin + placed.offset);
    }
    void* const task_workspace = task_bytes_ == 0 ? nullptr : begin + tensor_bytes_;
    for (const std::unique_ptr<Task>& task : tasks_) {
        task->Bind(task_workspace);
    }
}

void ExecutorPlan::Run()
{
    const DefaultFloatingPoint environment;  // for the tasks that convert numbers on this thread
    for (const std::unique_ptr<Task>& task : tasks_) {
        task->Run();
    }
}

}  // namespace ascend_sim

aclOpExecutor::aclOpExecutor() : plan_(new ascend_sim::ExecutorPlan) {}

aclOpExecutor::~aclOpExecutor() = default;

aclTensor* aclOpExecutor::AllocTensor(const op::Shape& shape, op::DataType data_type, op::Format format)
{
    aclTensor* tensor = plan_->AddTensor(shape, data_type, format, nullptr);
    tensor->SetFromWorkspace(true);
    return tensor;
}

aclTensor* aclOpExecutor::AllocTensor(const op::Shape& storage_shape, const op::Shape&,
                                      op::DataType data_type, op::Format storage_format, op::Format)
{
    return AllocTensor(storage_shape, data_type, storage_format);
}

aclTensor* aclOpExecutor::AllocTensor(op::DataType data_type, op::Format storage_format, op::Format)
{
    return AllocTensor(op::Shape(), data_type, storage_format);
}

aclTensor* aclOpExecutor::CreateView(const aclTensor* tensor, const op::Shape& shape, int64_t offset)
{
    aclTensor* view = plan_->AddTensor(shape, tensor->GetDataType(), tensor->GetViewFormat(), nullptr);
    view->ShareStorage(tensor);
    view->SetViewOffset(offset);
    return view;
}

aclTensor* aclOpExecutor::AllocHostTensor(const op::Shape& shape, op::DataType data_type, op::Format format)
{
    const auto bytes = static_cast<size_t>(ge::GetSizeInBytes(shape.GetShapeSize(), data_type));
    // Doubles, for the alignment of any element.
    auto memory = std::make_shared<std::vector<double>>(bytes / sizeof(double) + 1);
    void* address = plan_->Keep(memory)->data();
    aclTensor* tensor = plan_->AddTensor(shape, data_type, format, address);
    tensor->GetTensor()->SetAddr(address);
    tensor->GetTensor()->SetPlacement(gert::kOnHost);
    return tensor;
}

namespace {

template <class T>
constexpr op::DataType TypeOf()
{
    return std::is_same_v<T, int64_t> ? op::DataType::DT_INT64
           : std::is_same_v<T, float> ? op::DataType::DT_FLOAT
                                      : op::DataType::DT_BOOL;
}

template <class T>
const aclTensor* HostTensor(aclOpExecutor& executor, const T* values, uint64_t size, op::DataType data_type)
{
    aclTensor* tensor = executor.AllocHostTensor({static_cast<int64_t>(size)}, data_type);
    ascend_sim::Convert(tensor->GetData(), data_type, values, TypeOf<T>(), size);
    return tensor;
}

}  // namespace

const aclTensor* aclOpExecutor::ConvertToTensor(const aclIntArray* values, op::DataType data_type)
{
    return HostTensor(*this, values->GetData(), values->Size(), data_type);
}

const aclTensor* aclOpExecutor::ConvertToTensor(const aclFloatArray* values, op::DataType data_type)
{
    return HostTensor(*this, values->GetData(), values->Size(), data_type);
}

const aclTensor* aclOpExecutor::ConvertToTensor(const aclBoolArray* values, op::DataType data_type)
{
    return HostTensor(*this, values->GetData(), values->Size(), data_type);
}

const aclTensor* aclOpExecutor::ConvertToTensor(const int64_t* values, uint64_t size, op::DataType data_type)
{
    return HostTensor(*this, values, size, data_type);
}

const aclTensor* aclOpExecutor::ConvertToTensor(const float* values, uint64_t size, op::DataType data_type)
{
    return HostTensor(*this, values, size, data_type);
}

const aclTensor* aclOpExecutor::ConvertToTensor(const bool* values, uint64_t size, op::DataType data_type)
{
    return HostTensor(*this, values, size, data_type);
}

const aclTensor* aclOpExecutor::ConvertToTensor(const aclScalar* value, op::DataType data_type)
{
    aclTensor* tensor = AllocHostTensor(op::Shape(), data_type);
    ascend_sim::Convert(tensor->GetData(), data_type, value->GetData(), value->GetDataType(), 1);
    return tensor;
}

aclIntArray* aclOpExecutor::AllocIntArray(const int64_t* values, uint64_t size)
{
    return plan_->Keep(std::make_shared<aclIntArray>(values, size));
}

aclFloatArray* aclOpExecutor::AllocFloatArray(const float* values, uint64_t size)
{
    return plan_->Keep(std::make_shared<aclFloatArray>(values, size));
}

aclBoolArray* aclOpExecutor::AllocBoolArray(const bool* values, uint64_t size)
{
    return plan_->Keep(std::make_shared<aclBoolArray>(values, size));
}

aclScalar* aclOpExecutor::AllocScalar(const void* data, op::DataType data_type)
{
    return plan_->Keep(std::make_shared<aclScalar>(data, data_type));
}

uint64_t aclOpExecutor::GetWorkspaceSize()
{
    return plan_->LayOutWorkspace();
}

namespace {

aclnnStatus CheckRun(const void* workspace, uint64_t given, aclOpExecutor* executor)
{
    if (executor == nullptr) {
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR,
                "argument executor must not be null; take it from the GetWorkspaceSize call.");
        return ACLNN_ERR_PARAM_NULLPTR;
    }
    const uint64_t needed = executor->GetWorkspaceSize();
    if (given < needed) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID,
                "workspaceSize is %llu, but the GetWorkspaceSize call asked for %llu.",
                static_cast<unsigned long long>(given), static_cast<unsigned long long>(needed));
        return ACLNN_ERR_PARAM_INVALID;
    }
    if (needed > 0 && workspace == nullptr) {
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "argument workspace must not be null: %llu bytes are needed.",
                static_cast<unsigned long long>(needed));
        return ACLNN_ERR_PARAM_NULLPTR;
    }
    return ACLNN_SUCCESS;
}

}  // namespace

aclnnStatus CommonOpExecutorRun(void* workspace, uint64_t workspaceSize, aclOpExecutor* executor,
                                aclrtStream stream)
{
    const aclnnStatus status = CheckRun(workspace, workspaceSize, executor);
    if (status != ACLNN_SUCCESS) {
        return status;
    }
    if (stream != nullptr && ascend_sim::ToStream(stream)->device() != ascend_sim::CurrentDevice()) {
        OP_LOGE(ACLNN_ERR_RUNTIME_ERROR,
                "the stream belongs to device %d, but the thread's device is %d; call aclrtSetDevice first.",
                ascend_sim::ToStream(stream)->device(), ascend_sim::CurrentDevice());
        return ACLNN_ERR_RUNTIME_ERROR;
    }
    // Ends when it has run, whatever happens, unless the caller keeps it.
    std::unique_ptr<aclOpExecutor> ending(executor->Plan().repeatable ? nullptr : executor);
    try {
        executor->Plan().Bind(workspace);
        if (stream == nullptr) {
            executor->Plan().Run();
        } else if (ending != nullptr) {
            ascend_sim::ToStream(stream)->Submit(
                [run = std::shared_ptr<aclOpExecutor>(std::move(ending))] { run->Plan().Run(); });
        } else {
            // The caller may bind it anew as soon as this returns.
            ascend_sim::ToStream(stream)->Submit([executor] { executor->Plan().Run(); });
            return ascend_sim::Synchronize(stream) == ACL_SUCCESS ? ACLNN_SUCCESS : ACLNN_ERR_INNER;
        }
        return ACLNN_SUCCESS;
    } catch (const ascend_sim::NullTensorError& error) {
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "%s", error.what());
        return ACLNN_ERR_PARAM_NULLPTR;
    } catch (const std::exception& error) {
        OP_LOGE(ACLNN_ERR_INNER, "%s", error.what());
        return ACLNN_ERR_INNER;
    }
}

extern "C" {

aclnnStatus aclSetAclOpExecutorRepeatable(aclOpExecutor* executor)
{
    if (executor == nullptr) {
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "aclSetAclOpExecutorRepeatable: executor is null.");
        return ACLNN_ERR_PARAM_NULLPTR;
    }
    executor->Plan().repeatable = true;
    return ACLNN_SUCCESS;
}

aclnnStatus aclDestroyAclOpExecutor(aclOpExecutor* executor)
{
    delete executor;
    return ACLNN_SUCCESS;
}

aclnnStatus aclSetTensorAddr(aclOpExecutor* executor, const size_t, aclTensor* tensor, void* addr)
{
    if (executor == nullptr || tensor == nullptr) {
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "aclSetTensorAddr: executor or tensor is null.");
        return ACLNN_ERR_PARAM_NULLPTR;
    }
    tensor->SetStorageAddr(addr);
    return ACLNN_SUCCESS;
}

aclnnStatus aclSetInputTensorAddr(aclOpExecutor* executor, const size_t index, aclTensor* tensor, void* addr)
{
    return aclSetTensorAddr(executor, index, tensor, addr);
}

aclnnStatus aclSetOutputTensorAddr(aclOpExecutor* executor, const size_t index, aclTensor* tensor, void* addr)
{
    return aclSetTensorAddr(executor, index, tensor, addr);
}

}  // extern "C"
