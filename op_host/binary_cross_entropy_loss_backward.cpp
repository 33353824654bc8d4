// SPDX-License-Identifier: Apache-2.0
// The definition of BinaryCrossEntropyLossBackward.
#include "binary_cross_entropy_definition.h"

namespace ops {

class BinaryCrossEntropyLossBackward : public GradientDef {
public:
    explicit BinaryCrossEntropyLossBackward(const char* name)
        : GradientDef(name, Of::kProbabilities, For::kSelf)
    {
    }
};
OP_ADD(BinaryCrossEntropyLossBackward);

}  // namespace ops
