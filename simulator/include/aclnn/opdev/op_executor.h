// SPDX-License-Identifier: Apache-2.0
// The executor collects what an aclnn function has to do in phase 1 and does it in phase 2.
#pragma once

#include <cstdint>
#include <memory>

#include "../../../core/export.h"
#include "opdev/common_types.h"
#include "opdev/data_type_utils.h"
#include "opdev/op_arg_def.h"
#include "opdev/op_log.h"

namespace ascend_sim {
class ExecutorPlan;
}

// Objects that it allocates live as long as it does.
struct ASCEND_SIM_EXPORT aclOpExecutor {
    aclOpExecutor();
    ~aclOpExecutor();
    aclOpExecutor(const aclOpExecutor&) = delete;
    aclOpExecutor& operator=(const aclOpExecutor&) = delete;

    // Contiguous tensors whose memory comes from the workspace if a task writes to them. Without a shape:
    // INFER_SHAPE gives it.
    aclTensor* AllocTensor(const op::Shape& shape, op::DataType data_type,
                           op::Format format = op::Format::FORMAT_ND);
    aclTensor* AllocTensor(const op::Shape& storage_shape, const op::Shape& origin_shape,
                           op::DataType data_type, op::Format storage_format, op::Format origin_format);
    aclTensor* AllocTensor(op::DataType data_type, op::Format storage_format, op::Format origin_format);
    // A contiguous view of the same memory, from that element of the storage on.
    aclTensor* CreateView(const aclTensor* tensor, const op::Shape& shape, int64_t offset);

    // Tensors whose values are known now: tiling can read them.
    aclTensor* AllocHostTensor(const op::Shape& shape, op::DataType data_type,
                               op::Format format = op::Format::FORMAT_ND);
    const aclTensor* ConvertToTensor(const aclIntArray* values, op::DataType data_type);
    const aclTensor* ConvertToTensor(const aclFloatArray* values, op::DataType data_type);
    const aclTensor* ConvertToTensor(const aclBoolArray* values, op::DataType data_type);
    const aclTensor* ConvertToTensor(const aclScalar* value, op::DataType data_type);
    const aclTensor* ConvertToTensor(const int64_t* values, uint64_t size, op::DataType data_type);
    const aclTensor* ConvertToTensor(const float* values, uint64_t size, op::DataType data_type);
    const aclTensor* ConvertToTensor(const bool* values, uint64_t size, op::DataType data_type);

    aclIntArray* AllocIntArray(const int64_t* values, uint64_t size);
    aclFloatArray* AllocFloatArray(const float* values, uint64_t size);
    aclBoolArray* AllocBoolArray(const bool* values, uint64_t size);
    aclScalar* AllocScalar(const void* data, op::DataType data_type);
    aclScalar* AllocScalar(float value) { return AllocScalar(&value, op::DataType::DT_FLOAT); }
    aclScalar* AllocScalar(double value) { return AllocScalar(&value, op::DataType::DT_DOUBLE); }
    aclScalar* AllocScalar(int32_t value) { return AllocScalar(&value, op::DataType::DT_INT32); }
    aclScalar* AllocScalar(int64_t value) { return AllocScalar(&value, op::DataType::DT_INT64); }
    aclScalar* AllocScalar(bool value) { return AllocScalar(&value, op::DataType::DT_BOOL); }

    // Bytes of workspace of everything collected so far.
    uint64_t GetWorkspaceSize();

    ascend_sim::ExecutorPlan& Plan() { return *plan_; }

private:
    std::unique_ptr<ascend_sim::ExecutorPlan> plan_;
};

// The executor of a phase 1, until ReleaseTo hands it to the caller.
class UniqueExecutor {
public:
    explicit UniqueExecutor(const char*) : executor_(new aclOpExecutor) {}

    aclOpExecutor* get() const { return executor_.get(); }
    aclOpExecutor* operator->() const { return executor_.get(); }
    void ReleaseTo(aclOpExecutor** executor)
    {
        if (executor != nullptr) {
            *executor = executor_.release();
        }
    }

private:
    std::unique_ptr<aclOpExecutor> executor_;
};

// Phase 2: does what the executor holds, and ends it unless it is repeatable.
ASCEND_SIM_EXPORT aclnnStatus CommonOpExecutorRun(void* workspace, uint64_t workspaceSize,
                                                  aclOpExecutor* executor, aclrtStream stream);

// Behind INFER_SHAPE and ADD_TO_LAUNCHER_LIST_AICORE.
ASCEND_SIM_EXPORT aclnnStatus InferShape(uint32_t op_type_id, const op::OpArgs& args);
ASCEND_SIM_EXPORT aclnnStatus AddAiCoreLaunch(uint32_t op_type_id, aclOpExecutor* executor,
                                              const op::OpArgs& args);
