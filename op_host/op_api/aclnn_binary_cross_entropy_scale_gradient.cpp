// SPDX-License-Identifier: Apache-2.0
#include "aclnn_binary_cross_entropy_scale_gradient.h"

#include "binary_cross_entropy_op_api.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_def.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

namespace l0op {

OP_TYPE_REGISTER(BinaryCrossEntropyScaleGradient);

static const aclTensor* BinaryCrossEntropyScaleGradient(const aclTensor* gradient,
                                                        const aclTensor* gradOutput, aclOpExecutor* executor)
{
    L0_DFX(BinaryCrossEntropyScaleGradient, gradient, gradOutput);
    const auto added = ADD_TO_LAUNCHER_LIST_AICORE(BinaryCrossEntropyScaleGradient,
                                                   OP_INPUT(gradient, gradOutput), OP_OUTPUT(gradient));
    return added == ACLNN_SUCCESS ? gradient : nullptr;
}

}  // namespace l0op

aclnnStatus aclnnBinaryCrossEntropyScaleGradientGetWorkspaceSize(const aclTensor* gradOutput,
                                                                 aclTensor* gradient, uint64_t* workspaceSize,
                                                                 aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnBinaryCrossEntropyScaleGradient, DFX_IN(gradOutput, gradient), DFX_OUT(gradient));
    const aclnnStatus checked = bce::CheckScale(gradOutput, gradient);
    CHECK_RET(checked == ACLNN_SUCCESS, checked);

    auto uniqueExecutor = CREATE_EXECUTOR();
    CHECK_RET(uniqueExecutor.get() != nullptr, ACLNN_ERR_INNER_CREATE_EXECUTOR);
    const aclnnStatus prepared =
        bce::PrepareScale(l0op::BinaryCrossEntropyScaleGradient, gradOutput, gradient, uniqueExecutor.get());
    CHECK_RET(prepared == ACLNN_SUCCESS, prepared);
    *workspaceSize = uniqueExecutor->GetWorkspaceSize();
    uniqueExecutor.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnBinaryCrossEntropyScaleGradient(void* workspace, uint64_t workspaceSize,
                                                 aclOpExecutor* executor, aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnBinaryCrossEntropyScaleGradient);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}
