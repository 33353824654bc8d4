// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gert {

// Ranges of unknown dimensions are a matter of graph compilation, which the simulator does not do.
class InferShapeRangeContext;

}  // namespace gert
