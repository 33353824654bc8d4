// SPDX-License-Identifier: Apache-2.0
#include "binary_cross_entropy_with_logits.h"

#include "binary_cross_entropy_op_api.h"
#include "opdev/make_op_executor.h"
#include "opdev/op_def.h"
#include "opdev/op_dfx.h"
#include "opdev/op_log.h"

namespace l0op {

OP_TYPE_REGISTER(BinaryCrossEntropyWithLogits);

const aclTensor* BinaryCrossEntropyWithLogits(const aclTensor* self, const aclTensor* target,
                                              const aclTensor* weight, const aclTensor* posWeight,
                                              int64_t reduction, const aclTensor* out,
                                              aclOpExecutor* executor)
{
    L0_DFX(BinaryCrossEntropyWithLogits, self, target, weight, posWeight, reduction, out);
    if (out == nullptr) {
        const op::Shape shape = reduction == bce::REDUCTION_NONE ? self->GetViewShape() : op::Shape();
        out = executor->AllocTensor(shape, target->GetDataType(), op::Format::FORMAT_ND);
        if (out == nullptr) {
            return nullptr;
        }
    }
    const auto added =
        ADD_TO_LAUNCHER_LIST_AICORE(BinaryCrossEntropyWithLogits, OP_INPUT(self, target, weight, posWeight),
                                    OP_OUTPUT(out), OP_ATTR(reduction));
    return added == ACLNN_SUCCESS ? out : nullptr;
}

}  // namespace l0op
