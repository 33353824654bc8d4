// SPDX-License-Identifier: Apache-2.0
// Shape inference and tiling of the binary cross-entropy operators.
//
// A loss has the inputs self, target, weight and, on logits, pos_weight; a gradient has grad_output before
// them. Both have one attribute, the reduction. What scales a gradient has the inputs gradient and
// grad_output.
#pragma once

#include "exe_graph/runtime/infer_shape_context.h"
#include "exe_graph/runtime/tiling_context.h"

namespace optiling {

enum Reduction : int64_t { REDUCTION_NONE, REDUCTION_MEAN, REDUCTION_SUM };

ge::graphStatus TilingLoss(gert::TilingContext* context);
ge::graphStatus TilingLossWithLogits(gert::TilingContext* context);
ge::graphStatus TilingLossAndGradientWithLogits(gert::TilingContext* context);
ge::graphStatus TilingGradient(gert::TilingContext* context);
ge::graphStatus TilingGradientWithLogits(gert::TilingContext* context);
ge::graphStatus TilingScale(gert::TilingContext* context);

// The shape of self, or of a scalar if there is a reduction.
ge::graphStatus InferLossShape(gert::InferShapeContext* context);
// A scalar, and the shape of self.
ge::graphStatus InferLossAndGradientShape(gert::InferShapeContext* context);
// The shape of self.
ge::graphStatus InferGradientShape(gert::InferShapeContext* context);
// The shape of the gradient.
ge::graphStatus InferScaledShape(gert::InferShapeContext* context);

}  // namespace optiling
