// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "core.h"

namespace ascend_sim {

// Every AscendC call that touches memory ends here.
//
// `operands` is a callable that returns std::vector<Operand>; only the checked build calls it. `execute` does
// the work; in the checked build it may run after this returns (unless `pipe` is kScalar), so it captures by
// value.
template <class Operands, class Execute>
inline void Issue([[maybe_unused]] Pipe pipe, [[maybe_unused]] const char* name, [[maybe_unused]] Where where,
                  [[maybe_unused]] Operands&& operands, Execute&& execute)
{
    if constexpr (kChecked) {
        CurrentCore().Issue(Instruction{pipe, name, where, operands(), std::forward<Execute>(execute)});
    } else {
        RunPending(CurrentBlock());
        execute();
    }
}

}  // namespace ascend_sim
