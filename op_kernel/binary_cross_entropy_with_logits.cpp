// SPDX-License-Identifier: Apache-2.0
// The loss on logits (logits.h).
#include "kernel_operator.h"
#include "logits.h"
#include "loss_pipeline.h"

extern "C" __global__ __aicore__ void binary_cross_entropy_with_logits(GM_ADDR self, GM_ADDR target,
                                                                       GM_ADDR weight, GM_ADDR pos_weight,
                                                                       GM_ADDR out, GM_ADDR workspace,
                                                                       GM_ADDR tiling)
{
    KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_AIV_ONLY);
    REGISTER_TILING_DEFAULT(BceLossTilingData);
    GET_TILING_DATA_WITH_STRUCT(BceLossTilingData, tilingData, tiling);
    AscendC::TPipe pipe;
    if (TILING_KEY_IS(BCE_TILING_KEY_ELEMENTWISE)) {
        bce::LossPipeline<bce::Logits, DTYPE_SELF, DTYPE_TARGET, bce::Result::LOSS> op;
        op.Init(pipe, self, target, weight, pos_weight, out, nullptr, workspace, tilingData);
        op.Process();
    } else if (TILING_KEY_IS(BCE_TILING_KEY_REDUCE)) {
        KERNEL_TASK_TYPE(BCE_TILING_KEY_REDUCE, KERNEL_TYPE_MIX_AIV_1_0);  // SyncAll needs it
        bce::LossPipeline<bce::Logits, DTYPE_SELF, DTYPE_TARGET, bce::Result::SUM> op;
        op.Init(pipe, self, target, weight, pos_weight, out, nullptr, AscendC::GetUserWorkspace(workspace),
                tilingData);
        op.Process();
    }
}
