// SPDX-License-Identifier: Apache-2.0
// The definition of BinaryCrossEntropyLoss. (BinaryCrossEntropy is an operator of CANN's.)
#include "binary_cross_entropy_definition.h"

namespace ops {

class BinaryCrossEntropyLoss : public LossDef {
public:
    explicit BinaryCrossEntropyLoss(const char* name) : LossDef(name, Of::kProbabilities) {}
};
OP_ADD(BinaryCrossEntropyLoss);

}  // namespace ops
