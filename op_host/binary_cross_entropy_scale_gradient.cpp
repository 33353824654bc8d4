// SPDX-License-Identifier: Apache-2.0
// The definition of BinaryCrossEntropyScaleGradient.
#include "binary_cross_entropy_definition.h"

namespace ops {

class BinaryCrossEntropyScaleGradient : public ScaleGradientDef {
public:
    explicit BinaryCrossEntropyScaleGradient(const char* name) : ScaleGradientDef(name) {}
};
OP_ADD(BinaryCrossEntropyScaleGradient);

}  // namespace ops
