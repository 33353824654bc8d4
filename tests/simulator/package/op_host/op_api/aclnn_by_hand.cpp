// SPDX-License-Identifier: Apache-2.0
// Functions written by hand in CANN's op_api style: what several launches and the copies between them come
// to.
#include "aclnn_kernels/cast.h"
#include "aclnn_kernels/common/op_error_check.h"
#include "aclnn_kernels/contiguous.h"
#include "aclnn_kernels/reshape.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_dfx.h"

namespace l0op {

OP_TYPE_REGISTER(ScaledAdd);

static const aclTensor* ScaledAdd(const aclTensor* x, const aclTensor* y, float alpha,
                                  aclOpExecutor* executor)
{
    L0_DFX(ScaledAdd, x, y, alpha);
    aclTensor* z = executor->AllocTensor(x->GetDataType(), op::Format::FORMAT_ND, op::Format::FORMAT_ND);
    OP_CHECK_INFERSHAPE(INFER_SHAPE(ScaledAdd, OP_INPUT(x, y), OP_OUTPUT(z), OP_ATTR(alpha)) != ACLNN_SUCCESS,
                        return nullptr, "shape inference failed.");
    const aclnnStatus status =
        ADD_TO_LAUNCHER_LIST_AICORE(ScaledAdd, OP_INPUT(x, y), OP_OUTPUT(z), OP_ATTR(alpha));
    OP_CHECK_ADD_TO_LAUNCHER_LIST_AICORE(status != ACLNN_SUCCESS, return nullptr, "launch failed.");
    return z;
}

OP_TYPE_REGISTER(NotThere);

static aclnnStatus NotThere(const aclTensor* x, const aclTensor* out, aclOpExecutor* executor)
{
    L0_DFX(NotThere, x, out);
    return ADD_TO_LAUNCHER_LIST_AICORE(NotThere, OP_INPUT(x), OP_OUTPUT(out));
}

}  // namespace l0op

#define EXPORTED extern "C" __attribute__((visibility("default")))

// out = 3 (2 x + y) + y
EXPORTED aclnnStatus aclnnAddTwiceGetWorkspaceSize(const aclTensor* x, const aclTensor* y,
                                                   const aclTensor* out, uint64_t* workspaceSize,
                                                   aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnAddTwice, DFX_IN(x, y), DFX_OUT(out));
    OP_CHECK_NULL(x, return ACLNN_ERR_PARAM_NULLPTR);
    OP_CHECK_SHAPE_NOT_EQUAL(x, out, return ACLNN_ERR_PARAM_INVALID);
    auto unique = CREATE_EXECUTOR();
    const aclTensor* xIn = l0op::Contiguous(x, unique.get());
    const aclTensor* yIn = l0op::Contiguous(y, unique.get());
    const aclTensor* once = l0op::ScaledAdd(xIn, yIn, 2.0f, unique.get());
    CHECK_RET(once != nullptr, ACLNN_ERR_INNER_NULLPTR);
    const aclTensor* twice = l0op::ScaledAdd(once, yIn, 3.0f, unique.get());
    CHECK_RET(twice != nullptr, ACLNN_ERR_INNER_NULLPTR);
    CHECK_RET(l0op::ViewCopy(twice, out, unique.get()) != nullptr, ACLNN_ERR_INNER_NULLPTR);
    *workspaceSize = unique->GetWorkspaceSize();
    unique.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

EXPORTED aclnnStatus aclnnAddTwice(void* workspace, uint64_t workspaceSize, aclOpExecutor* executor,
                                   aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnAddTwice);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}

// out = self, in the type, the shape and the strides of out
EXPORTED aclnnStatus aclnnConvertGetWorkspaceSize(const aclTensor* self, const aclTensor* out,
                                                  uint64_t* workspaceSize, aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnConvert, DFX_IN(self), DFX_OUT(out));
    auto unique = CREATE_EXECUTOR();
    const aclTensor* converted = l0op::Cast(self, out->GetDataType(), unique.get());
    CHECK_RET(converted != nullptr, ACLNN_ERR_INNER_NULLPTR);
    const aclTensor* shaped = l0op::Reshape(converted, out->GetViewShape(), unique.get());
    CHECK_RET(shaped != nullptr, ACLNN_ERR_PARAM_INVALID);
    CHECK_RET(l0op::ViewCopy(shaped, out, unique.get()) != nullptr, ACLNN_ERR_INNER_NULLPTR);
    *workspaceSize = unique->GetWorkspaceSize();
    unique.ReleaseTo(executor);
    return ACLNN_SUCCESS;
}

EXPORTED aclnnStatus aclnnConvert(void* workspace, uint64_t workspaceSize, aclOpExecutor* executor,
                                  aclrtStream stream)
{
    L2_DFX_PHASE_2(aclnnConvert);
    return CommonOpExecutorRun(workspace, workspaceSize, executor, stream);
}

// Launches an operator that no package has.
EXPORTED aclnnStatus aclnnNotThereGetWorkspaceSize(const aclTensor* x, const aclTensor* out,
                                                   uint64_t* workspaceSize, aclOpExecutor** executor)
{
    L2_DFX_PHASE_1(aclnnNotThere, DFX_IN(x), DFX_OUT(out));
    auto unique = CREATE_EXECUTOR();
    return l0op::NotThere(x, out, unique.get());
}
