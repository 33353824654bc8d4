// SPDX-License-Identifier: Apache-2.0
// What an executor holds: tensors of its own and tasks in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "opdev/common_types.h"
#include "opdev/op_executor.h"

namespace ascend_sim {

// The address of a tensor's first element. Throws NullTensorError if it has elements but no memory.
void* DataOf(const aclTensor& tensor, const std::string& op, const std::string& name);

class NullTensorError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One step of phase 2: a kernel, a copy.
class Task {
public:
    virtual ~Task() = default;

    // Notes the addresses that its tensors have now. Throws NullTensorError if one has none.
    virtual void Bind(void* workspace) = 0;
    // Works on what Bind() noted: the caller may have destroyed the tensors.
    virtual void Run() = 0;

    // The tensors it writes: those of the workspace get their memory.
    virtual const op::FVector<const aclTensor*, 16>& Outputs() const = 0;
    // Bytes of workspace for itself, which Bind() gets; tasks share them, one after the other.
    virtual size_t WorkspaceBytes() const { return 0; }
};

// Says to whoever times launches that this step has no kernel.
void NoteNoKernel();

class ExecutorPlan {
public:
    aclTensor* AddTensor(const op::Shape& shape, op::DataType data_type, op::Format format, void* address);
    template <class Object>
    Object* Keep(std::shared_ptr<Object> object)
    {
        kept_.push_back(object);
        return object.get();
    }
    void AddTask(std::unique_ptr<Task> task) { tasks_.push_back(std::move(task)); }

    // Gives tensors of the workspace their place; the bytes that all tasks need.
    size_t LayOutWorkspace();
    // Phase 2, in two parts: the first on the thread that calls it, the second where its stream works.
    void Bind(void* workspace);
    void Run();

    bool repeatable = false;

private:
    // A tensor of the workspace and where it lies in it.
    struct Placed {
        const aclTensor* tensor;
        size_t offset;
    };

    std::vector<std::unique_ptr<aclTensor>> tensors_;
    std::vector<std::shared_ptr<void>> kept_;
    std::vector<std::unique_ptr<Task>> tasks_;
    std::vector<Placed> placed_;
    size_t laid_out_tasks_ = 0;
    size_t tensor_bytes_ = 0;
    size_t task_bytes_ = 0;
};

}  // namespace ascend_sim
