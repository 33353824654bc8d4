// SPDX-License-Identifier: Apache-2.0
#include "aclnn_binary_cross_entropy.h"

#include "binary_cross_entropy_op_api.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_def.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

namespace l0op {

OP_TYPE_REGISTER(BinaryCrossEntropyLoss);

static const aclTensor* BinaryCrossEntropyLoss(const aclTensor* self, const aclTensor* target,
                                               const aclTensor* weight, const aclTensor*, int64_t reduction,
                                               const aclTensor* out, aclOpExecutor* executor)
{
    L0_DFX(BinaryCrossEntropyLoss, self, target, weight, reduction, out);
    const auto added = ADD_TO_LAUNCHER_LIST_AICORE(BinaryCrossEntropyLoss, OP_INPUT(self, target, weight),
                                                   OP_OUTPUT(out), OP_ATTR(reduction));
    return added == ACLNN_SUCCESS ? out : nullptr;
}

}  // namespace l0op

aclnnStatus aclnnBinaryCrossEntropyGetWorkspaceSize(const aclTensor* self, const aclTensor* target,
                                                    const aclTensor* weight, int64_t reduction,
                                                    aclTensor* out, uint64_t* workspaceSize,
                                                    aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnBinaryCrossEntropy, DFX_IN(self, target, weight, reduction), DFX_OUT(out));
    const aclnnStatus checked = bce::CheckLoss(self, target, weight, nullptr, reduction, out);
    CHECK_RET(checked == ACLNN_SUCCESS, checked);

    auto uniqueExecutor = CREATE_EXECUTOR();
    CHECK_RET(uniqueExecutor.get() != nullptr, ACLNN_ERR_INNER_CREATE_EXECUTOR);
    const aclnnStatus prepared =
        bce::PrepareLoss(l0op::BinaryCrossEntropyLoss, bce::Dtypes::kEqual, self, target, weight, nullptr,
                         reduction, out, uniqueExecutor.get());
    CHECK_RET(prepared == ACLNN_SUCCESS, prepared);
    *workspaceSize = uniqueExecutor->GetWorkspaceSize();
    uniqueExecutor.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnBinaryCrossEntropy(void* workspace, uint64_t workspaceSize, aclOpExecutor* executor,
                                    aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnBinaryCrossEntropy);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}
