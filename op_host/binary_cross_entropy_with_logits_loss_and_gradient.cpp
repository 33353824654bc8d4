// SPDX-License-Identifier: Apache-2.0
// The definition of BinaryCrossEntropyWithLogitsLossAndGradient.
#include "binary_cross_entropy_definition.h"

namespace ops {

class BinaryCrossEntropyWithLogitsLossAndGradient : public LossAndGradientDef {
public:
    explicit BinaryCrossEntropyWithLogitsLossAndGradient(const char* name) : LossAndGradientDef(name) {}
};
OP_ADD(BinaryCrossEntropyWithLogitsLossAndGradient);

}  // namespace ops
