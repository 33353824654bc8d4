// SPDX-License-Identifier: Apache-2.0
#include "aclnn_binary_cross_entropy_backward.h"

#include "binary_cross_entropy_op_api.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_def.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

namespace l0op {

OP_TYPE_REGISTER(BinaryCrossEntropyLossBackward);

static const aclTensor* BinaryCrossEntropyLossBackward(const aclTensor* gradOutput, const aclTensor* self,
                                                       const aclTensor* target, const aclTensor* weight,
                                                       const aclTensor*, int64_t reduction,
                                                       const aclTensor* out, aclOpExecutor* executor)
{
    L0_DFX(BinaryCrossEntropyLossBackward, gradOutput, self, target, weight, reduction, out);
    const auto added = ADD_TO_LAUNCHER_LIST_AICORE(BinaryCrossEntropyLossBackward,
                                                   OP_INPUT(gradOutput, self, target, weight), OP_OUTPUT(out),
                                                   OP_ATTR(reduction));
    return added == ACLNN_SUCCESS ? out : nullptr;
}

}  // namespace l0op

aclnnStatus aclnnBinaryCrossEntropyBackwardGetWorkspaceSize(const aclTensor* gradOutput,
                                                            const aclTensor* self, const aclTensor* target,
                                                            const aclTensor* weightOptional,
                                                            int64_t reduction, aclTensor* out,
                                                            uint64_t* workspaceSize, aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnBinaryCrossEntropyBackward,
                   DFX_IN(gradOutput, self, target, weightOptional, reduction), DFX_OUT(out));
    const aclnnStatus checked =
        bce::CheckGradient(gradOutput, self, target, weightOptional, nullptr, reduction, out);
    CHECK_RET(checked == ACLNN_SUCCESS, checked);

    auto uniqueExecutor = CREATE_EXECUTOR();
    CHECK_RET(uniqueExecutor.get() != nullptr, ACLNN_ERR_INNER_CREATE_EXECUTOR);
    const aclnnStatus prepared = bce::PrepareGradient(
        l0op::BinaryCrossEntropyLossBackward, bce::Dtypes::kEqual, bce::GradientOf::kSelf, gradOutput, self,
        target, weightOptional, nullptr, reduction, out, uniqueExecutor.get());
    CHECK_RET(prepared == ACLNN_SUCCESS, prepared);
    *workspaceSize = uniqueExecutor->GetWorkspaceSize();
    uniqueExecutor.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnBinaryCrossEntropyBackward(void* workspace, uint64_t workspaceSize, aclOpExecutor* executor,
                                            aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnBinaryCrossEntropyBackward);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}
