// SPDX-License-Identifier: Apache-2.0
// The definition of BinaryCrossEntropyLossTargetBackward.
#include "binary_cross_entropy_definition.h"

namespace ops {

class BinaryCrossEntropyLossTargetBackward : public GradientDef {
public:
    explicit BinaryCrossEntropyLossTargetBackward(const char* name)
        : GradientDef(name, Of::kProbabilities, For::kTarget)
    {
    }
};
OP_ADD(BinaryCrossEntropyLossTargetBackward);

}  // namespace ops
