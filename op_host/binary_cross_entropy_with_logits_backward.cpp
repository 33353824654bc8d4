// SPDX-License-Identifier: Apache-2.0
// The definition of BinaryCrossEntropyWithLogitsBackward.
#include "binary_cross_entropy_definition.h"

namespace ops {

class BinaryCrossEntropyWithLogitsBackward : public GradientDef {
public:
    explicit BinaryCrossEntropyWithLogitsBackward(const char* name)
        : GradientDef(name, Of::kLogits, For::kSelf)
    {
    }
};
OP_ADD(BinaryCrossEntropyWithLogitsBackward);

}  // namespace ops
