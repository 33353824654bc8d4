// SPDX-License-Identifier: Apache-2.0
#include "aclnn_binary_cross_entropy_with_logits_loss_and_gradient.h"

#include "binary_cross_entropy_op_api.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_def.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

namespace l0op {

OP_TYPE_REGISTER(BinaryCrossEntropyWithLogitsLossAndGradient);

static const aclTensor* BinaryCrossEntropyWithLogitsLossAndGradient(
    const aclTensor* self, const aclTensor* target, const aclTensor* weight, const aclTensor* posWeight,
    int64_t reduction, const aclTensor* out, const aclTensor* gradient, aclOpExecutor* executor)
{
    L0_DFX(BinaryCrossEntropyWithLogitsLossAndGradient, self, target, weight, posWeight, reduction, out,
           gradient);
    const auto added = ADD_TO_LAUNCHER_LIST_AICORE(BinaryCrossEntropyWithLogitsLossAndGradient,
                                                   OP_INPUT(self, target, weight, posWeight),
                                                   OP_OUTPUT(out, gradient), OP_ATTR(reduction));
    return added == ACLNN_SUCCESS ? out : nullptr;
}

}  // namespace l0op

aclnnStatus aclnnBinaryCrossEntropyWithLogitsLossAndGradientGetWorkspaceSize(
    const aclTensor* self, const aclTensor* target, const aclTensor* weightOptional,
    const aclTensor* posWeightOptional, int64_t reduction, aclTensor* out, aclTensor* gradient,
    uint64_t* workspaceSize, aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnBinaryCrossEntropyWithLogitsLossAndGradient,
                   DFX_IN(self, target, weightOptional, posWeightOptional, reduction),
                   DFX_OUT(out, gradient));
    const aclnnStatus checked =
        bce::CheckLossAndGradient(self, target, weightOptional, posWeightOptional, reduction, out, gradient);
    CHECK_RET(checked == ACLNN_SUCCESS, checked);

    auto uniqueExecutor = CREATE_EXECUTOR();
    CHECK_RET(uniqueExecutor.get() != nullptr, ACLNN_ERR_INNER_CREATE_EXECUTOR);
    const aclnnStatus prepared = bce::PrepareLossAndGradient(
        l0op::BinaryCrossEntropyWithLogitsLossAndGradient, self, target, weightOptional, posWeightOptional,
        reduction, out, gradient, uniqueExecutor.get());
    CHECK_RET(prepared == ACLNN_SUCCESS, prepared);
    *workspaceSize = uniqueExecutor->GetWorkspaceSize();
    uniqueExecutor.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnBinaryCrossEntropyWithLogitsLossAndGradient(void* workspace, uint64_t workspaceSize,
                                                             aclOpExecutor* executor, aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnBinaryCrossEntropyWithLogitsLossAndGradient);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}
