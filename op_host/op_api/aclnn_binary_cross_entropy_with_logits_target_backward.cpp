// SPDX-License-Identifier: Apache-2.0
#include "aclnn_binary_cross_entropy_with_logits_target_backward.h"

#include "binary_cross_entropy_op_api.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_def.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

namespace l0op {

OP_TYPE_REGISTER(BinaryCrossEntropyWithLogitsTargetBackward);

static const aclTensor* BinaryCrossEntropyWithLogitsTargetBackward(
    const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target, const aclTensor* weight,
    const aclTensor* posWeight, int64_t reduction, const aclTensor* out, aclOpExecutor* executor)
{
    L0_DFX(BinaryCrossEntropyWithLogitsTargetBackward, gradOutput, self, target, weight, posWeight, reduction,
           out);
    const auto added = ADD_TO_LAUNCHER_LIST_AICORE(BinaryCrossEntropyWithLogitsTargetBackward,
                                                   OP_INPUT(gradOutput, self, target, weight, posWeight),
                                                   OP_OUTPUT(out), OP_ATTR(reduction));
    return added == ACLNN_SUCCESS ? out : nullptr;
}

}  // namespace l0op

aclnnStatus aclnnBinaryCrossEntropyWithLogitsTargetBackwardGetWorkspaceSize(
    const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
    const aclTensor* weightOptional, const aclTensor* posWeightOptional, int64_t reduction,
    aclTensor* gradTarget, uint64_t* workspaceSize, aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnBinaryCrossEntropyWithLogitsTargetBackward,
                   DFX_IN(gradOutput, self, target, weightOptional, posWeightOptional, reduction),
                   DFX_OUT(gradTarget));
    const aclnnStatus checked = bce::CheckGradient(gradOutput, self, target, weightOptional,
                                                   posWeightOptional, reduction, gradTarget);
    CHECK_RET(checked == ACLNN_SUCCESS, checked);

    auto uniqueExecutor = CREATE_EXECUTOR();
    CHECK_RET(uniqueExecutor.get() != nullptr, ACLNN_ERR_INNER_CREATE_EXECUTOR);
    const aclnnStatus prepared =
        bce::PrepareGradient(l0op::BinaryCrossEntropyWithLogitsTargetBackward, bce::Dtypes::kEveryPair,
                             bce::GradientOf::kTarget, gradOutput, self, target, weightOptional,
                             posWeightOptional, reduction, gradTarget, uniqueExecutor.get());
    CHECK_RET(prepared == ACLNN_SUCCESS, prepared);
    *workspaceSize = uniqueExecutor->GetWorkspaceSize();
    uniqueExecutor.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnBinaryCrossEntropyWithLogitsTargetBackward(void* workspace, uint64_t workspaceSize,
                                                            aclOpExecutor* executor, aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnBinaryCrossEntropyWithLogitsTargetBackward);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}
