// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "exe_graph/runtime/extended_kernel_context.h"
#include "exe_graph/runtime/tiling_data.h"

namespace fe {
class PlatFormInfos;
}

namespace gert {

// What a tiling function decides.
struct TilingResult {
    static constexpr size_t kMaxWorkspaces = 16;

    explicit TilingResult(void* data, size_t capacity) : tiling_data(data, capacity) {}

    TilingData tiling_data;
    uint64_t tiling_key = 0;
    uint32_t block_dim = 1;
    uint32_t schedule_mode = 0;
    uint32_t local_memory_size = 0;
    int32_t tiling_cond = 0;
    bool need_atomic = false;
    size_t workspace_count = 0;
    size_t workspaces[kMaxWorkspaces] = {};
};

class TilingContext : public ExtendedKernelContext {
public:
    TilingContext(const ascend_sim::NodeView* node, fe::PlatFormInfos* platform, const void* compile_info,
                  TilingResult* result)
        : ExtendedKernelContext(node), platform_(platform), compile_info_(compile_info), result_(result)
    {
    }

    // By position among the inputs that are present.
    const StorageShape* GetInputShape(size_t index) const { return ShapeOf(Input(index)); }
    const Tensor* GetInputTensor(size_t index) const { return Input(index); }

    // By position in the operator definition; null for an absent optional input.
    const StorageShape* GetRequiredInputShape(size_t ir_index) const { return ShapeOf(Input(ir_index, 0)); }
    const StorageShape* GetOptionalInputShape(size_t ir_index) const { return ShapeOf(Input(ir_index, 0)); }
    const StorageShape* GetDynamicInputShape(size_t ir_index, size_t relative_index) const
    {
        return ShapeOf(Input(ir_index, relative_index));
    }
    const Tensor* GetRequiredInputTensor(size_t ir_index) const { return Input(ir_index, 0); }
    const Tensor* GetOptionalInputTensor(size_t ir_index) const { return Input(ir_index, 0); }
    const Tensor* GetDynamicInputTensor(size_t ir_index, size_t relative_index) const
    {
        return Input(ir_index, relative_index);
    }

    const StorageShape* GetOutputShape(size_t index) const { return ShapeOf(Output(index)); }

    fe::PlatFormInfos* GetPlatformInfo() const { return platform_; }
    const void* GetCompileInfo() const { return compile_info_; }
    template <class T>
    const T* GetCompileInfo() const
    {
        return static_cast<const T*>(compile_info_);
    }
    // 1: the same input must give the same bits. Kernels of the simulator are always run so.
    int32_t GetDeterministic() const { return 1; }

    ge::graphStatus SetTilingKey(uint64_t key) { return Set(result_->tiling_key, key); }
    uint64_t GetTilingKey() const { return result_->tiling_key; }
    ge::graphStatus SetBlockDim(uint32_t block_dim) { return Set(result_->block_dim, block_dim); }
    uint32_t GetBlockDim() const { return result_->block_dim; }
    // 1: all blocks start together or not at all, which kernels with SyncAll need on a device.
    ge::graphStatus SetScheduleMode(uint32_t mode) { return Set(result_->schedule_mode, mode); }
    uint32_t GetScheduleMode() const { return result_->schedule_mode; }
    ge::graphStatus SetLocalMemorySize(uint32_t bytes) { return Set(result_->local_memory_size, bytes); }
    uint32_t GetLocalMemorySize() const { return result_->local_memory_size; }
    ge::graphStatus SetTilingCond(int32_t condition) { return Set(result_->tiling_cond, condition); }
    int32_t GetTilingCond() const { return result_->tiling_cond; }
    ge::graphStatus SetNeedAtomic(bool atomic) { return Set(result_->need_atomic, atomic); }
    bool NeedAtomic() const { return result_->need_atomic; }

    TilingData* GetRawTilingData() { return &result_->tiling_data; }
    // The tiling data as a struct; null if it is larger than the capacity that the operator registered.
    template <class T>
    T* GetTilingData()
    {
        if (result_->tiling_data.GetCapacity() < sizeof(T)) {
            return nullptr;
        }
        result_->tiling_data.SetDataSize(sizeof(T));
        return static_cast<T*>(result_->tiling_data.GetData());
    }

    // Where to put the sizes of that many workspaces; null if there are too many.
    size_t* GetWorkspaceSizes(size_t count)
    {
        if (count > TilingResult::kMaxWorkspaces) {
            return nullptr;
        }
        result_->workspace_count = count;
        return result_->workspaces;
    }
    size_t GetWorkspaceNum() const { return result_->workspace_count; }

private:
    static const StorageShape* ShapeOf(const Tensor* tensor)
    {
        return tensor == nullptr ? nullptr : &tensor->GetShape();
    }
    template <class T>
    static ge::graphStatus Set(T& member, T value)
    {
        member = value;
        return ge::GRAPH_SUCCESS;
    }

    fe::PlatFormInfos* platform_;
    const void* compile_info_;
    TilingResult* result_;
};

}  // namespace gert
