// SPDX-License-Identifier: Apache-2.0
// The definition of BinaryCrossEntropyWithLogits.
#include "binary_cross_entropy_definition.h"

namespace ops {

class BinaryCrossEntropyWithLogits : public LossDef {
public:
    explicit BinaryCrossEntropyWithLogits(const char* name) : LossDef(name, Of::kLogits) {}
};
OP_ADD(BinaryCrossEntropyWithLogits);

}  // namespace ops
