// SPDX-License-Identifier: Apache-2.0
// The definition of BinaryCrossEntropyWithLogitsTargetBackward.
#include "binary_cross_entropy_definition.h"

namespace ops {

class BinaryCrossEntropyWithLogitsTargetBackward : public GradientDef {
public:
    explicit BinaryCrossEntropyWithLogitsTargetBackward(const char* name)
        : GradientDef(name, Of::kLogits, For::kTarget)
    {
    }
};
OP_ADD(BinaryCrossEntropyWithLogitsTargetBackward);

}  // namespace ops
