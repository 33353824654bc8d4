// SPDX-License-Identifier: Apache-2.0
#include "aclnn_binary_cross_entropy_with_logits_backward.h"

#include "aclnn_kernels/cast.h"
#include "aclnn_kernels/common/op_error_check.h"
#include "aclnn_kernels/contiguous.h"
#include "binary_cross_entropy_op_api.h"
#include "binary_cross_entropy_with_logits_backward.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

static bool CheckParameters(const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
                            const aclTensor* weight, const aclTensor* posWeight, int64_t reduction,
                            const aclTensor* out)
{
    if (!bce::CheckTensor(gradOutput, "gradOutput") || !bce::CheckTensor(self, "self") ||
        !bce::CheckTensor(target, "target") || !bce::CheckTensor(out, "out") ||
        (weight != nullptr && !bce::CheckTensor(weight, "weight")) ||
        (posWeight != nullptr && !bce::CheckTensor(posWeight, "posWeight")) ||
        !bce::CheckReduction(reduction)) {
        return false;
    }
    return bce::CheckSameShape(target, "target", self, "self") &&
           bce::CheckSameShape(out, "out", self, "self") &&
           bce::CheckBroadcasts(gradOutput, "gradOutput", self) &&
           bce::CheckBroadcasts(weight, "weight", self) && bce::CheckBroadcasts(posWeight, "posWeight", self);
}

aclnnStatus aclnnBinaryCrossEntropyWithLogitsBackwardGetWorkspaceSize(
    const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
    const aclTensor* weightOptional, const aclTensor* posWeightOptional, int64_t reduction, aclTensor* out,
    uint64_t* workspaceSize, aclOpExecutor** executor)
{
    OP_CHECK_COMM_INPUT(workspaceSize, executor);
    L2_DFX_PHASE_1(aclnnBinaryCrossEntropyWithLogitsBackward,
                   DFX_IN(gradOutput, self, target, weightOptional, posWeightOptional, reduction),
                   DFX_OUT(out));
    OP_CHECK_NULL(gradOutput, return ACLNN_ERR_PARAM_NULLPTR);
    OP_CHECK_NULL(self, return ACLNN_ERR_PARAM_NULLPTR);
    OP_CHECK_NULL(target, return ACLNN_ERR_PARAM_NULLPTR);
    OP_CHECK_NULL(out, return ACLNN_ERR_PARAM_NULLPTR);
    CHECK_RET(CheckParameters(gradOutput, self, target, weightOptional, posWeightOptional, reduction, out),
              ACLNN_ERR_PARAM_INVALID);

    auto uniqueExecutor = CREATE_EXECUTOR();
    CHECK_RET(uniqueExecutor.get() != nullptr, ACLNN_ERR_INNER_CREATE_EXECUTOR);
    aclOpExecutor* exec = uniqueExecutor.get();

    if (self->GetViewShape().GetShapeSize() != 0) {
        const aclTensor* logits = l0op::Contiguous(self, exec);
        const aclTensor* labels = l0op::Contiguous(target, exec);
        CHECK_RET(logits != nullptr && labels != nullptr, ACLNN_ERR_INNER_NULLPTR);
        const op::DataType gradDtype = gradOutput->GetDataType();
        if (gradDtype !=
            target->GetDataType()) {  // the kernels read both in one dtype: take the one that is exact
            labels = l0op::Cast(labels, op::DataType::DT_FLOAT, exec);
            CHECK_RET(labels != nullptr, ACLNN_ERR_INNER_NULLPTR);
        }
        const aclTensor* gradient = bce::Compact(gradOutput, labels->GetDataType(), exec);
        CHECK_RET(gradient != nullptr, ACLNN_ERR_INNER_NULLPTR);
        const aclTensor* weight = bce::Compact(weightOptional, op::DataType::DT_FLOAT, exec);
        const aclTensor* posWeight = bce::Compact(posWeightOptional, op::DataType::DT_FLOAT, exec);
        CHECK_RET((weight == nullptr) == (weightOptional == nullptr), ACLNN_ERR_INNER_NULLPTR);
        CHECK_RET((posWeight == nullptr) == (posWeightOptional == nullptr), ACLNN_ERR_INNER_NULLPTR);
        if (out->GetDataType() != logits->GetDataType()) {  // so that the result is rounded once
            logits = l0op::Cast(logits, op::DataType::DT_FLOAT, exec);
            CHECK_RET(logits != nullptr, ACLNN_ERR_INNER_NULLPTR);
        }

        const aclTensor* direct = bce::DirectOutput(out, logits->GetDataType(), exec);
        const aclTensor* result = l0op::BinaryCrossEntropyWithLogitsBackward(
            gradient, logits, labels, weight, posWeight, reduction, direct, exec);
        CHECK_RET(result != nullptr, ACLNN_ERR_INNER_NULLPTR);
        CHECK_RET(result == direct || bce::CopyToOutput(result, out, exec), ACLNN_ERR_INNER_NULLPTR);
    }
    *workspaceSize = uniqueExecutor->GetWorkspaceSize();
    uniqueExecutor.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

aclnnStatus aclnnBinaryCrossEntropyWithLogitsBackward(void* workspace, uint64_t workspaceSize,
                                                      aclOpExecutor* executor, aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnBinaryCrossEntropyWithLogitsBackward);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}
