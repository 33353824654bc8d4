// SPDX-License-Identifier: Apache-2.0
#include "aclnn_binary_cross_entropy_target_backward.h"

#include "binary_cross_entropy_op_api.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_def.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

namespace l0op {

OP_TYPE_REGISTER(BinaryCrossEntropyLossTargetBackward);

static const aclTensor* BinaryCrossEntropyLossTargetBackward(const aclTensor* gradOutput,
                                                             const aclTensor* self, const aclTensor* target,
                                                             const aclTensor* weight, const aclTensor*,
                                                             int64_t reduction, const aclTensor* out,
                                                             aclOpExecutor* executor)
{
    L0_DFX(BinaryCrossEntropyLossTargetBackward, gradOutput, self, target, weight, reduction, out);
    const auto added = ADD_TO_LAUNCHER_LIST_AICORE(BinaryCrossEntropyLossTargetBackward,
                                                   OP_INPUT(gradOutput, self, target, weight), OP_OUTPUT(out),
                                                   OP_ATTR(reduction));
    return added == ACLNN_SUCCESS ? out : nullptr;
}

}  // namespace l0op

aclnnStatus aclnnBinaryCrossEntropyTargetBackwardGetWorkspaceSize(
    const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
    const aclTensor* weightOptional, int64_t reduction, aclTensor* gradTarget, uint64_t* workspaceSize,
    aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnBinaryCrossEntropyTargetBackward,
                   DFX_IN(gradOutput, self, target, weightOptional, reduction), DFX_OUT(gradTarget));
    const aclnnStatus checked =
        bce::CheckGradient(gradOutput, self, target, weightOptional, nullptr, reduction, gradTarget);
    CHECK_RET(checked == ACLNN_SUCCESS, checked);

    auto uniqueExecutor = CREATE_EXECUTOR();
    CHECK_RET(uniqueExecutor.get() != nullptr, ACLNN_ERR_INNER_CREATE_EXECUTOR);
    const aclnnStatus prepared = bce::PrepareGradient(
        l0op::BinaryCrossEntropyLossTargetBackward, bce::Dtypes::kEqual, bce::GradientOf::kTarget, gradOutput,
        self, target, weightOptional, nullptr, reduction, gradTarget, uniqueExecutor.get());
    CHECK_RET(prepared == ACLNN_SUCCESS, prepared);
    *workspaceSize = uniqueExecutor->GetWorkspaceSize();
    uniqueExecutor.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnBinaryCrossEntropyTargetBackward(void* workspace, uint64_t workspaceSize,
                                                  aclOpExecutor* executor, aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnBinaryCrossEntropyTargetBackward);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}
