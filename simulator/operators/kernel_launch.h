// SPDX-License-Identifier: Apache-2.0
// A kernel as a task of an executor: tiled in phase 1, launched in phase 2.
#pragma once

#include <string>
#include <vector>

#include "../core/launch.h"
#include "executor.h"
#include "node.h"
#include "package.h"

namespace ascend_sim {

class KernelTask : public Task {
public:
    // Matches the data types and runs the tiling. Throws std::invalid_argument if the tensors do not fit the
    // operator, std::runtime_error if its host code or kernel is at fault.
    KernelTask(Operator& op, const Node& node);

    void Bind(void* workspace) override;
    void Run() override;
    const op::FVector<const aclTensor*, 16>& Outputs() const override { return outputs_; }
    size_t WorkspaceBytes() const override { return workspace_bytes_; }

    // What came of the tiling.
    size_t column() const { return column_; }
    uint32_t block_dim() const { return block_dim_; }
    uint64_t tiling_key() const { return tiling_key_; }
    int32_t schedule_mode() const { return schedule_mode_; }
    const void* tiling_data() const { return tiling_data_.data(); }
    size_t tiling_bytes() const { return tiling_bytes_; }

private:
    void Tile(const Node& node);
    void InitialiseOutputs() const;
    // In the build that is asked for: checked, timed or fast.
    std::vector<Finding> Launch(LaunchOptions options);

    Operator& op_;
    size_t column_;
    op::FVector<const aclTensor*, 16> inputs_;
    op::FVector<const aclTensor*, 16> outputs_;
    std::vector<KernelArgument> arguments_;
    std::vector<uint64_t> tiling_data_;
    size_t tiling_bytes_ = 0;
    size_t workspace_bytes_ = 0;
    uint64_t tiling_key_ = 0;
    uint32_t block_dim_ = 1;
    int32_t schedule_mode_ = 0;
    const Platform& platform_;  // that it is tiled for and launched on
    uint32_t threads_;          // LaunchOptions::threads
};

}  // namespace ascend_sim
