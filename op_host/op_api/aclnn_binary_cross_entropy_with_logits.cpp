// SPDX-License-Identifier: Apache-2.0
#include "aclnn_binary_cross_entropy_with_logits.h"

#include "aclnn_kernels/common/op_error_check.h"
#include "aclnn_kernels/contiguous.h"
#include "binary_cross_entropy_op_api.h"
#include "binary_cross_entropy_with_logits.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

static bool CheckParameters(const aclTensor* self, const aclTensor* target, const aclTensor* weight,
                            const aclTensor* posWeight, int64_t reduction, const aclTensor* out)
{
    if (!bce::CheckTensor(self, "self") || !bce::CheckTensor(target, "target") ||
        !bce::CheckTensor(out, "out") || (weight != nullptr && !bce::CheckTensor(weight, "weight")) ||
        (posWeight != nullptr && !bce::CheckTensor(posWeight, "posWeight")) ||
        !bce::CheckReduction(reduction) || !bce::CheckSameShape(target, "target", self, "self") ||
        !bce::CheckBroadcasts(weight, "weight", self) ||
        !bce::CheckBroadcasts(posWeight, "posWeight", self) ||
        !bce::CheckDtype(out, "out", target->GetDataType(), "target")) {
        return false;
    }
    if (reduction == bce::REDUCTION_NONE) {
        return bce::CheckSameShape(out, "out", self, "self");
    }
    if (out->GetViewShape().GetShapeSize() != 1) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "out has shape %s, but a reduced loss has one element.",
                op::ToString(out->GetViewShape()).GetString());
        return false;
    }
    return true;
}

aclnnStatus aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize(const aclTensor* self, const aclTensor* target,
                                                              const aclTensor* weightOptional,
                                                              const aclTensor* posWeightOptional,
                                                              int64_t reduction, aclTensor* out,
                                                              uint64_t* workspaceSize,
                                                              aclOpExecutor** executor)
{
    OP_CHECK_COMM_INPUT(workspaceSize, executor);
    L2_DFX_PHASE_1(aclnnBinaryCrossEntropyWithLogits,
                   DFX_IN(self, target, weightOptional, posWeightOptional, reduction), DFX_OUT(out));
    OP_CHECK_NULL(self, return ACLNN_ERR_PARAM_NULLPTR);
    OP_CHECK_NULL(target, return ACLNN_ERR_PARAM_NULLPTR);
    OP_CHECK_NULL(out, return ACLNN_ERR_PARAM_NULLPTR);
    CHECK_RET(CheckParameters(self, target, weightOptional, posWeightOptional, reduction, out),
              ACLNN_ERR_PARAM_INVALID);

    auto uniqueExecutor = CREATE_EXECUTOR();
    CHECK_RET(uniqueExecutor.get() != nullptr, ACLNN_ERR_INNER_CREATE_EXECUTOR);
    aclOpExecutor* exec = uniqueExecutor.get();

    if (reduction != bce::REDUCTION_NONE || self->GetViewShape().GetShapeSize() != 0) {
        const aclTensor* logits = l0op::Contiguous(self, exec);
        const aclTensor* labels = l0op::Contiguous(target, exec);
        const aclTensor* weight = bce::Compact(weightOptional, op::DataType::DT_FLOAT, exec);
        const aclTensor* posWeight = bce::Compact(posWeightOptional, op::DataType::DT_FLOAT, exec);
        CHECK_RET(logits != nullptr && labels != nullptr, ACLNN_ERR_INNER_NULLPTR);
        CHECK_RET((weight == nullptr) == (weightOptional == nullptr), ACLNN_ERR_INNER_NULLPTR);
        CHECK_RET((posWeight == nullptr) == (posWeightOptional == nullptr), ACLNN_ERR_INNER_NULLPTR);

        const aclTensor* direct = bce::DirectOutput(out, out->GetDataType(), exec);
        const aclTensor* loss =
            l0op::BinaryCrossEntropyWithLogits(logits, labels, weight, posWeight, reduction, direct, exec);
        CHECK_RET(loss != nullptr, ACLNN_ERR_INNER_NULLPTR);
        CHECK_RET(loss == direct || bce::CopyToOutput(loss, out, exec), ACLNN_ERR_INNER_NULLPTR);
    }
    *workspaceSize = uniqueExecutor->GetWorkspaceSize();
    uniqueExecutor.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnBinaryCrossEntropyWithLogits(void* workspace, uint64_t workspaceSize,
                                              aclOpExecutor* executor, aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnBinaryCrossEntropyWithLogits);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}
